"""Whether two pictures are the same one: turned, mirrored, cropped, made smaller, grey or compressed again. Pure.

Two steps. A picture is kept under short numbers (`bands`) of difference hashes: of the whole, of a square in its middle
and of what lies around some points that stand out in it. A new one is looked up under the numbers of itself as it might
have been changed (`lookups`). A point stands out also in a part that was cut out of the picture, wherever that was;
only how much larger the part is shown has to be tried, both ways. What is found so is then laid over the new one
(`alike`), which alone decides: a hash alone takes two things on the same floor for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import mul

from PIL import Image, ImageChops, ImageFilter

WHOLE, POINT, SQUARE = 0, 1, 2
BANDS = 5  # of 13 bits (the last of 12): two hashes that differ in four places still share one
_WIDTH = 13
_MASK = (1 << _WIDTH) - 1
DISC = 0.68  # of the shorter side: the square in the middle that stays in sight however the picture is turned
SIDE = 128  # pixels, at which pictures are compared
NEAR = 14  # bits by which hashes of the same view may differ
NEAR_POINT = 12  # … and those around the same point
POINTS = 1 << 24  # the numbers of points begin here; one below says that a picture has none
_POINT_WIDTH = 21  # three numbers of a point's hash: 200,000 pictures have hardly two points under the same one
_SHARP, _BLUNT, _APART = 2.5, 4.2, 7  # pixels: blurs whose difference shows what stands out, and how near two may lie
_STANDS_OUT = 3  # levels of grey
_AROUND = 0.35 * SIDE / 2  # pixels on each side of a point
_POINTS_KEPT, _POINTS_ASKED = 12, 16
_LARGER = (1.0, 1.12, 1.25, 0.9, 0.8)
_SHOWN_LARGER = tuple((x, y) for x in _LARGER for y in _LARGER if 1 in (x, y) or (x > 1) == (y > 1))
MATCH = 0.7  # likeness from which two are the same; different pictures of the real input stay below 0.5
TURNS: tuple[Image.Transpose | None, ...] = (None, *Image.Transpose)
_CUTS = tuple((a, 1 - b) for cut in (0.0, 0.1, 0.2, 0.3) for a, b in {(0.0, cut), (cut / 2, cut / 2), (cut, 0.0)})
_SLANTS = tuple(range(8, 360, 8))

Box = tuple[float, float, float, float]
FULL: Box = (0.0, 0.0, 1.0, 1.0)


class Small:
    """A picture as it is compared: small and grey. `whole` is pressed into a square; each of `discs` is the square in
    its middle, of a square picture also as if it had been pressed into that shape from a lying or standing one."""

    def __init__(self, image: Image.Image) -> None:
        grey = image.convert("L")
        self.whole = grey.resize((SIDE, SIDE), Image.Resampling.BOX)
        self.fine = _sharpened(self.whole)
        shapes = [(float(grey.width), float(grey.height))]
        if 0.98 < grey.width / grey.height < 1.02:
            shapes += [(4.0, 3.0), (3.0, 4.0)]
        self.discs = [_square(grey, shape) for shape in shapes]


def _square(grey: Image.Image, shape: tuple[float, float]) -> Image.Image:
    """The square in the middle of a picture that is said to have this shape."""
    across, down = (min(shape) / side / 2 for side in shape)
    width, height = grey.size
    box = ((0.5 - across) * width, (0.5 - down) * height, (0.5 + across) * width, (0.5 + down) * height)
    return grey.resize((SIDE, SIDE), Image.Resampling.BOX, box=box)


def _sharpened(picture: Image.Image) -> Image.Image:
    """Only what stands out from its surroundings: a light thing on a dark floor is not yet the same thing."""
    return ImageChops.subtract(picture, picture.filter(ImageFilter.GaussianBlur(SIDE / 12)), 1.0, 128)


def bands(picture: Small) -> dict[int, int]:
    """The numbers under which a picture is kept, each with its hash as a signed number."""
    hashes = [(WHOLE, _hash(picture.whole, FULL))]
    hashes += [(SQUARE, _hash(disc, _centred(DISC))) for disc in picture.discs]
    around = ((POINT, _hash_around(picture.whole, point)) for point in _points(picture.whole, _POINTS_KEPT, _AROUND))
    points = [(kind, value) for kind, value in around if value is not None]
    kept = {key: signed(value) for kind, value in [*points, *hashes] for key in _bands(kind, value)}
    return kept if points else {**kept, POINTS - 1: 0}


def lookups(picture: Small) -> dict[int, set[int]]:
    """The numbers to look under for a picture that may be a changed copy or the original of one."""
    wanted: dict[int, set[int]] = {}
    for kind, value in _guesses(picture):
        if 6 <= value.bit_count() <= 58:  # a bare sky or wall is like every other
            for key in _bands(kind, value):
                wanted.setdefault(key, set()).add(value)
    return wanted


def distance(one: int, others: Iterable[int]) -> int:
    """In how many places a kept hash differs from the nearest of those looked for."""
    return min((one ^ other).bit_count() for other in others)


def kind_of(band: int) -> int:
    """Of which of the three kinds of hashes a number is a part."""
    return POINT if band >= POINTS - 1 else (band >> _WIDTH) // BANDS


def is_near(kind: int, bits: int) -> bool:
    """Whether hashes of this kind that differ in so many places may be of the same view."""
    return bits <= (NEAR_POINT if kind == POINT else NEAR)


def alike(one: Small, other: Small, kind: int | None = None) -> float:
    """How much two pictures are the same view, from 0 to 1, over all that may have been done to one.

    `kind`: only what the hash that brought them together speaks for is tried, besides turning and mirroring.
    """
    best = 0.0
    for turn in TURNS:
        turned = one.fine.transpose(turn) if turn is not None else one.fine
        best = max(best, _over(turned, other.fine, FULL, FULL))
    if best < MATCH and kind in (None, SQUARE):
        discs = [[_sharpened(disc) for disc in picture.discs] for picture in (one, other)]
        pairs = ((mine, its) for mine in discs[0] for its in discs[1] if mine is discs[0][0] or its is discs[1][0])
        best = max(best, *(_slanted(mine, its) for mine, its in pairs))
    if best < MATCH and kind in (None, POINT):
        best = max(best, _cropped(one.fine, other.fine))
    return best


def signed(value: int) -> int:
    """A 64-bit hash as the database's signed integer."""
    return value - 2**64 if value >= 2**63 else value


