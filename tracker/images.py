"""Pictures: what they are, what they say of themselves, and the sizes that are shown. Pure, and wary.

A picture is read from its header first; what is too large, of another kind, cut off or hostile is refused with a
reason. Shown sizes are upright, in sRGB and carry no metadata at all. No decoder here was seen to hang; what a small
file can cost is memory (64 million pixels of WebP took a gigabyte), so a picture is refused by what decoding it would
need, and one is decoded at a time.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

MOST_BYTES = 25 * 1024 * 1024
MOST_PIXELS = 120_000_000  # a phone of 108 megapixels still sends a JPEG that is decoded at an eighth
LONGEST_SIDE = 20_000  # pixels
MOST_MEMORY = 200_000_000  # bytes that decoding one picture may need
MEMORY = {
    "PROGRESSIVE": 6.0,
    "HEIF": 7.0,
    "WEBP": 16.0,
}  # bytes per pixel, as measured; a plain JPEG needs next to none
MEMORY_OF_MODE = {"1": 2.0, "L": 2.0, "P": 10.0, "RGB": 5.5}  # of the other formats; what is not named needs 10
SIZES = (1600, 800, 320)  # pixels of the longer side, from the largest
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP")
QUALITY = 82
HEADS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF")
TIFF_OR_RAW = (b"II*\x00", b"MM\x00*", b"II+\x00")
JPEG_2000 = (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
NOT_TAKEN = (*TIFF_OR_RAW, *JPEG_2000, b"8BPS", b"\x00\x00\x01\x00", b"icns")  # and Photoshop, icons
VIDEOS = (b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1", b"3gp4", b"3gp5")  # brands after "ftyp"

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False
pillow_heif.register_heif_opener(thumbnails=False)
_one_at_a_time = threading.Lock()


class Reason(StrEnum):
    """Why a file is not taken."""

    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_A_PICTURE = "not_a_picture"
    VIDEO = "video"
    UNSUPPORTED = "unsupported"


class PictureRefused(Exception):
    """The file is not taken; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was taken in.

    `width` and `height` are upright, in pixels. `taken_at` is aware where the picture names its zone, else the naive
    wall clock of the place. `place` is (latitude, longitude) in WGS-84 degrees. `dhash` is an unsigned 64-bit
    difference hash. `derived` maps a size's name to JPEG bytes.
    """

    mime: str
    width: int
    height: int
    taken_at: datetime | None
    place: tuple[float, float] | None
    camera: str | None
    software: str | None
    sha256: str
    dhash: int
    derived: dict[str, bytes]


def examine(data: bytes) -> Picture:
    """Read one uploaded file; raises PictureRefused with the reason."""
    if len(data) > MOST_BYTES:
        raise PictureRefused(Reason.TOO_LARGE)
    _look(data)
    with _one_at_a_time, _refusing(known=data.startswith(HEADS)):
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        _measure(image)
        mime = Image.MIME.get(image.format or "", "image/jpeg")
        exif = _exif(image)
        turned = exif.get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
        width, height = (image.height, image.width) if turned else image.size
        large = _upright(image, exif)
        return Picture(
            mime=mime,
            width=width,
            height=height,
            taken_at=_taken_at(exif),
            place=_place(exif),
            camera=_camera(exif),
            software=_named(exif, ExifTags.Base.Software),
            sha256=hashlib.sha256(data).hexdigest(),
            dhash=_dhash(large),
            derived=dict(_sizes(large)),
        )


def _look(data: bytes) -> None:
    """Name by their first bytes the files that people take for pictures."""
    head = data[:64].lstrip()
    if not data:
        raise PictureRefused(Reason.UNREADABLE)
    if data[4:8] == b"ftyp" and data[8:12] in VIDEOS:
        raise PictureRefused(Reason.VIDEO)
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        raise PictureRefused(Reason.UNSUPPORTED)
    if data.startswith(NOT_TAKEN):
        raise PictureRefused(Reason.UNSUPPORTED)
    if data[:4] == b"\x1aE\xdf\xa3" or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        raise PictureRefused(Reason.VIDEO)
    if head.startswith((b"<", b"\xef\xbb\xbf<")):
        raise PictureRefused(Reason.UNSUPPORTED if b"<svg" in data[:2000].lower() else Reason.NOT_A_PICTURE)
    if head.startswith((b"%PDF", b"PK\x03\x04", b"MZ", b"\x7fELF", b"#!")):
        raise PictureRefused(Reason.NOT_A_PICTURE)


def _measure(image: Image.Image) -> None:
    """Refuse by its header a picture whose decoding would need too much."""
    pixels = image.width * image.height
    if pixels > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise PictureRefused(Reason.TOO_MANY_PIXELS)
    kind = image.format or ""
    if kind in ("JPEG", "MPO"):
        each = MEMORY["PROGRESSIVE"] if "progressive" in image.info else 1.0
    else:
        each = MEMORY.get(kind) or MEMORY_OF_MODE.get(image.mode, 10.0)
    if pixels * each > MOST_MEMORY:
        raise PictureRefused(Reason.TOO_MANY_PIXELS)


@contextmanager
def _refusing(*, known: bool) -> Iterator[None]:
    """Turn whatever a decoder says about a broken or hostile file into a reason.

    `known`: it begins like a picture, so one that no decoder takes for its own is a damaged one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
            yield
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(Reason.TOO_MANY_PIXELS) from None
    except UnidentifiedImageError:
        raise PictureRefused(Reason.UNREADABLE if known else Reason.NOT_A_PICTURE) from None
    except OSError as error:
        text = str(error).lower()
        cut = "truncated" in text or "unexpected end" in text or "broken data stream" in text
        raise PictureRefused(Reason.TRUNCATED if cut else Reason.UNREADABLE) from None
    except (MemoryError, ValueError, SyntaxError, EOFError, TypeError, RuntimeError, OverflowError, ArithmeticError):
        raise PictureRefused(Reason.UNREADABLE) from None


