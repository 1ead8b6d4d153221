"""Pictures one after the other, and the smallest file of one."""

from io import BytesIO

from PIL import Image


class Film:
    """An animated picture in the making."""

    def __init__(self) -> None:
        self._frames: list[Image.Image] = []
        self._milliseconds: list[int] = []

    def add(self, shot: bytes, seconds: float) -> None:
        """One picture more, which stays for so long."""
        self._frames.append(Image.open(BytesIO(shot)).convert("RGB"))
        self._milliseconds.append(int(seconds * 1000))

    def developed(self) -> bytes:
        """The file: it begins anew when it has ended."""
        file = BytesIO()
        first, *others = self._frames
        first.save(
            file,
            "WEBP",
            save_all=True,
            append_images=others,
            duration=self._milliseconds,
            loop=0,
            quality=60,
            method=6,
            minimize_size=True,
        )
        return file.getvalue()


def smaller(shot: bytes) -> bytes:
    """The same picture in 256 colours, which is all that these pages have."""
    file = BytesIO()
    image = Image.open(BytesIO(shot)).convert("RGB")
    image.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
