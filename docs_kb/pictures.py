"""Any picture -> a safe picture and its thumbnail, decoded in a child process with little to spend.

`read_header` is cheap enough for a request: format, dimensions, frames, integrity. `make_safe` decodes,
turns the picture upright, drops everything that is not pixels and encodes it anew; a hostile file can
cost the child its limits and nothing else. This file is the child too: it is run as a script, without
Django.
"""

import io
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import GifImagePlugin, Image, ImageCms, ImageOps, UnidentifiedImageError, WebPImagePlugin

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# What each type is kept as; a still GIF becomes a PNG.
KEPT_AS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "PNG"}
MAX_SIDE = 16_384
MAX_PIXELS = 50_000_000
# From here on, encoding is chosen for its speed.
LARGE_PIXELS = 16_000_000
THUMBNAIL_SIDE = 320
THUMBNAIL_TYPE = "image/jpeg"
JPEG_QUALITY = 90
MEMORY = 1024**3
CPU_SECONDS = 5
# The wall clock only stops a child that waits; work is bounded by CPU time.
PATIENCE_SECONDS = 40
LARGEST_RESULT = 128 * 1024**2
REFUSED = 3

# `read_header` and the child look at the dimensions themselves, before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None
# Registered here, so that `open` need not load the decoders of every other format to find these two.
PLUGINS = (GifImagePlugin, WebPImagePlugin)


class NotAPicture(Exception):
    """None of the formats that we take."""


class Damaged(Exception):
    """One of our formats, but its content is broken."""


class Animated(Exception):
    """More than one frame."""


class TooLarge(Exception):
    """More pixels than we decode; `width` and `height` as the header says."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width} × {height}")
        self.width = width
        self.height = height


class Hostile(Exception):
    """The picture cannot be decoded within the limits: it is damaged, or made to hurt."""


class NotNow(Exception):
    """The child could not do its work for a reason that is not the picture's."""


@dataclass(frozen=True)
class Header:
    """What the first bytes of a picture say about it."""

    content_type: str
    width: int
    height: int


@dataclass(frozen=True)
class SafePicture:
    """A picture that we encoded ourselves, and its thumbnail (`THUMBNAIL_TYPE`)."""

    data: bytes
    thumbnail: bytes
    content_type: str
    width: int
    height: int


def read_header(file: IO[bytes]) -> Header:
    """Format and size of a picture, without decoding it; also checks what can be checked that way.

    A camera's JPEG may carry a preview as a second picture: that is no animation. Raises NotAPicture,
    TooLarge, Animated or Damaged.
    """
    file.seek(0)
    _check_webp_canvas(file.read(30))
    image = _open(file)
    _check_size(*image.size)
    header = Header(_content_type(image), *image.size)
    try:
        is_animated = image.format != "MPO" and getattr(image, "is_animated", False)
        image.verify()
    except Exception as error:  # decoders raise whatever a hostile file makes them raise
        raise Damaged(str(error)) from error
    if is_animated:
        raise Animated
    return header


def make_safe(data: bytes, *, content_type: str, scratch: Path | None = None) -> SafePicture:
    """Encode a picture anew from its pixels: upright, without metadata, in its own format.

    PNG and WebP lose nothing (a WebP of more than 16 megapixels becomes a PNG), JPEG is saved at quality
    90. Runs at low priority in a child process with 1 GB of memory and 5 seconds of CPU time. The original
    lies in a folder in `scratch` meanwhile, which a process that is killed leaves behind.
    Raises Hostile, or NotNow when another try may do.
    """
    with tempfile.TemporaryDirectory(prefix="picture-", dir=scratch) as folder:
        Path(folder, "source").write_bytes(data)
        command = [sys.executable, "-I", __file__, folder, content_type]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS, cwd=folder
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise NotNow(str(error)) from error
        if done.returncode in (REFUSED, -signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGSEGV, -signal.SIGABRT):
            raise Hostile(_last_line(done.stderr) or signal.Signals(-done.returncode).name)
        if done.returncode:
            raise NotNow(f"child ended with {done.returncode}: {_last_line(done.stderr)}")
        return SafePicture(
            data=Path(folder, "safe").read_bytes(),
            thumbnail=Path(folder, "thumbnail").read_bytes(),
            **json.loads(done.stdout),
        )