def _exif(image: Image.Image) -> Any:
    """The picture's EXIF; an empty one where it is missing or broken."""
    try:
        return image.getexif()
    except Exception:  # a broken EXIF block may raise anything, and proves nothing
        return Image.Exif()


def _upright(image: Image.Image, exif: Any) -> Image.Image:
    """The picture decoded at about its largest shown size, turned upright, in sRGB, on white, without metadata."""
    profile = image.info.get("icc_profile")
    if image.format in ("JPEG", "MPO"):
        _draft(image)
    image.load()
    small = _plain(image)
    small.thumbnail((SIZES[0], SIZES[0]), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = _in_srgb(_on_white(small), profile)
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    upright = small.transpose(turns[orientation]) if orientation in turns else small
    upright.info = {}  # a comment or a profile kept here would be written into every shown size
    return upright


def _draft(image: Image.Image) -> None:
    """Let a JPEG be decoded at 1/2, 1/4 or 1/8, the smallest that still holds the largest shown size.

    The box must have the picture's own shape: a square one, or a lying one for a standing picture, decodes it all.
    """
    scale = max(scale for scale in (1, 2, 4, 8) if scale == 1 or max(image.size) // scale >= SIZES[0])
    image.draft("RGB", (image.width // scale, image.height // scale))


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller without tearing lines and colours."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB")
    if image.mode.startswith("I") or image.mode == "F":
        return ImageOps.autocontrast(image.convert("F").point(lambda value: value / 256).convert("L"))
    return image.copy() if max(image.size) <= SIZES[0] else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "CMYK", "L"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if changed is not None:
                return changed
    return image.convert("RGB")


def _sizes(large: Image.Image) -> Iterator[tuple[str, bytes]]:
    """Each size made from the one before it."""
    image = large
    for side in SIZES:
        if max(image.size) == 2 * side and not any(length % 2 for length in image.size):
            image = image.reduce(2)  # each pixel the mean of four: as good as a filter, in a quarter of its time
        elif max(image.size) > side:
            image = image.copy()
            image.thumbnail((side, side), Image.Resampling.HAMMING, reducing_gap=2.0)
        out = io.BytesIO()
        # Progressive would take five times as long; optimizing the largest costs 10 ms for a twentieth of its bytes.
        image.save(out, "JPEG", quality=QUALITY, optimize=side < SIZES[0])
        yield str(side), out.getvalue()


def _dhash(image: Image.Image) -> int:
    """Which of 8 × 8 neighbours is brighter: alike for the same view at any size."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    pixels = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (pixels[row * 9 + column] > pixels[row * 9 + column + 1])
    return bits


def _taken_at(exif: Any) -> datetime | None:
    with suppress(Exception):
        details = exif.get_ifd(ExifTags.IFD.Exif)
        own = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized)
        text = own or exif.get(ExifTags.Base.DateTime)
        if not isinstance(text, str):
            return None
        naive = datetime.strptime(text.strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")
        if not 1990 <= naive.year <= 2100:
            return None
        return _zoned(naive, details.get(ExifTags.Base.OffsetTimeOriginal))
    return None


def _zoned(naive: datetime, offset: Any) -> datetime:
    """The moment with its zone where the picture names it (`+08:00`)."""
    if isinstance(offset, str):
        text = offset.strip("\x00 ")
        if text == "Z":
            return naive.replace(tzinfo=UTC)
        if len(text) == 6 and text[0] in "+-" and text[3] == ":" and (text[1:3] + text[4:]).isdigit():
            minutes = int(text[1:3]) * 60 + int(text[4:])
            if minutes <= 14 * 60:
                return naive.replace(tzinfo=timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes)))
    return naive


def _place(exif: Any) -> tuple[float, float] | None:
    with suppress(Exception):
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N"), "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E"), "W")
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0):
            return round(latitude, 6), round(longitude, 6)
    return None


def _degrees(parts: Any, reference: Any, negative: str) -> float:
    """Degrees, minutes and seconds as degrees; a nonsense part (0/0) raises."""
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        raise ValueError("not a number")
    name = reference.decode() if isinstance(reference, bytes) else str(reference)
    return -value if name.strip("\x00 ").upper() == negative else value


def _camera(exif: Any) -> str | None:
    return _named(exif, ExifTags.Base.Make, ExifTags.Base.Model)


def _named(exif: Any, *tags: int) -> str | None:
    """What the picture says under these tags, in words fit to be shown."""
    with suppress(Exception):
        names = [str(exif.get(tag, "")).strip("\x00 ") for tag in tags]
        text = " ".join(dict.fromkeys(name for name in names if name))
        clean = "".join(character for character in text if character.isprintable())
        return clean[:80] or None
    return None
