"""What the demo's properties look like from the street."""

from dataclasses import dataclass
from random import Random

from inspector_whatsapp.demo.canvas import Canvas, bush, outdoors, palm


@dataclass(frozen=True)
class Palette:
    """The colours of a house."""

    wall: str
    shade: str
    roof: str
    accent: str


PALETTES = (
    Palette("#f3e9d6", "#dccfb6", "#8c4a3a", "#6d4c33"),
    Palette("#fafafa", "#dcdfe2", "#3f4a54", "#c9793b"),
    Palette("#e9d3b4", "#d0b791", "#5b4636", "#2f5d62"),
    Palette("#dfe8e6", "#c0cfcc", "#4b6b6a", "#b4552d"),
    Palette("#f2dcd0", "#dcbfae", "#7a3b32", "#51684a"),
)


def _shadow(c: Canvas, x: float, w: float) -> None:
    c.disc(x + w / 2, 474, w * 0.56, "#00000026", 15)


def _door(c: Canvas, x: float, p: Palette, *, w: float = 54, h: float = 96) -> None:
    c.box(x - 6, 470 - h - 6, w + 12, h + 6, "#f7f7f2")
    c.box(x, 470 - h, w, h, p.accent)
    c.box(x + 8, 470 - h + 10, w - 16, 30, "#ffffff30")
    c.disc(x + w - 10, 470 - h / 2, 4, "#e8c36a")


def _balcony(c: Canvas, x: float, y: float, w: float, p: Palette) -> None:
    c.box(x, y, w, 9, p.shade)
    c.box(x, y - 34, w, 5, p.accent)
    for bar in range(int(x) + 5, int(x + w), 13):
        c.box(bar, y - 32, 3, 32, p.accent)


def flats(die: Random, p: Palette) -> Canvas:
    """A block of three storeys with balconies."""
    c = outdoors(die)
    palm(c, 62, height=250)
    _shadow(c, 140, 520)
    c.box(140, 130, 520, 340, p.wall)
    c.box(362, 112, 76, 358, p.shade)
    c.box(126, 118, 548, 18, p.roof)
    for y in (160, 268, 376):
        for x in (170, 272, 478, 580):
            c.window(x, y, 56, 58)
        if y < 370:
            _balcony(c, 156, y + 84, 186, p)
            _balcony(c, 458, y + 84, 186, p)
            c.window(384, y - 10, 32, 50)
    _door(c, 370, p, w=60, h=84)
    bush(c, 200)
    bush(c, 600)
    return c


def tower(die: Random, p: Palette) -> Canvas:
    """A tall house of glass, set back at its top."""
    c = outdoors(die)
    _shadow(c, 220, 360)
    c.box(220, 90, 360, 380, p.wall)
    c.box(290, 40, 220, 56, p.shade)
    c.box(280, 32, 240, 10, p.roof)
    c.box(308, 52, 184, 36, "#55788f")
    for y in range(108, 420, 52):
        c.box(236, y, 328, 32, "#55788f")
        c.shape((236, y), (400, y), (360, y + 32), (236, y + 32), fill="#ffffff26")
        for x in range(290, 560, 55):
            c.box(x, y, 4, 32, p.wall)
    _door(c, 368, p, w=64, h=58)
    palm(c, 120, height=190)
    palm(c, 660, height=230)
    bush(c, 250)
    bush(c, 556)
    return c


def detached(die: Random, p: Palette) -> Canvas:
    """A house of two storeys that stands alone, with a porch and a hipped roof."""
    c = outdoors(die)
    palm(c, 700, height=260)
    _shadow(c, 150, 500)
    c.box(160, 190, 480, 280, p.wall)
    c.shape((130, 196), (262, 104), (538, 104), (670, 196), fill=p.roof)
    c.box(130, 192, 540, 10, "#00000030")
    c.box(330, 200, 140, 270, p.shade)
    c.shape((310, 206), (400, 140), (490, 206), fill=p.accent)
    for x in (196, 530):
        c.window(x, 226, 76, 62)
        c.window(x, 366, 76, 66)
    c.window(366, 226, 68, 66)
    _balcony(c, 318, 336, 164, p)
    c.box(326, 336, 12, 134, "#f7f7f2")
    c.box(462, 336, 12, 134, "#f7f7f2")
    _door(c, 370, p, w=60)
    bush(c, 190)
    bush(c, 250, 20)
    bush(c, 590)
    return c


def terrace(die: Random, p: Palette) -> Canvas:
    """Three houses in a row, each with its own door."""
    c = outdoors(die)
    _shadow(c, 70, 660)
    for place, left in enumerate((70, 290, 510)):
        wall = p.wall if place % 2 == 0 else p.shade
        c.box(left, 170, 220, 300, wall)
        c.box(left + 130, 150, 90, 130, p.accent)
        c.box(left - 4, 158, 228, 14, p.roof)
        c.window(left + 26, 204, 74, 64)
        c.window(left + 148, 196, 52, 56)
        c.window(left + 26, 352, 80, 70)
        _balcony(c, left + 12, 302, 104, p)
        _door(c, left + 144, p, w=50)
    for x in (60, 280, 508, 740):
        bush(c, x, 20)
    return c


