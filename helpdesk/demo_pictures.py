"""Draws the screenshots of the demo, so that none has to be shipped."""

import io

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 600)
BAR, DESK, PAPER, INK, FAINT, ALARM = "#e4e7ea", "#b9c3cc", "#ffffff", "#22272b", "#8a949c", "#b3261e"
ALARMING = ("error", "denied", "rejected", "timed out", "timeout", "failed", "invalid", "caduca", "full")


def draw_window(title: str, lines: list[str]) -> bytes:
    """A PNG of a window with a title bar and a few lines, the alarming ones in red. ASCII only: the
    font that Pillow carries has no accents."""
    picture = Image.new("RGB", SIZE, DESK)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((40, 40, 920, 560), radius=12, fill=PAPER)
    draw.rounded_rectangle((40, 40, 920, 92), radius=12, fill=BAR, corners=(True, True, False, False))
    for number in range(3):
        draw.ellipse((62 + 28 * number, 59, 76 + 28 * number, 73), fill=FAINT)
    draw.text((160, 56), title, font=ImageFont.load_default(18), fill=INK)
    for number, line in enumerate(lines):
        is_alarm = any(word in line.lower() for word in ALARMING)
        font = ImageFont.load_default(30 if number == 0 else 21)
        draw.text((84, 130 + 62 * number), line, font=font, fill=ALARM if is_alarm else INK)
    for number in range(len(lines), 6):
        width = 700 - 90 * (number % 3)
        draw.rounded_rectangle((84, 138 + 62 * number, 84 + width, 152 + 62 * number), radius=7, fill=BAR)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
