"""Screenshots of a wanted weight."""

import io
import random

from PIL import Image


def screenshot(size: int) -> bytes:
    """A PNG of 1280 × 800 pixels and about `size` bytes: plain areas and a band of noise."""
    noise = random.Random(1)
    rows = size // (1280 * 3)
    picture = Image.new("RGB", (1280, 800), "#f4f1ea")
    band = Image.frombytes("RGB", (1280, rows), noise.randbytes(1280 * 3 * rows))
    picture.paste(band, (0, 40))
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
