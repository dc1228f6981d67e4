"""Pictures made to hurt, and ordinary ones that must come through whole."""

import io
import os
import resource
import subprocess
import sys
import time

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from docs_kb import pictures
from docs_kb.pictures import Animated, Damaged, Hostile, NotAPicture, NotNow, TooLarge, make_safe, read_header

pytestmark = pytest.mark.once


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def screenshot(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Something with edges and several colours, so that a loss would show."""
    image = Image.effect_noise(size, 80).convert("RGB")
    ImageDraw.Draw(image).rectangle((10, 10, 100, 60), fill="teal", outline="white")
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
    return image.convert(mode)


# --- Ordinary pictures ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_png_loses_nothing(mode):
    image = screenshot(mode)
    made = make_safe(encoded(image, "PNG"), content_type="image/png")
    assert made.content_type == "image/png"
    assert opened(made.data).mode == mode
    assert opened(made.data).tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_loses_nothing(mode):
    image = opened(encoded(screenshot(mode), "WEBP", lossless=True, exact=True))
    made = make_safe(encoded(image, "WEBP", lossless=True, exact=True), content_type="image/webp")
    kept = opened(made.data)
    assert kept.format == "WEBP"
    visible = Image.new("RGBA", image.size)
    assert Image.alpha_composite(visible, kept.convert("RGBA")) == Image.alpha_composite(
        visible, image.convert("RGBA")
    )


def test_jpeg_stays_a_jpeg():
    made = make_safe(encoded(screenshot(), "JPEG", quality=95), content_type="image/jpeg")
    assert opened(made.data).format == "JPEG"
    assert (made.width, made.height) == (300, 200)


def test_gif_becomes_a_png():
    data = encoded(screenshot().quantize(), "GIF")
    made = make_safe(data, content_type="image/gif")
    assert made.content_type == "image/png"
    assert opened(made.data).convert("RGB").tobytes() == opened(data).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("image", "options", "mode"),
    [
        (screenshot().quantize(16), {}, "RGB"),
        (screenshot().quantize(16), {"transparency": 3}, "RGBA"),
        (screenshot("1"), {}, "L"),
        (Image.new("I;16", (30, 20), 40_000), {}, "L"),
        (screenshot(), {"transparency": (255, 255, 255)}, "RGBA"),
    ],
)
def test_odd_png_becomes_one_that_every_browser_shows(image, options, mode):
    made = make_safe(encoded(image, "PNG", **options), content_type="image/png")
    assert opened(made.data).mode == mode


def test_16_bits_keep_their_brightness():
    made = make_safe(encoded(Image.new("I;16", (9, 9), 40_000), "PNG"), content_type="image/png")
    assert opened(made.data).getpixel((4, 4)) == 40_000 // 256


def test_cmyk_photograph_is_accepted():
    made = make_safe(encoded(screenshot("CMYK"), "JPEG"), content_type="image/jpeg")
    assert opened(made.data).mode == "RGB"


def test_orientation_is_applied_and_all_metadata_goes():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Cámara de Lucía"
    data = encoded(screenshot(size=(300, 200)), "JPEG", exif=exif, comment=b"Calle Mayor 1", dpi=(72, 72))
    made = make_safe(data, content_type="image/jpeg")
    assert (made.width, made.height) == (200, 300)
    assert not opened(made.data).getexif()
    for secret in ("Lucía".encode(), b"Calle Mayor", b"Exif"):
        assert secret not in made.data


def test_text_and_appended_data_of_a_png_go():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    data = encoded(screenshot(), "PNG", pnginfo=info) + b"<script>PK\x03\x04"
    made = make_safe(data, content_type="image/png")
    assert b"script" not in made.data
    assert made.data.endswith(b"IEND\xaeB`\x82")


def test_colours_of_another_profile_are_turned_into_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (srgb, profile, b"nonsense" * 40):
        made = make_safe(encoded(screenshot(), "PNG", icc_profile=icc), content_type="image/png")
        assert "icc_profile" not in opened(made.data).info
        assert opened(made.data).size == (300, 200)


@pytest.mark.parametrize(
    ("size", "thumbnail"), [((4000, 3000), (320, 240)), ((3000, 3), (320, 1)), ((40, 30), (40, 30))]
)
def test_thumbnail_is_small_and_never_enlarged(size, thumbnail):
    made = make_safe(encoded(Image.new("RGB", size, "teal"), "PNG"), content_type="image/png")
    small = opened(made.thumbnail)
    assert (small.format, small.size) == ("JPEG", thumbnail)


def test_thumbnail_shows_transparency_as_white():
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    made = make_safe(encoded(clear, "PNG"), content_type="image/png")
    assert opened(made.thumbnail).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "content_type", "kept_as"),
    [
        ("PNG", "image/png", "image/png"),
        ("JPEG", "image/jpeg", "image/jpeg"),
        ("WEBP", "image/webp", "image/png"),
    ],
)
def test_largest_admitted_picture_fits_into_the_limits(kind, content_type, kept_as):
    image = Image.new("RGB", (7071, 7071), "teal")
    made = make_safe(encoded(image, kind), content_type=content_type)
    assert (made.content_type, made.width) == (kept_as, 7071)


def test_camera_jpeg_with_a_preview_is_one_picture():
    data = encoded(screenshot(), "MPO", save_all=True, append_images=[screenshot(size=(30, 20))])
    assert read_header(io.BytesIO(data)).content_type == "image/jpeg"
    made = make_safe(data, content_type="image/jpeg")
    assert (made.content_type, made.width) == ("image/jpeg", 300)


# --- Hostile ones ---------------------------------------------------------------------------------


def progressive_jpeg_of_many_scans(scans: int) -> bytes:
    """Small to send and slow to decode: the last scan over and over."""
    data = encoded(Image.new("L", (3000, 3000), 128), "JPEG", progressive=True)
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last_scan * scans + b"\xff\xd9"


def test_picture_that_takes_long_to_decode_is_stopped_by_its_limit():
    data = progressive_jpeg_of_many_scans(3000)
    assert len(data) < 2_000_000
    assert read_header(io.BytesIO(data)).width == 3000
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Hostile):
        make_safe(data, content_type="image/jpeg")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime < pictures.CPU_SECONDS + 1.5


def film(kind: str, frames: int = 2) -> bytes:
    pages = [Image.new("RGB", (8, 8), (number % 2 * 255, 0, 0)) for number in range(frames)]
    return encoded(pages[0], kind, save_all=True, append_images=pages[1:], duration=20)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("frames", [2, 500])
def test_film_is_refused_before_it_is_decoded(kind, frames):
    data, began = film(kind, frames), time.monotonic()
    with pytest.raises(Animated):
        read_header(io.BytesIO(data))
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("size", [(20_000, 10), (10, 20_000), (7072, 7072), (65_000, 65_000)])
def test_header_that_claims_too_much_is_refused_unread(size):
    data = bytearray(encoded(Image.new("L", (1, 1)), "GIF"))
    data[6:10] = size[0].to_bytes(2, "little") + size[1].to_bytes(2, "little")
    with pytest.raises(TooLarge) as too_large:
        read_header(io.BytesIO(bytes(data)))
    assert (too_large.value.width, too_large.value.height) == size
    with pytest.raises(Hostile):
        make_safe(bytes(data), content_type="image/gif")


@pytest.mark.parametrize(
    "options", [{}, {"lossless": True}, {"exif": b"Exif\0\0", "icc_profile": b"x" * 200}]
)
def test_size_of_a_webp_is_read_without_the_decoder(options):
    sizes = [(1, 1), (300, 200), (16_383, 2)]
    read: list = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "_check_size", lambda *size: read.append(size))
        for size in sizes:
            pictures._check_webp_canvas(encoded(Image.new("RGB", size), "WEBP", **options)[:30])
    assert read == sizes


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"MZ\x90\x00" * 100, NotAPicture),
        (b"", NotAPicture),
        (b"\x89PNG\r\n\x1a\n", NotAPicture),
        (b"\xff\xd8\xff", Damaged),
        (b"%PDF-1.4", NotAPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAPicture),
        (encoded(Image.new("L", (2, 2)), "BMP"), NotAPicture),
        (encoded(Image.new("L", (2, 2)), "TIFF"), NotAPicture),
        (encoded(screenshot(), "PNG")[:500], Damaged),
        (encoded(screenshot(), "WEBP")[:500], Damaged),
    ],
)
def test_what_is_no_whole_picture_is_refused_by_its_header(data, error):
    with pytest.raises((NotAPicture, Damaged)) as refused:
        read_header(io.BytesIO(data))
    assert isinstance(refused.value, error) or error is Damaged
    for content_type in pictures.KEPT_AS:
        with pytest.raises(Hostile):
            make_safe(data, content_type=content_type)


def test_cut_jpeg_passes_the_header_and_not_the_decoder():
    data = encoded(screenshot(), "JPEG")
    cut = data[: len(data) // 2]
    assert read_header(io.BytesIO(cut))
    with pytest.raises(Hostile):
        make_safe(cut, content_type="image/jpeg")


def test_picture_of_another_kind_than_it_was_accepted_as_is_refused():
    with pytest.raises(Hostile):
        make_safe(encoded(screenshot(), "PNG"), content_type="image/jpeg")


def test_flipped_bits_never_break_the_caller():
    whole = encoded(screenshot(size=(40, 30)), "PNG")
    for position in range(8, len(whole), len(whole) // 12):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        try:
            make_safe(bytes(broken), content_type="image/png")
        except Hostile:
            continue


# --- The child ------------------------------------------------------------------------------------


def test_child_that_cannot_start_is_no_verdict_on_the_picture(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with pytest.raises(NotNow):
        make_safe(encoded(screenshot(), "PNG"), content_type="image/png")


def test_child_that_waits_is_given_up_without_a_verdict(monkeypatch):
    def wait(*args, **options):
        raise subprocess.TimeoutExpired(args, 30)

    monkeypatch.setattr(subprocess, "run", wait)
    with pytest.raises(NotNow):
        make_safe(encoded(screenshot(), "PNG"), content_type="image/png")


def test_child_that_is_killed_is_no_verdict_on_the_picture(monkeypatch):
    killed = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: killed)
    with pytest.raises(NotNow):
        make_safe(encoded(screenshot(), "PNG"), content_type="image/png")


def test_child_has_little_to_spend_and_no_django():
    program = (
        "import resource, runpy, sys; module = runpy.run_path(sys.argv[1]); module['_limit_ourselves']();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0],"
        " 'django' in sys.modules, __import__('os').nice(0))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", program, pictures.__file__], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [str(1024**3), "5", "False", "19"]


def test_nothing_is_left_in_the_temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    make_safe(encoded(screenshot(), "PNG"), content_type="image/png")
    with pytest.raises(Hostile):
        make_safe(b"nothing", content_type="image/png")
    assert os.listdir(tmp_path) == []
