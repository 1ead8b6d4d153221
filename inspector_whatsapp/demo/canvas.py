"""A sheet to draw the demo's pictures on: twice as large as the photo, so that its edges come out smooth."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageOps

Colour = str | tuple[int, int, int]
WIDTH, HEIGHT = 800, 600
_SCALE = 2


class Canvas:
    """Draws in the photo's own pixels, from the top left corner."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        gradient = Image.linear_gradient("L").resize((WIDTH * _SCALE, HEIGHT * _SCALE))
        self.image = ImageOps.colorize(gradient, black=_rgb(top), white=_rgb(bottom))
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def box(self, x: float, y: float, w: float, h: float, fill: Colour, *, round: float = 0) -> None:
        area = [_SCALE * value for value in (x, y, x + w, y + h)]
        self._draw.rounded_rectangle(area, _SCALE * round, fill=fill)

    def shape(self, *points: tuple[float, float], fill: Colour) -> None:
        self._draw.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=fill)

    def disc(self, x: float, y: float, rx: float, fill: Colour, ry: float | None = None) -> None:
        ry = rx if ry is None else ry
        self._draw.ellipse([_SCALE * value for value in (x - rx, y - ry, x + rx, y + ry)], fill=fill)

    def line(self, *points: tuple[float, float], fill: Colour, width: float) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=fill, width=round(width * _SCALE), joint="curve")

    def window(self, x: float, y: float, w: float, h: float, frame: Colour = "#f7f7f2") -> None:
        """A window with its frame, a bar, a sill, and the sky in it."""
        self.box(x - 4, y - 4, w + 8, h + 8, frame)
        self.box(x, y, w, h, "#44647d")
        self.shape((x, y), (x + w * 0.62, y), (x, y + h * 0.85), fill="#ffffff38")
        self.box(x + w / 2 - 1.5, y, 3, h, frame)
        self.box(x - 8, y + h + 4, w + 16, 5, "#00000030")

    def jpeg(self) -> bytes:
        """The photo."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        data = BytesIO()
        small.save(data, "JPEG", quality=86, optimize=True)
        return data.getvalue()


def outdoors(die: Random) -> Canvas:
    """Sky, clouds, trees far off, grass and a paved drive: the ground is at 470."""
    top, bottom = die.choice(
        [("#5ea9dd", "#e8f4fb"), ("#7db7e0", "#fdf1dc"), ("#4f97cf", "#d9ecf7"), ("#8fb4d8", "#ffe3c4")]
    )
    canvas = Canvas(top, bottom)
    for _ in range(3):
        x, y = die.uniform(60, 740), die.uniform(50, 150)
        for dx, size in ((-42, 22), (-12, 32), (24, 26), (52, 17)):
            canvas.disc(x + dx, y - size / 3, size * 1.25, "#ffffffb4", size * 0.7)
    for x in range(-20, 830, 45):
        canvas.disc(x, 455, die.uniform(38, 66), die.choice(["#7fa779", "#8fb487", "#739d70"]))
    canvas.box(0, 458, WIDTH, 150, die.choice(["#86b267", "#7daa5d", "#93b56c"]))
    canvas.shape((300, 470), (500, 470), (640, 600), (160, 600), fill="#cfc8bd")
    for y in (492, 522, 560):
        spread = (y - 470) * 1.08
        canvas.line((300 - spread, y), (500 + spread, y), fill="#bdb5a8", width=2)
    return canvas


def palm(canvas: Canvas, x: float, *, height: float = 210) -> None:
    """A palm tree that stands at `x`."""
    top = 500 - height
    canvas.line((x, 505), (x + 5, 505 - height / 2), (x + 14, top), fill="#8a6a4a", width=11)
    for dx, dy, drop in (
        (-78, 8, 46),
        (-58, -34, 18),
        (-10, -52, -8),
        (44, -40, 10),
        (80, 2, 44),
        (50, 34, 62),
    ):
        tip = (x + 14 + dx, top + drop)
        middle = (x + 14 + dx * 0.55, top + dy)
        canvas.shape((x + 14, top), middle, tip, (middle[0], middle[1] + 15), fill="#3f7d46")
    canvas.disc(x + 14, top + 2, 9, "#6b4f33")


def bush(canvas: Canvas, x: float, size: float = 26) -> None:
    """A round bush at `x`."""
    canvas.disc(x, 492, size * 1.5, "#00000022", size * 0.35)
    canvas.disc(x - size * 0.6, 480, size * 0.8, "#4c8a4c")
    canvas.disc(x + size * 0.6, 480, size * 0.8, "#478247")
    canvas.disc(x, 470, size, "#5a9a58")


def _rgb(colour: Colour) -> tuple[int, int, int]:
    if isinstance(colour, tuple):
        return colour
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
