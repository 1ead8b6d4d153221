"""What the demo's homes look like inside."""

from random import Random

from inspector_whatsapp.demo.canvas import Canvas
from inspector_whatsapp.demo.facades import Palette


def _room(die: Random, p: Palette) -> Canvas:
    c = Canvas(p.wall, p.wall)
    c.box(0, 0, 800, 46, "#ffffffc0")
    c.box(0, 430, 800, 170, die.choice(["#c39b6d", "#d8d2c6", "#b88d62"]))
    for x in range(-300, 1100, 110):
        c.line((400 + (x - 400) * 0.6, 430), (x, 600), fill="#00000014", width=2)
    c.box(0, 420, 800, 12, "#fbfaf6")
    return c


def _view(c: Canvas, x: float, y: float, w: float, h: float, curtain: str) -> None:
    """A window onto trees, with curtains."""
    c.box(x - 8, y - 8, w + 16, h + 16, "#fbfaf6")
    c.box(x, y, w, h, "#a9d2ea")
    for dx in (0.2, 0.5, 0.85):
        c.disc(x + w * dx, y + h * 0.92, w * 0.14, "#6da06a")
    c.box(x, y + h * 0.93, w, h * 0.07 + 8, "#6da06a")
    c.box(x + w / 2 - 3, y, 6, h, "#fbfaf6")
    c.box(x - 40, y - 22, w + 80, 8, "#5b4636")
    for left in (x - 34, x + w - 22):
        c.box(left, y - 16, 56, h + 70, curtain)
        for fold in (12, 28, 44):
            c.box(left + fold, y - 16, 4, h + 70, "#00000016")


def _picture(c: Canvas, x: float, y: float, p: Palette) -> None:
    c.box(x, y, 104, 80, "#3d342c")
    c.box(x + 7, y + 7, 90, 66, "#f6efe0")
    c.shape(
        (x + 7, y + 73), (x + 42, y + 30), (x + 66, y + 56), (x + 78, y + 44), (x + 97, y + 73), fill=p.accent
    )
    c.disc(x + 76, y + 26, 9, "#e8b04a")


def _plant(c: Canvas, x: float) -> None:
    for dx, dy in ((-34, -88), (-16, -122), (6, -132), (28, -112), (40, -80)):
        c.shape(
            (x - 4, 452), (x + dx - 8, 452 + dy), (x + dx + 6, 452 + dy - 8), (x + 6, 452), fill="#4c8a4c"
        )
    c.shape((x - 28, 448), (x + 28, 448), (x + 20, 506), (x - 20, 506), fill="#b4714a")


def living_room(die: Random, p: Palette) -> Canvas:
    """A sofa under a picture, a window, a rug and a plant."""
    c = _room(die, p)
    _view(c, 500, 120, 190, 210, p.shade)
    _picture(c, 150, 130, p)
    _picture(c, 276, 130, p)
    c.disc(380, 540, 300, p.roof, 46)
    c.disc(380, 538, 268, p.shade, 36)
    c.box(100, 300, 340, 120, p.accent, round=22)
    c.box(80, 350, 60, 124, p.accent, round=20)
    c.box(400, 350, 60, 124, p.accent, round=20)
    c.box(120, 392, 300, 74, p.accent, round=14)
    c.box(120, 386, 148, 34, "#ffffff2c", round=10)
    c.box(272, 386, 148, 34, "#ffffff2c", round=10)
    c.box(150, 334, 66, 60, "#f3e3c3", round=10)
    c.box(320, 334, 66, 60, p.roof, round=10)
    c.box(270, 506, 220, 14, "#6d4c33", round=4)
    c.box(286, 520, 10, 40, "#5b3d28")
    c.box(464, 520, 10, 40, "#5b3d28")
    _plant(c, 745)
    c.line((400, 0), (400, 62), fill="#3d342c", width=3)
    c.shape((366, 94), (434, 94), (416, 58), (384, 58), fill="#f0d48a")
    return c


def bedroom(die: Random, p: Palette) -> Canvas:
    """A made bed between two lamps."""
    c = _room(die, p)
    _view(c, 74, 120, 130, 190, p.shade)
    _picture(c, 400, 90, p)
    c.box(270, 220, 370, 180, p.roof, round=16)
    c.box(284, 350, 342, 160, "#fbfaf6", round=14)
    c.box(276, 410, 358, 132, p.accent, round=14)
    c.box(276, 402, 358, 30, "#ffffff50", round=8)
    for x in (310, 466):
        c.box(x, 326, 134, 58, "#ffffff", round=20)
        c.box(x + 6, 368, 122, 12, "#00000012", round=6)
    for x in (222, 664):
        c.box(x - 12, 420, 64, 74, "#6d4c33", round=4)
        c.box(x - 4, 444, 48, 3, "#00000040")
        c.box(x + 16, 370, 8, 50, "#d8c9a8")
        c.shape((x, 372), (x + 40, 372), (x + 30, 330), (x + 10, 330), fill="#f6dfa4")
    c.disc(455, 560, 300, p.shade, 26)
    return c


def kitchen(die: Random, p: Palette) -> Canvas:
    """Fitted cupboards, a cooker, a sink below the window."""
    c = _room(die, p)
    c.box(0, 230, 800, 110, "#eef1ef")
    for x in range(0, 800, 40):
        c.box(x, 230, 2, 110, "#d6dcda")
    for y in (266, 303):
        c.box(0, y, 800, 2, "#d6dcda")
    for x in (30, 138, 560, 668):
        c.box(x, 80, 102, 140, p.accent, round=3)
        c.box(x + 10, 90, 82, 120, "#ffffff1c", round=3)
        c.box(x + 84, 190, 5, 20, "#e9e3d4")
    c.box(286, 92, 228, 136, "#fbfaf6")
    c.box(294, 100, 212, 120, "#a9d2ea")
    c.disc(340, 202, 30, "#6da06a", 18)
    c.disc(456, 200, 38, "#79a975", 20)
    c.box(397, 100, 6, 120, "#fbfaf6")
    for x in range(20, 780, 127):
        c.box(x, 352, 122, 150, p.accent, round=3)
        c.box(x + 10, 366, 102, 122, "#ffffff1c", round=3)
        c.box(x + 46, 374, 30, 5, "#e9e3d4")
    c.box(10, 332, 780, 20, "#4a4f52", round=4)
    c.box(350, 326, 110, 10, "#c9d0d3", round=4)
    c.line((405, 328), (405, 290), (430, 290), (430, 304), fill="#aeb7bb", width=6)
    c.box(602, 352, 118, 150, "#d5d9db", round=3)
    c.box(614, 396, 94, 84, "#2c3236", round=5)
    for x in (622, 648, 674, 700):
        c.disc(x, 374, 6, "#4a4f52")
    c.box(600, 322, 122, 10, "#2c3236", round=3)
    c.box(640, 290, 54, 32, "#9aa3a8", round=5)
    return c
