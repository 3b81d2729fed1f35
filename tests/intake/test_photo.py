"""Bytes to upright photo: every format, every orientation, every broken or hostile file."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import warnings
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile, JpegImagePlugin

from greenpack.intake.limits import Limits
from greenpack.intake.photo import Photo, decode_photo
from greenpack.reasons import GreenPackError

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
TIME_ORIGINAL, OFFSET_ORIGINAL, FOCAL_35 = 0x9003, 0x9011, 0xA405
# How a camera that is held wrongly stores the upright picture: the inverse of what EXIF asks for.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
Encoder = Callable[..., bytes]


def decode(data: bytes, limits: Limits | None = None, longest_side: int = 2000) -> Photo:
    return decode_photo(
        "a.jpg",
        data,
        limits=limits or Limits(),
        camera_timezone=SHANGHAI,
        longest_side=longest_side,
    )


def reason(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(GreenPackError) as caught:
        decode(data, limits)
    return caught.value.code


def exif_with(**tags: object) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = tags.get("orientation", 1)
    details = exif.get_ifd(EXIF_IFD)
    for key, tag in (("time", TIME_ORIGINAL), ("offset", OFFSET_ORIGINAL), ("focal", FOCAL_35)):
        if key in tags:
            details[tag] = tags[key]
    return exif


def corners(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Mean colour well inside each quadrant, rows first."""
    h, w = pixels.shape[:2]
    boxes = [(y, x) for y in (h // 8, h * 5 // 8) for x in (w // 8, w * 5 // 8)]
    means = [pixels[y : y + h // 4, x : x + w // 4].mean(axis=(0, 1)) for y, x in boxes]
    return np.round(means).astype(np.int64)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_png_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    return png[:33] + png_chunk(kind, body) + png[33:]  # signature and IHDR take 33 bytes


def test_facts_of_a_photo(jpeg: bytes) -> None:
    photo = decode(jpeg)
    assert (photo.name, photo.size_bytes) == ("a.jpg", len(jpeg))
    assert photo.sha256 == hashlib.sha256(jpeg).hexdigest()
    assert (photo.width, photo.height, photo.scale) == (400, 300, 1.0)
    assert photo.pixels.shape == (300, 400, 3)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.flags.c_contiguous
    assert (photo.taken_at, photo.focal_ratio) == (None, None)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("TIFF", "image/tiff"),
        ("HEIF", "image/heic"),
        ("MPO", "image/jpeg"),
    ],
)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_in_every_format_is_upright(
    scene: Image.Image, as_file: Encoder, kind: str, media_type: str, orientation: int
) -> None:
    stored = scene.transpose(STORED_AS[orientation]) if orientation > 1 else scene
    photo = decode(as_file(stored, kind, exif=exif_with(orientation=orientation)))
    assert (photo.width, photo.height) == (400, 300)
    assert photo.media_type == media_type
    assert np.abs(corners(photo.pixels) - corners(np.asarray(scene))).max() <= 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_together_with_reduced_decoding(
    as_file: Encoder, scene: Image.Image, orientation: int
) -> None:
    large = scene.resize((1600, 1201))
    stored = large.transpose(STORED_AS[orientation]) if orientation > 1 else large
    photo = decode(as_file(stored, exif=exif_with(orientation=orientation)), longest_side=400)
    assert (photo.width, photo.height) == (1600, 1201)
    assert photo.pixels.shape[1] == 400
    assert photo.scale == 0.25
    assert np.abs(corners(photo.pixels) - corners(np.asarray(scene))).max() <= 6


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_orientation_that_makes_no_sense_is_none(
    jpeg: bytes, as_file: Encoder, scene: Image.Image, orientation: int
) -> None:
    photo = decode(as_file(scene, exif=exif_with(orientation=orientation)))
    assert (photo.width, photo.height) == (400, 300)


def test_heif_turns_by_its_own_transformation_and_not_by_exif(scene: Image.Image) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    scene.save(buffer, "HEIF", exif=exif_with(orientation=6))  # EXIF says so, the file does not
    photo = decode(buffer.getvalue())
    assert (photo.width, photo.height) == (400, 300)
    assert np.abs(corners(photo.pixels) - corners(np.asarray(scene))).max() <= 6


def test_small_pictures_are_never_enlarged(jpeg: bytes) -> None:
    assert decode(jpeg, longest_side=4000).pixels.shape == (300, 400, 3)


@pytest.mark.parametrize(("side", "decoded"), [(399, 400), (377, 400), (376, 376), (160, 160)])
def test_reduced_to_about_the_longest_side(jpeg: bytes, side: int, decoded: int) -> None:
    assert max(decode(jpeg, longest_side=side).pixels.shape) == decoded


def test_fifty_megapixels_decode_in_little_memory(as_file: Encoder) -> None:
    data = as_file(Image.new("RGB", (8160, 6120), (90, 120, 150)), quality=80)
    tracemalloc.start()
    try:
        photo = decode(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (photo.width, photo.height) == (8160, 6120)
    assert photo.pixels.shape == (1530, 2040, 3)
    assert photo.scale == 0.25
    assert peak < 60e6  # the full picture takes 150 MB


def test_jpeg_decoder_is_asked_for_the_reduced_size(
    as_file: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[int, int]] = []
    load = JpegImagePlugin.JpegImageFile.load

    def spy(picture: JpegImagePlugin.JpegImageFile) -> object:
        loaded.append(picture.size)
        return load(picture)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", spy)
    decode(as_file(Image.new("RGB", (4032, 3024))))
    assert loaded[0] == (2016, 1512)


# Time and focal length


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_time_without_offset_is_the_cameras_local_time(
    scene: Image.Image, as_file: Encoder, kind: str
) -> None:
    exif = exif_with(time="2026:11:11 23:30:00", focal=26)
    photo = decode(as_file(scene, kind, exif=exif))
    assert photo.taken_at == datetime(2026, 11, 11, 15, 30, tzinfo=UTC)
    assert photo.taken_at.tzinfo is UTC
    assert photo.focal_ratio == pytest.approx(26 / 36)


@pytest.mark.parametrize(
    ("offset", "hour"),
    [("+02:00", 10), ("-05:00", 17), ("Z", 12), ("+0930", 2), ("nonsense", 4), ("+19:00", 4)],
)
def test_offset_of_the_time(scene: Image.Image, as_file: Encoder, offset: str, hour: int) -> None:
    photo = decode(as_file(scene, exif=exif_with(time="2026:11:12 12:00:00", offset=offset)))
    assert photo.taken_at is not None
    assert photo.taken_at.hour == hour


@pytest.mark.parametrize(
    "time",
    [
        "0000:00:00 00:00:00",
        "2026:02:30 10:00:00",
        "2026:11:11 25:00:00",
        "1970:01:01 00:00:00",
        "    :  :     :  :  ",
        "yesterday",
        "",
    ],
)
def test_impossible_time_is_none(scene: Image.Image, as_file: Encoder, time: str) -> None:
    assert decode(as_file(scene, exif=exif_with(time=time))).taken_at is None


def test_last_moment_of_the_calendar_does_not_overflow(
    scene: Image.Image, as_file: Encoder
) -> None:
    exif = exif_with(time="9999:12:31 23:59:59", offset="-12:00")
    assert decode(as_file(scene, exif=exif)).taken_at is None


def test_time_as_bytes_with_padding(monkeypatch: pytest.MonkeyPatch) -> None:
    from greenpack.intake import exif

    picture = Image.new("RGB", (8, 8))
    monkeypatch.setattr(
        picture, "getexif", lambda: exif_with(time=b"2026:11:11 08:00:00\0", focal=0)
    )
    capture = exif.read_capture(picture, SHANGHAI)
    assert capture.taken_at == datetime(2026, 11, 11, tzinfo=UTC)
    assert capture.focal_ratio is None


def test_broken_exif_does_not_lose_the_photo(jpeg: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(20)
    segment = b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken
    assert decode(jpeg[:2] + segment + jpeg[2:]).width == 400

    def fail(self: object, *args: object) -> object:
        raise struct.error("unpack")

    monkeypatch.setattr(Image.Exif, "get_ifd", fail)
    assert decode(jpeg).taken_at is None
    monkeypatch.setattr(Image.Image, "getexif", fail)
    assert decode(jpeg).taken_at is None


def test_position_is_not_kept(scene: Image.Image, as_file: Encoder) -> None:
    exif = exif_with(time="2026:11:11 12:00:00")
    exif.get_ifd(GPS_IFD)[2] = (31.0, 14.0, 7.0)
    photo = decode(as_file(scene, exif=exif))
    assert set(Photo.__slots__) == {
        "name", "sha256", "size_bytes", "media_type", "width", "height", "taken_at",
        "focal_ratio", "pixels", "scale",
    }  # fmt: skip
    assert photo.taken_at is not None


# Kinds of pixels


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_mode(scene: Image.Image, as_file: Encoder, mode: str) -> None:
    source = scene.convert("L").convert(mode) if mode == "I;16" else scene.convert(mode)
    photo = decode(as_file(source, "PNG"))
    assert photo.pixels.shape == (300, 400, 3)


def test_sixteen_bit_grey_is_scaled_and_not_clipped(as_file: Encoder) -> None:
    ramp = np.repeat(np.linspace(0, 65535, 256).astype(np.uint16)[None], 200, axis=0)
    for kind in ("PNG", "TIFF"):
        row = decode(as_file(Image.fromarray(ramp), kind)).pixels[0, :, 0].astype(int)
        assert np.abs(row - np.arange(256)).max() <= 1


def test_white_is_zero_in_sixteen_bits(as_file: Encoder) -> None:
    tiff = as_file(Image.fromarray(np.zeros((200, 200), np.uint16)), "TIFF")
    black_is_zero, white_is_zero = (struct.pack("<HHIHH", 262, 3, 1, v, 0) for v in (1, 0))
    assert black_is_zero in tiff
    assert decode(tiff).pixels.max() == 0
    assert decode(tiff.replace(black_is_zero, white_is_zero)).pixels.min() == 255


def test_grey_in_wide_integers() -> None:
    from greenpack.intake import colour

    grey = Image.fromarray(np.full((4, 4), 32768, np.int32))  # older Pillow's 16-bit PNG
    assert colour.with_resizable_pixels(grey).getpixel((0, 0)) == 128


@pytest.mark.parametrize("value", [np.int32(70_000), np.int32(-5), np.float32(0.5)])
def test_laboratory_pixels_are_unreadable(as_file: Encoder, value: np.generic) -> None:
    assert reason(as_file(Image.fromarray(np.full((200, 200), value)), "TIFF")) == "unreadable"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_transparency_is_laid_over_white(as_file: Encoder, kind: str) -> None:
    picture = Image.new("RGBA", (200, 200), (10, 20, 30, 0))
    options = {"lossless": True} if kind == "WEBP" else {}
    assert decode(as_file(picture, kind, **options)).pixels.min() == 255


def test_transparent_palette(as_file: Encoder) -> None:
    picture = Image.new("P", (200, 200), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    assert decode(as_file(picture, "PNG", transparency=0)).pixels.min() == 255
    assert decode(as_file(picture, "PNG")).pixels[0, 0].tolist() == [255, 0, 0]


def test_cmyk_and_adobe_inverted_cmyk(scene: Image.Image, as_file: Encoder) -> None:
    tiff = decode(as_file(scene.convert("CMYK"), "TIFF"))
    jpeg = decode(as_file(scene.convert("CMYK"), "JPEG", quality=95))  # Pillow writes it inverted
    assert np.abs(corners(tiff.pixels) - corners(np.asarray(scene))).max() <= 3
    assert np.abs(corners(jpeg.pixels) - corners(np.asarray(scene))).max() <= 6


def test_other_tiff_colours(scene: Image.Image, as_file: Encoder) -> None:
    assert decode(as_file(scene.convert("YCbCr"), "TIFF")).pixels.shape == (300, 400, 3)
    lab = ImageCms.profileToProfile(
        scene, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    assert reason(as_file(lab, "TIFF")) == "unreadable"


def swapped_profile() -> bytes:
    """An sRGB profile with red and green exchanged, so that a conversion cannot be missed."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    entries = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        profile[green + 4 : green + 12],
        profile[red + 4 : red + 12],
    )
    return (
        bytes(profile)
        .replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be"))
        .replace(b"sRGB built-in", b"xRGB built-in")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_colour_profile_is_applied(as_file: Encoder, kind: str) -> None:
    red = Image.new("RGB", (200, 200), (250, 0, 0))
    photo = decode(as_file(red, kind, icc_profile=swapped_profile(), quality=95))
    r, g, _ = photo.pixels[100, 100].tolist()
    assert g > 200
    assert r < 60


def test_srgb_profile_changes_nothing(as_file: Encoder, scene: Image.Image) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = decode(as_file(scene, "PNG", icc_profile=profile))
    assert np.array_equal(photo.pixels, np.asarray(scene))


@pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 300])
def test_broken_colour_profile_is_passed_over(
    as_file: Encoder, scene: Image.Image, profile: bytes
) -> None:
    photo = decode(as_file(scene, "PNG", icc_profile=profile))
    assert np.array_equal(photo.pixels, np.asarray(scene))


def test_enormous_or_unfit_profile_is_passed_over(scene: Image.Image) -> None:
    from greenpack.intake import colour

    assert colour._through_profile(scene, b"") is None
    assert colour._through_profile(scene, bytes(9 * 1024 * 1024)) is None
    assert colour._through_profile(scene.convert("CMYK"), swapped_profile()) is None


def test_premultiplied_transparency() -> None:
    from greenpack.intake import colour

    clear = Image.new("RGBA", (4, 4), (9, 9, 9, 0)).convert("RGBa")
    assert colour.with_resizable_pixels(clear).mode == "RGBA"


def test_first_picture_of_animations_and_pages(as_file: Encoder) -> None:
    red, blue = Image.new("RGB", (200, 200), "red"), Image.new("RGB", (200, 200), "blue")
    for kind in ("PNG", "WEBP", "TIFF", "MPO"):
        data = as_file(red, kind, save_all=True, append_images=[blue])
        pixel = decode(data).pixels[100, 100]
        assert pixel[0] > 200, kind
        assert pixel[2] < 60, kind


# Broken and hostile files


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"hello, I am text named a.jpg", b"GIF89a" + bytes(100), b"BM" + bytes(200),
     b"%PDF-1.7", b"PK\3\4" + bytes(60), b"\0\0\0\x1cftypavif" + bytes(99)],
)  # fmt: skip
def test_no_image_is_unreadable(data: bytes) -> None:
    assert reason(data) == "unreadable"


def test_unsupported_tiff_compression_is_unreadable(monkeypatch: pytest.MonkeyPatch, jpeg: bytes):
    def fail(picture: object) -> object:
        raise OSError("Unsupported JPEG process: SOF type 0xc3")

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", fail)
    assert reason(jpeg) == "unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_truncated_files(scene: Image.Image, as_file: Encoder, kind: str) -> None:
    data = as_file(scene, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))
    for keep in (24, 60, len(data) // 3, len(data) // 2, len(data) * 9 // 10):
        assert reason(data[:keep]) == "truncated", keep


def test_transfer_that_ended_in_zeros_is_truncated(jpeg: bytes) -> None:
    half = len(jpeg) // 2
    assert reason(jpeg[:half] + bytes(len(jpeg) - half)) == "truncated"


@pytest.mark.parametrize("error", [struct.error, SyntaxError, ValueError, EOFError, RecursionError])
def test_whatever_a_decoder_raises_is_truncated(
    jpeg: bytes, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(picture: object) -> object:
        raise error("broken\n inside")

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", fail)
    with pytest.raises(GreenPackError, match="broken inside") as caught:
        decode(jpeg)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("error", [MemoryError, Image.DecompressionBombError])
def test_lack_of_memory_is_too_many_pixels(
    jpeg: bytes, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(picture: object) -> object:
        raise error

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", fail)
    assert reason(jpeg) == "too_many_pixels"


@pytest.mark.parametrize("size", [(1, 1), (60_000, 1), (1, 60_000), (159, 4000)])
def test_too_few_pixels(as_file: Encoder, size: tuple[int, int]) -> None:
    assert reason(as_file(Image.new("L", size), "PNG")) == "too_few_pixels"


def declared_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(bytes(1000))) + png_chunk(b"IEND", b"")
    )  # fmt: skip


def declared_webp(kind: bytes, width: int, height: int) -> bytes:
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + bytes(20)
    else:
        body = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(20)
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "data",
    [
        declared_png(20_000, 20_000),
        declared_png(2_000_000_000, 2_000_000_000),
        declared_webp(b"VP8X", 16_000, 16_000),
        declared_webp(b"VP8X", 1 << 24, 1 << 24),
        declared_webp(b"VP8L", 16_000, 16_000),
        declared_webp(b"VP8 ", 16_000, 16_000),
    ],
)
def test_too_many_pixels_without_allocating(data: bytes) -> None:
    tracemalloc.start()
    try:
        assert reason(data) == "too_many_pixels"
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


def test_large_tiff_and_jpeg_headers(jpeg: bytes, as_file: Encoder) -> None:
    start = jpeg.index(b"\xff\xc0")
    huge = jpeg[: start + 5] + struct.pack(">HH", 60_000, 60_000) + jpeg[start + 9 :]
    assert reason(huge) == "too_many_pixels"
    tiff = as_file(Image.new("L", (200, 200)), "TIFF")
    for tag in (256, 257):
        entry = struct.pack("<HHI", tag, 4, 1)
        tiff = tiff.replace(entry + struct.pack("<I", 200), entry + struct.pack("<I", 90_000))
    assert reason(tiff) == "too_many_pixels"


def test_webp_without_a_picture() -> None:
    assert reason(b"RIFF\x20\0\0\0WEBPJUNK" + bytes(40)) == "truncated"


def test_coded_heif_picture_larger_than_its_header(
    scene: Image.Image, as_file: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pillow_heif import HeifImageFile

    def grow(picture: ImageFile.ImageFile) -> None:
        picture._size = (20_000, 20_000)

    monkeypatch.setattr(HeifImageFile, "load", grow)
    assert reason(as_file(scene, "HEIF")) == "too_many_pixels"


def test_more_pixels_than_pillows_own_limit_are_a_matter_of_our_limits(
    as_file: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = as_file(Image.new("RGB", (1600, 1200)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(data).width == 1600
    assert Image.MAX_IMAGE_PIXELS == 1000
    assert reason(data, Limits(max_pixels=1_000_000)) == "too_many_pixels"


def test_file_too_large(jpeg: bytes) -> None:
    assert reason(jpeg, Limits(max_file_bytes=len(jpeg) - 1)) == "file_too_large"
    assert decode(jpeg, Limits(max_file_bytes=len(jpeg))).width == 400


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_compressed_text_bomb_in_png(scene: Image.Image, as_file: Encoder, kind: bytes) -> None:
    bomb = zlib.compress(bytes(50_000_000), 1)
    body = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"k\0\0"}[kind] + bomb
    tracemalloc.start()
    try:
        assert reason(with_png_chunk(as_file(scene, "PNG"), kind, body)) == "truncated"
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_jpeg_of_endless_scans(scene: Image.Image, as_file: Encoder) -> None:
    data = as_file(scene, progressive=True)
    assert decode(data).width == 400
    scan = data.rindex(b"\xff\xda")
    assert reason(data[:-2] + data[scan:-2] * 300 + data[-2:]) == "unreadable"


def test_truncated_pictures_stay_refused() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_file_of_the_photos_name_is_not_read(
    as_file: Encoder, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pillow maps the named file for uncompressed pictures, if it is told a name.
    (tmp_path / "a.jpg").write_bytes(as_file(Image.new("RGB", (200, 200), "blue"), "TIFF"))
    monkeypatch.chdir(tmp_path)
    pixel = decode(as_file(Image.new("RGB", (200, 200), "red"), "TIFF")).pixels[0, 0]
    assert pixel.tolist() == [255, 0, 0]


@settings(max_examples=150)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b"II*\0",
                     b"MM\0*", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmif1"]),
    st.binary(max_size=400),
)  # fmt: skip
def test_random_bytes_raise_nothing_else(start: bytes, rest: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reason(start + rest)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "HEIF"]), data=st.data())
def test_damaged_files_raise_nothing_else(
    small_files: dict[str, bytes], kind: str, data: st.DataObject
) -> None:
    damaged = bytearray(small_files[kind])
    flips = st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 7))
    for position, bit in data.draw(st.lists(flips, max_size=8)):
        damaged[position] ^= 1 << bit
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            photo = decode(bytes(damaged))
    except GreenPackError:
        return
    assert photo.pixels.shape[2] == 3
    assert 0 < photo.scale <= 1


@pytest.fixture(scope="module")
def small_files(as_file: Encoder) -> dict[str, bytes]:
    noise = np.random.default_rng(1).integers(0, 255, (10, 10, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize((176, 160))
    exif = exif_with(orientation=6, time="2026:11:11 12:00:00", focal=26)
    return {kind: as_file(picture, kind, exif=exif) for kind in
            ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")}  # fmt: skip


def test_decoding_twice_gives_the_same(jpeg: bytes) -> None:
    first, second = decode(jpeg), decode(jpeg)
    assert np.array_equal(first.pixels, second.pixels)
    assert first.sha256 == second.sha256


def test_limits_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="min_side"):
        Limits(min_side=0)
