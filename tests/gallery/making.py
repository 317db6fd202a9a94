"""Pictures for the tests, drawn here: four coloured corners tell which way up they are."""

from __future__ import annotations

import io
import resource
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import ExifTags, Image

pillow_heif.register_heif_opener(thumbnails=False)

CORNERS = {"red": (200, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 200), "white": (245, 245, 245)}
STORED = {  # how a camera that is held so stores an upright view, by EXIF orientation
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def view(width: int = 320, height: int = 200) -> Image.Image:
    """An upright view: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for number, colour in enumerate(CORNERS.values()):
        image.paste(colour, (number % 2 * half[0], number // 2 * half[1], width, height))
    return image


def noise(width: int, height: int) -> Image.Image:
    """A view with as much detail as a site has, which costs what a real picture costs."""
    coarse = Image.effect_noise((width // 8, height // 8), 60).resize((width, height), Image.Resampling.BICUBIC)
    return Image.merge("RGB", (coarse, coarse, Image.effect_noise((width, height), 18)))


def exif_of(
    *,
    orientation: int | None = None,
    taken: str | None = None,
    offset: str | None = None,
    place: tuple[float, float] | None = None,
    camera: str | None = None,
) -> Image.Exif:
    """EXIF as a phone writes it. `taken` as `2026:03:15 10:30:00`, `place` in degrees (latitude, longitude)."""
    exif = Image.Exif()
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if camera:
        exif[ExifTags.Base.Model] = camera
    details: dict[int, Any] = {}
    if taken:
        details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if details:
        exif[ExifTags.IFD.Exif] = details
    if place:
        exif[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: "N" if place[0] >= 0 else "S",
            ExifTags.GPS.GPSLatitude: _sexagesimal(abs(place[0])),
            ExifTags.GPS.GPSLongitudeRef: "E" if place[1] >= 0 else "W",
            ExifTags.GPS.GPSLongitude: _sexagesimal(abs(place[1])),
        }
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole, rest = int(degrees), degrees % 1 * 60
    return float(whole), float(int(rest)), rest % 1 * 60


def picture(
    image: Image.Image | None = None, kind: str = "JPEG", *, exif: Image.Exif | None = None, **how: Any
) -> bytes:
    """A file of this kind (a format's name in Pillow); by default the view with four corners."""
    out = io.BytesIO()
    (image or view()).save(out, kind, **({"exif": exif.tobytes()} if exif else {}), **how)
    return out.getvalue()


def photo(**facts: Any) -> bytes:
    """A phone's JPEG of the view with these facts (see `exif_of`), stored as a camera held so stores it."""
    turn = STORED[facts.get("orientation") or 1]
    return picture(view().transpose(turn) if turn is not None else view(), exif=exif_of(**facts))


def opened(data: bytes) -> Image.Image:
    """The picture in these bytes, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def corners_of(data: bytes) -> list[str]:
    """The colours of the corners in reading order, by name."""
    image = opened(data).convert("RGB")
    width, height = image.size
    spots = [(x, y) for y in (height // 8, height * 7 // 8) for x in (width // 8, width * 7 // 8)]
    return [_nearest(image.getpixel(spot)) for spot in spots]  # type: ignore[arg-type]


def _nearest(colour: tuple[int, int, int]) -> str:
    def far(name: str) -> int:
        return sum(abs(a - b) for a, b in zip(CORNERS[name], colour, strict=True))

    return min(CORNERS, key=far)


def peak_memory() -> float:
    """The most memory this process has held so far, in megabytes. What a parent held does not count, where known."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
