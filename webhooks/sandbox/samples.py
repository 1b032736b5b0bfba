"""Photos to send with one tap, drawn at run time so that nobody's real papers are in the demo."""

from datetime import datetime

from PIL import Image, ImageDraw

SAMPLES = {"form": "一张材料", "house": "一间房子", "road": "一条路"}
SIZE = (960, 720)
_Drawing = ImageDraw.ImageDraw


def _form(pen: _Drawing) -> None:
    pen.rectangle((0, 0, *SIZE), fill="#8a7a66")
    pen.polygon([(230, 60), (735, 40), (760, 680), (215, 690)], fill="#fbfaf5")
    pen.rectangle((330, 110, 640, 134), fill="#555")
    for row in range(9):
        top = 190 + row * 46
        pen.rectangle((285, top, 285 + 90, top + 12), fill="#9a9a9a")
        pen.rectangle((400, top, 400 + (row * 73) % 170 + 110, top + 12), fill="#6d6d6d")
        pen.line((280, top + 28, 690, top + 26), fill="#d8d4c8", width=2)
    pen.ellipse((560, 540, 680, 660), outline="#c8372d", width=6)


def _house(pen: _Drawing) -> None:
    pen.rectangle((0, 0, SIZE[0], 430), fill="#b9d3e6")
    pen.rectangle((0, 430, *SIZE), fill="#8d9a63")
    pen.rectangle((240, 300, 720, 560), fill="#d8c7a8", outline="#7d6a4c", width=4)
    pen.polygon([(200, 310), (480, 150), (760, 310)], fill="#5d5a58")
    pen.rectangle((440, 400, 520, 560), fill="#6b4a2f")
    for left in (290, 590):
        pen.rectangle((left, 370, left + 90, 450), fill="#5b7487", outline="#7d6a4c", width=5)
    pen.line([(650, 300), (630, 380), (668, 430), (640, 520)], fill="#6b5a44", width=4)


def _road(pen: _Drawing) -> None:
    pen.rectangle((0, 0, SIZE[0], 300), fill="#cfdbe0")
    pen.polygon([(0, 300), (260, 170), (520, 300), (760, 190), (960, 300)], fill="#7f9a86")
    pen.rectangle((0, 300, *SIZE), fill="#9aa968")
    pen.polygon([(440, 300), (520, 300), (800, 720), (120, 720)], fill="#a69c8e")
    pen.polygon([(430, 470), (560, 450), (600, 520), (500, 560), (400, 530)], fill="#6f7f88")


def draw(name: str, moment: datetime) -> Image.Image:
    """The picture called so, with the time in its corner as phones print it."""
    picture = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(picture)
    {"form": _form, "house": _house, "road": _road}[name](pen)
    pen.text((SIZE[0] - 300, SIZE[1] - 50), f"{moment:%Y-%m-%d %H:%M}", fill="white", font_size=28)
    return picture