def unsigned(value: int) -> int:
    """The hash again."""
    return value + 2**64 if value < 0 else value


def _guesses(picture: Small) -> Iterator[tuple[int, int]]:
    for turn in TURNS:
        yield WHOLE, _hash(picture.whole.transpose(turn) if turn is not None else picture.whole, FULL)
    for image in (picture.whole, picture.whole.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
        for point in _points(image, _POINTS_ASKED, 0.75 * _AROUND):
            around = (_hash_around(image, point, larger) for larger in _SHOWN_LARGER)
            yield from ((POINT, value) for value in around if value is not None)
    square = _centred(DISC)
    for disc in picture.discs:
        for image in (disc, disc.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
            for degrees in _SLANTS:
                yield SQUARE, _hash(image.rotate(degrees, Image.Resampling.BILINEAR), square)


def _points(picture: Image.Image, most: int, margin: float) -> list[tuple[float, float]]:
    """What stands out most from its surroundings, dark or light, and not too near to the edge; pixels."""
    sharp, blunt = (picture.filter(ImageFilter.GaussianBlur(width)) for width in (_SHARP, _BLUNT))
    level = ImageChops.subtract(sharp, blunt, 1.0, 128)
    highest, lowest = (level.filter(kind(_APART)).tobytes() for kind in (ImageFilter.MaxFilter, ImageFilter.MinFilter))
    found = []
    for place, (value, high, low) in enumerate(zip(level.tobytes(), highest, lowest, strict=True)):
        if (value == high and value > 128 + _STANDS_OUT) or (value == low and value < 128 - _STANDS_OUT):
            y, x = divmod(place, SIDE)
            if margin <= x < SIDE - margin and margin <= y < SIDE - margin:
                found.append((abs(value - 128), x + 0.5, y + 0.5))
    found.sort(reverse=True)
    return [(x, y) for _much, x, y in found[:most]]


def _hash_around(
    picture: Image.Image, point: tuple[float, float], larger: tuple[float, float] = (1.0, 1.0)
) -> int | None:
    """The hash of what lies around a point, as if the picture had been shown so much larger; None at an edge."""
    edges = [middle + way * _AROUND * times for way in (-1, 1) for middle, times in zip(point, larger, strict=True)]
    if min(edges) < 0 or max(edges) > SIDE:
        return None
    return _hash(picture, (edges[0] / SIDE, edges[1] / SIDE, edges[2] / SIDE, edges[3] / SIDE))


def _centred(part: float) -> Box:
    return ((1 - part) / 2, (1 - part) / 2, (1 + part) / 2, (1 + part) / 2)


def _hash(picture: Image.Image, box: Box) -> int:
    """Which of 8 x 8 neighbours is brighter."""
    edges = tuple(edge * SIDE for edge in box)
    pixels = picture.resize((9, 8), Image.Resampling.BOX, box=edges).tobytes()  # type: ignore[arg-type]
    bits = 0
    for row in range(0, 72, 9):
        for column in range(row, row + 8):
            bits = bits << 1 | (pixels[column] > pixels[column + 1])
    return bits


def _bands(kind: int, value: int) -> Iterator[int]:
    if kind == POINT:
        for number in range(64 // _POINT_WIDTH):
            yield POINTS + (number << _POINT_WIDTH | value >> (number * _POINT_WIDTH) & ((1 << _POINT_WIDTH) - 1))
        return
    for number in range(BANDS):
        yield (kind * BANDS + number) << _WIDTH | (value >> (number * _WIDTH) & _MASK)


GRID = 28


def _over(one: Image.Image, other: Image.Image, mine: Box, its: Box) -> float:
    """The correlation of the two where they overlap, 0 where there is nothing to see."""
    first, second = (_levels(picture, box) for picture, box in ((one, mine), (other, its)))
    across = sum(map(mul, first, second))
    sizes = sum(map(mul, first, first)) * sum(map(mul, second, second))
    return across / sizes**0.5 if sizes > (GRID * GRID * 2) ** 2 else 0.0  # some contrast at least


def _levels(picture: Image.Image, box: Box) -> list[float]:
    edges = tuple(edge * SIDE for edge in box)
    pixels = picture.resize((GRID, GRID), Image.Resampling.BOX, box=edges).tobytes()  # type: ignore[arg-type]
    mean = sum(pixels) / len(pixels)
    return [pixel - mean for pixel in pixels]


def _slanted(one: Image.Image, other: Image.Image) -> float:
    """Turned by any angle: coarse, then fine around the best."""
    core = _centred(DISC)
    best = (0.0, 0, one)
    for flipped in (one, one.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
        for degrees in _SLANTS:
            likeness = _over(flipped.rotate(degrees, Image.Resampling.BILINEAR), other, core, core)
            best = max(best, (likeness, degrees, flipped), key=lambda found: found[0])
    fine = (_over(best[2].rotate(best[1] + by, Image.Resampling.BILINEAR), other, core, core) for by in range(-4, 5))
    return max(fine)


def _cropped(one: Image.Image, other: Image.Image) -> float:
    """One is a part of the other: coarse over how much was cut where, then fine around the best."""
    best = 0.0
    for flipped in (one, one.transpose(Image.Transpose.FLIP_LEFT_RIGHT)):
        for whole, part in ((flipped, other), (other, flipped)):
            boxes = [(left, top, right, bottom) for left, right in _CUTS for top, bottom in _CUTS]
            found, box = max((_over(whole, part, box, FULL), box) for box in boxes)
            best = max(best, found if found < 0.3 else _refined(whole, part, box, found))
    return best


def _refined(whole: Image.Image, part: Image.Image, box: Box, found: float) -> float:
    """Move each edge a little as long as that makes them more alike."""
    for step in (0.05, 0.025, 0.012):
        for edge in (0, 1, 2, 3) * 2:
            for way in (-step, step):
                edges = list(box)
                edges[edge] = min(1.0, max(0.0, edges[edge] + way))
                moved: Box = (edges[0], edges[1], edges[2], edges[3])
                if moved[2] - moved[0] > 0.3 and moved[3] - moved[1] > 0.3:
                    found, box = max((found, box), (_over(whole, part, moved, FULL), moved))
    return found