def _open(file: IO[bytes]) -> Image.Image:
    file.seek(0)
    try:
        return Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise NotAPicture from error
    except Exception as error:
        raise Damaged(str(error)) from error


def _content_type(image: Image.Image) -> str:
    return "image/jpeg" if image.format == "MPO" else Image.MIME[image.format]


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise TooLarge(width, height)


def _check_webp_canvas(head: bytes) -> None:
    """Refuse a large WebP before Pillow opens it: opening alone reserves memory for two whole canvases.

    Layout of the three kinds: RFC 9649, sections 2.5 to 2.7.
    """
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return
    if head[12:16] == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
    elif head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", head, 26))
    _check_size(width, height)


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else ""


# --- The child ----------------------------------------------------------------------------------


def _limit_ourselves() -> None:
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))


def _remake(folder: Path, content_type: str) -> dict:
    with (folder / "source").open("rb") as file:
        _check_webp_canvas(file.read(30))
        image = _open(file)
        _check_size(*image.size)
        if _content_type(image) != content_type:
            raise Damaged("not the format it was accepted as")
        pixels = _upright_pixels(image)
    is_large = pixels.width * pixels.height > LARGE_PIXELS
    # A large WebP without loss needs more memory than the child has; PNG keeps as much.
    kept_as = "PNG" if is_large and content_type == "image/webp" else KEPT_AS[content_type]
    with (folder / "safe").open("wb") as safe:
        if kept_as == "JPEG":
            pixels.save(safe, "JPEG", quality=JPEG_QUALITY)
        elif kept_as == "WEBP":
            pixels.save(safe, "WEBP", lossless=True, method=0, quality=20)
        else:
            pixels.save(safe, "PNG", compress_level=1 if is_large else 6)
    _thumbnail(pixels).save(folder / "thumbnail", "JPEG", quality=80)
    return {"content_type": Image.MIME[kept_as], "width": pixels.width, "height": pixels.height}


def _upright_pixels(image: Image.Image) -> Image.Image:
    """Nothing but the first frame's pixels, in sRGB, the right way up, in a mode every browser shows."""
    profile = image.info.get("icc_profile")
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    image = _plain_mode(image)
    image = _in_srgb(image, profile)
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    return fresh


def _plain_mode(image: Image.Image) -> Image.Image:
    """Palettes and exotic modes as L, LA, RGB or RGBA; 16 bits as 8."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    has_alpha = "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa")
    if image.mode in ("1", "L", "LA") and "transparency" not in image.info:
        return image.convert("L") if image.mode == "1" else image
    wanted = "RGBA" if has_alpha else "RGB"
    return image if image.mode == wanted and "transparency" not in image.info else image.convert(wanted)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as they were meant; a profile that cannot be read is left out, as browsers do."""
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _thumbnail(pixels: Image.Image) -> Image.Image:
    """At most 320 px a side, on white."""
    scale = min(1, THUMBNAIL_SIDE / max(pixels.size))
    size = tuple(max(1, round(side * scale)) for side in pixels.size)
    small = pixels.resize(size, Image.Resampling.BICUBIC, reducing_gap=2).convert("RGBA")
    white = Image.new("RGBA", size, "white")
    return Image.alpha_composite(white, small).convert("RGB")


def main(folder: str, content_type: str) -> int:
    _limit_ourselves()
    try:
        result = _remake(Path(folder), content_type)
    except Exception as error:  # whatever a decoder makes of hostile bytes ends this child alone
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return REFUSED
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