def bungalow(die: Random, p: Palette) -> Canvas:
    """A low house under a wide roof."""
    c = outdoors(die)
    palm(c, 90, height=230)
    _shadow(c, 120, 560)
    c.box(130, 300, 540, 170, p.wall)
    c.box(130, 440, 540, 30, p.shade)
    c.shape((90, 306), (220, 196), (580, 196), (710, 306), fill=p.roof)
    c.shape((300, 312), (400, 222), (500, 312), fill=p.shade)
    c.disc(400, 278, 17, "#44647d")
    c.box(90, 302, 620, 8, "#00000030")
    for x in (166, 252, 514, 596):
        c.window(x, 340, 50, 66)
    for x in (318, 470):
        c.box(x, 312, 14, 158, "#f7f7f2")
    _door(c, 372, p)
    bush(c, 180)
    bush(c, 620, 30)
    return c


def land(die: Random, p: Palette) -> Canvas:
    """A fenced plot with its sign."""
    c = outdoors(die)
    c.box(0, 458, 800, 150, "#a9b56c")
    c.shape((120, 480), (680, 480), (800, 600), (0, 600), fill="#c79a66")
    for _ in range(70):
        x, y = die.uniform(20, 780), die.uniform(490, 592)
        c.line((x, y), (x - 4, y - 10), fill="#7f9a4c", width=2)
        c.line((x, y), (x + 4, y - 12), fill="#8aa653", width=2)
    c.box(0, 400, 800, 66, p.wall)
    c.box(0, 394, 800, 9, p.shade)
    for x in range(0, 800, 100):
        c.box(x - 8, 384, 16, 84, p.shade)
    palm(c, 110, height=240)
    palm(c, 640, height=200)
    c.box(352, 452, 9, 96, "#6d4c33")
    c.box(445, 452, 9, 96, "#6d4c33")
    c.box(325, 416, 156, 72, "#fdfdf8", round=5)
    c.box(325, 416, 156, 20, p.accent, round=5)
    c.box(345, 448, 116, 7, "#8d8d88")
    c.box(345, 464, 82, 7, "#b3b3ad")
    return c


def shops(die: Random, p: Palette) -> Canvas:
    """A parade of shops under awnings."""
    c = outdoors(die)
    _shadow(c, 90, 620)
    c.box(90, 200, 620, 270, p.wall)
    c.box(78, 186, 644, 18, p.roof)
    for x in (124, 272, 452, 600):
        c.window(x, 222, 76, 50)
    for place, left in enumerate((104, 306, 508)):
        c.box(left, 330, 188, 140, "#46626f")
        c.shape((left, 330), (left + 120, 330), (left + 60, 470), (left, 470), fill="#ffffff26")
        c.box(left + 120, 342, 56, 128, "#2f444e")
        c.box(left, 292, 188, 24, (p.accent, p.roof, "#51684a")[place], round=4)
        for stripe in range(8):
            x = left - 6 + stripe * 25
            c.shape(
                (x + 4, 318),
                (x + 25, 318),
                (x + 25, 350),
                (x, 350),
                fill=p.accent if stripe % 2 else "#fdfdf8",
            )
    bush(c, 60)
    bush(c, 748)
    return c


def office(die: Random, p: Palette) -> Canvas:
    """Four floors of window bands."""
    c = outdoors(die)
    _shadow(c, 130, 540)
    c.box(130, 100, 540, 370, p.wall)
    c.box(130, 100, 96, 370, p.accent)
    c.box(118, 90, 564, 14, p.roof)
    for y in (128, 208, 288):
        c.box(246, y, 404, 50, "#4a7288")
        c.shape((246, y), (470, y), (420, y + 50), (246, y + 50), fill="#ffffff28")
        for x in range(312, 640, 67):
            c.box(x, y, 5, 50, p.wall)
        c.window(156, y, 44, 50)
    c.box(246, 370, 404, 100, "#3b5a6b")
    c.box(330, 356, 236, 14, p.roof)
    _door(c, 416, p, w=64, h=92)
    palm(c, 718, height=210)
    bush(c, 160)
    return c


def warehouse(die: Random, p: Palette) -> Canvas:
    """A hall with two roller doors."""
    c = outdoors(die)
    _shadow(c, 70, 660)
    c.box(70, 250, 660, 220, p.shade)
    for x in range(80, 730, 22):
        c.box(x, 250, 3, 220, "#00000014")
    c.shape((50, 256), (400, 150), (750, 256), fill=p.roof)
    c.box(50, 250, 700, 12, p.accent)
    for left in (130, 480):
        c.box(left - 8, 308, 206, 162, "#f7f7f2")
        c.box(left, 316, 190, 154, "#8f989e")
        for y in range(328, 468, 14):
            c.box(left, y, 190, 3, "#777f85")
    _door(c, 374, p, w=50)
    c.window(372, 284, 56, 40)
    return c
