"""Drawn photographs of building sites for the demo: one building growing through the twelve steps.

The same arguments always give the same bytes. Pictures carry the EXIF of a phone's photograph.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

from PIL import ExifTags, Image, ImageOps

from tracker.demo import site_backdrop, site_building, site_papers, site_props, site_rooms
from tracker.demo.site_canvas import Canvas
from tracker.demo.site_scene import BASE, Day, Site, day_of, site_of

QUALITIES = (76, 66, 54)  # the first that stays under MOST_BYTES
MOST_BYTES = 118_000
MAKE = "Project Tracker demo"

Painter = Callable[[Canvas, Site, Day], None]


def draw_site(step: str, seed: int, taken_at: datetime, place: tuple[float, float] | None) -> bytes:
    """A JPEG of 1600 x 1200 pixels of the site `seed` at a construction step.

    `taken_at` is aware: its clock sets the light and is written into the EXIF with its offset. `place` is
    (latitude, longitude) in WGS-84 degrees. Raises KeyError for a step that does not exist, ValueError for a
    naive time.
    """
    if taken_at.tzinfo is None:
        raise ValueError("taken_at needs a time zone")
    painter, green = PAINTERS[step]
    site, day = site_of(seed), day_of(seed, step, taken_at)
    canvas = site_backdrop.open_sky(site, day)
    site_backdrop.town(canvas, site, day)
    site_backdrop.ground(canvas, site, green)
    painter(canvas, site, day)
    site_backdrop.weather_over(canvas, day)
    image = canvas.finished(day.tint, day.tint_share)
    if site.mirrored:
        image = ImageOps.mirror(image)
    return encoded(image, phone_exif(taken_at, place))


def _land(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    for _ in range(34):
        x, y = day.random.uniform(0, 1600), day.random.uniform(950, 1180)
        for lean in (-7, 0, 8):
            canvas.line([(x, y), (x + lean, y - day.random.uniform(14, 30))], (112, 138, 66), 4)
    site_props.stakes(canvas, 250, 1350, 1040)
    site_props.surveyor(canvas, day.random.uniform(520, 1080), 1120, day.random)


def _concept(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    site_building.ghost(canvas, site)
    site_props.drill_rig(canvas, min(1480, site.right + 190), 1010)
    site_props.worker(canvas, min(1400, site.right + 110), 1030, day.random, 1.1)
    site_papers.planning_board(canvas, site, 70, 1140)


def _drawings(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    site_backdrop.tracks(canvas, day.random, 2)
    site_props.stakes(canvas, 180, 1420, 985)
    x = day.random.uniform(380, 560)
    site_props.worker(canvas, x - 70, 1130, day.random, 2.2)
    site_props.worker(canvas, x + 730, 1126, day.random, 2.2)
    site_papers.drawing_table(canvas, site, x, 1160)


def _tender(canvas: Canvas, site: Site, day: Day) -> None:
    site_props.cabins(canvas, 720 + day.random.uniform(-60, 90), 900, 5)
    site_backdrop.hoarding(canvas, site, 872, 940)
    canvas.rect(520, 800, 556, 950, (214, 218, 220))
    canvas.rect(900, 800, 936, 950, (214, 218, 220))
    canvas.rect(500, 766, 956, 812, site.hoarding)
    canvas.rect(556, 868, 900, 946, (196, 168, 124))
    for index in range(9):
        canvas.rect(560 + index * 20, 850, 566 + index * 20, 950, (150, 156, 162))
    canvas.line([(1010, 950), (1010, 620)], (170, 174, 178), 6)
    canvas.poly([(1013, 622), (1110, 640), (1013, 690)], (206, 44, 38))
    site_papers.notice_board(canvas, 110, 1130)
    site_props.truck(canvas, 1090, 1080, (70, 120, 170), (160, 164, 168))
    site_props.worker(canvas, 520, 1080, day.random, 1.5)


def _ground(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    left, right = max(150, site.left - 130), min(1450, site.right + 130)
    canvas.poly([(left - 60, 925), (right + 60, 925), (right, 1120), (left, 1120)], (128, 96, 66))
    canvas.poly([(left - 60, 925), (left + 30, 925), (left + 80, 1120), (left, 1120)], (150, 114, 80))
    canvas.poly([(right + 60, 925), (right - 30, 925), (right - 80, 1120), (right, 1120)], (104, 78, 56))
    count = int((right - left - 60) // 26)
    for index in range(count):
        canvas.rect(left + 36 + index * 26, 925, left + 56 + index * 26, 990, (172, 172, 168))
    canvas.rect(left + 40, 984, right - 40, 998, (140, 142, 144))
    canvas.poly([(left + 66, 1040), (right - 66, 1040), (right - 84, 1112), (left + 84, 1112)], (186, 186, 182))
    poured = left + (right - left) * day.random.uniform(0.45, 0.7)
    for index in range(int((poured - left - 110) // 26)):
        x = left + 104 + index * 26
        canvas.line([(x, 1044), (x + 6, 1108)], (142, 84, 56), 3)
        canvas.line([(x, 1046), (x, 1010)], (142, 84, 56), 3)
    for y in (1056, 1074, 1092):
        canvas.line([(left + 92, y), (poured, y)], (142, 84, 56), 3)
    site_props.excavator(canvas, right - 190, 1100, 1.0, -1)
    site_props.truck(canvas, 40, 930 if left > 320 else 1190, (222, 118, 48), (150, 114, 80))
    site_props.excavator(canvas, min(1500, right - 20), 930, 0.8, -1)
    site_props.worker(canvas, left + 120, 1090, day.random, 0.7)


def _structure(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    share = day.random.uniform(0.35, 0.8)
    _tower_crane(canvas, site, day, (206, 158, 92))
    site_building.frame(canvas, site, share)
    site_building.nets(canvas, site, share)
    site_backdrop.tracks(canvas, day.random)
    site_props.pile(canvas, 120, 1090, (176, 140, 96), 2)
    site_props.truck(canvas, 1180, 1120, (236, 236, 232), (150, 152, 154))
    _crew(canvas, day, 3)


def _masonry(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    _tower_crane(canvas, site, day, site_building.BLOCKWORK)
    site_building.frame(canvas, site, 1.0)
    site_building.brickwork(canvas, site, day.random.uniform(0.4, 0.85), day.random)
    site_props.banner(canvas, site, site.tower.top() + 4)
    site_backdrop.tracks(canvas, day.random)
    for x in (110, 300, 1220, 1400):
        site_props.pile(canvas, x, 1050 + day.random.uniform(0, 90), site_building.BLOCKWORK)
    _crew(canvas, day, 3)


def _envelope(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    share = day.random.uniform(0.45, 0.7)
    site_building.frame(canvas, site, 1.0)
    site_building.brickwork(canvas, site, 1.0, day.random)
    site_building.skin(canvas, site, day, share)
    block = site.tower
    for index, level in enumerate((share + 0.1, share - 0.08)):
        x = block.left + (block.right - block.left) * (0.06 + 0.52 * index)
        y = block.top() + block.height * block.floors * (1 - level)
        for dx in (8, 112):
            canvas.line([(x + dx, block.top() - 24), (x + dx, y)], (84, 88, 92), 2.5)
        site_props.worker(canvas, x + 60, y + 26, day.random, 0.62)
        canvas.rect(x, y - 2, x + 120, y + 34, (224, 160, 40))
        canvas.rect(x + 6, y + 4, x + 114, y + 18, (250, 206, 110))
    site_backdrop.tracks(canvas, day.random, 3)
    for x in (90, 1260):
        canvas.poly([(x, 1110), (x + 30, 960), (x + 190, 960), (x + 220, 1110)], (150, 110, 74))
        for index in range(4):
            canvas.poly([(x + 16 + index * 24, 1096), (x + 36 + index * 24, 950), (x + 92 + index * 24, 950),
                         (x + 72 + index * 24, 1096)], site.glass, 150)  # fmt: skip
    _crew(canvas, day, 2)


def _mep(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    site_building.skin(canvas, site, day, 1.0)
    site_rooms.piped(canvas, site_rooms.opened(canvas, site), day.random)
    site_backdrop.tracks(canvas, day.random, 2)
    for index, colour in enumerate(site_rooms.PIPES):
        for row in range(3):
            y = 1110 - row * 20 + index % 2 * 30
            canvas.rect(70 + index * 110, y, 330 + index * 110, y + 13, colour)
            canvas.disc(330 + index * 110, y + 6.5, 7, (60, 62, 66))
    canvas.soft_rect(1240, 1000, 1420, 1110, (206, 214, 218), 6)
    canvas.ring(1330, 1055, 42, (120, 130, 138), 8)
    canvas.line([(1296, 1055), (1364, 1055)], (120, 130, 138), 8)
    canvas.line([(1330, 1021), (1330, 1089)], (120, 130, 138), 8)
    _crew(canvas, day, 2)


def _fitout(canvas: Canvas, site: Site, day: Day) -> None:
    site_backdrop.hoarding(canvas, site)
    site_building.skin(canvas, site, day, 1.0)
    site_rooms.furnished(canvas, site_rooms.opened(canvas, site), day.random)
    for x, colour in ((90, (206, 176, 136)), (280, (226, 220, 208)), (1180, (190, 206, 214)), (1380, (206, 176, 136))):
        site_props.pile(canvas, x, 1080 + day.random.uniform(-20, 60), colour)
    site_props.truck(canvas, 640, 1140, (238, 240, 240), (206, 176, 136))
    _crew(canvas, day, 2)


def _completion(canvas: Canvas, site: Site, day: Day) -> None:
    _garden(canvas, site, day, 0.62)
    site_building.skin(canvas, site, day, 1.0)
    _path(canvas, site)
    site_papers.certificate(canvas, day.random.uniform(120, 260), 1140)
    for index in range(5):
        site_props.worker(canvas, 1010 + index * 78, 1110 + (index % 2) * 22, day.random, 1.4)


def _handover(canvas: Canvas, site: Site, day: Day) -> None:
    _garden(canvas, site, day, 1.0)
    site_building.skin(canvas, site, day, 1.0, lit=True)
    _path(canvas, site)
    x = day.random.uniform(80, 220)
    site_papers.arch(canvas, x, 1110, 400)
    site_papers.key(canvas, x + 200, 900, 0.8)
    for index in range(4):
        site_props.person(canvas, 720 + index * 92, 1120 + (index % 2) * 26, day.random, 1.35)
    site_papers.balloons(canvas, 812, 1050, ((222, 72, 60), (246, 190, 60), (86, 150, 206), (120, 176, 92)))
    site_props.car(canvas, 1180, 1100, day.random.choice(((196, 62, 56), (70, 110, 156), (236, 236, 232))))
    site_props.car(canvas, 1370, 1150, day.random.choice(((90, 96, 104), (220, 176, 70), (120, 160, 150))))


def _tower_crane(canvas: Canvas, site: Site, day: Day, load: tuple[int, int, int]) -> None:
    reach = day.random.uniform(330, 470)
    top = max(96, site.tower.top() - 110)
    if site.crane_left:
        site_props.crane(canvas, site.left - 70, top, reach, load)
    else:
        site_props.crane(canvas, site.right + 120, top, -reach, load)


def _garden(canvas: Canvas, site: Site, day: Day, size: float) -> None:
    for index in range(9):
        x = 60 + index * 185 + day.random.uniform(-40, 40)
        if x < site.left - 40 or x > site.right + 60:
            site_props.tree(canvas, x, BASE + day.random.uniform(-30, 20), 1.3 * size, day.random)
    for index in range(20):
        x = index * 84 + day.random.uniform(-16, 16)
        canvas.oval(x, BASE + 26, 46, 20 * (0.7 + 0.3 * size), (102, 146, 82))


def _path(canvas: Canvas, site: Site) -> None:
    middle = site.tower.left + (site.tower.bays // 2 + 0.5) * site.tower.bay
    paving = site_backdrop.PAVING
    canvas.poly([(middle - 60, BASE), (middle + 60, BASE), (middle + 300, 1200), (middle - 300, 1200)], paving)
    canvas.rect(0, 1070, 1600, 1150, paving)
    for step in range(17):
        canvas.rect(step * 100, 1108, step * 100 + 56, 1113, (240, 238, 232))


def _crew(canvas: Canvas, day: Day, count: int) -> None:
    for _ in range(count):
        site_props.worker(canvas, day.random.uniform(480, 1120), day.random.uniform(1010, 1150), day.random, 1.3)


PAINTERS: dict[str, tuple[Painter, float]] = {  # with how green the ground is
    "land": (_land, 0.55),
    "concept": (_concept, 0.3),
    "drawings": (_drawings, 0.12),
    "tender": (_tender, 0.08),
    "ground": (_ground, 0.0),
    "structure": (_structure, 0.0),
    "masonry": (_masonry, 0.0),
    "envelope": (_envelope, 0.04),
    "mep": (_mep, 0.06),
    "fitout": (_fitout, 0.1),
    "completion": (_completion, 0.85),
    "handover": (_handover, 1.0),
}


def encoded(image: Image.Image, exif: Image.Exif) -> bytes:
    """The JPEG, in the best quality that stays small."""
    data = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, exif=exif)
        data = out.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data


def phone_exif(taken_at: datetime, place: tuple[float, float] | None) -> Image.Exif:
    """What a phone writes: when, by which clock, and where."""
    exif = Image.Exif()
    stamp = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    zone = taken_at.strftime("%z")
    exif[ExifTags.Base.Make] = MAKE
    exif[ExifTags.Base.Model] = MAKE
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = stamp
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = stamp
    inner[ExifTags.Base.OffsetTimeOriginal] = f"{zone[:3]}:{zone[3:5]}"
    if place:
        latitude, longitude = place
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "N" if latitude >= 0 else "S"
        gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(latitude)
        gps[ExifTags.GPS.GPSLongitudeRef] = "E" if longitude >= 0 else "W"
        gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(longitude)
        gps[ExifTags.GPS.GPSMapDatum] = "WGS-84"
    return exif


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds without the sign, the seconds to four places."""
    seconds = round(abs(degrees) * 3600, 4)
    return (float(seconds // 3600), float(seconds % 3600 // 60), round(seconds % 60, 4))
