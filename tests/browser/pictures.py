"""Picture files to send in: drawn here, with the date and place that a camera writes into them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image, ImageDraw

from tracker import clock


@dataclass(frozen=True, slots=True)
class Picture:
    """A file as the browser sends it."""

    name: str
    data: bytes
    mime: str = "image/jpeg"

    def payload(self) -> dict[str, object]:
        """The file as Playwright puts it into a file field."""
        return {"name": self.name, "mimeType": self.mime, "buffer": self.data}


def site_picture(
    name: str = "site.jpg", *, floors: int = 6, taken_at: datetime | None = None, dated: bool = True
) -> Picture:
    """A tower with so many floors; `taken_at` is the camera's wall clock (default: now), none where not `dated`."""
    image = Image.new("RGB", (640, 480), (186, 208, 224))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 380, 640, 480), fill=(140, 120, 92))
    for floor in range(floors):
        top = 360 - floor * 30
        draw.rectangle((220, top, 420, top + 28), fill=(176, 172, 164), outline=(90, 90, 90))
    exif = Image.Exif()
    if dated:
        moment = taken_at or clock.local(clock.now())
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = moment.strftime("%Y:%m:%d %H:%M:%S")
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80, exif=exif)
    return Picture(name, kept.getvalue())


def broken_picture(name: str = "broken.jpg") -> Picture:
    """A file that calls itself a picture and is cut off after its head."""
    return Picture(name, site_picture().data[:900])
