"""A canvas for flat illustrations: shapes in picture units of 1600 x 1200, drawn twice as fine and reduced."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1600, 1200  # picture units, and pixels of the finished picture
FINER = 2

Colour = tuple[int, int, int]
Point = tuple[float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour `share` (0 to 1) of the way from `one` to `other`."""
    r, g, b = (round(a + (z - a) * share) for a, z in zip(one, other, strict=True))
    return (r, g, b)


def darker(colour: Colour, share: float = 0.2) -> Colour:
    """The same colour in shadow."""
    return mix(colour, (24, 30, 48), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    """The same colour in the light."""
    return mix(colour, (255, 255, 250), share)


class Canvas:
    """One picture being painted; `alpha` is 0 to 255."""

    def __init__(self, top: Colour, bottom: Colour, horizon: float) -> None:
        """Start with a sky from `top` to `bottom`, reached at the height of `horizon`."""
        strip = Image.new("RGB", (1, 64))
        for row in range(64):
            strip.putpixel((0, row), mix(top, bottom, min(1.0, row / 63 * HEIGHT / horizon)))
        column = strip.resize((1, HEIGHT * FINER), Image.Resampling.BILINEAR)
        self.image = column.resize((WIDTH * FINER, HEIGHT * FINER), Image.Resampling.NEAREST)
        self._opaque = ImageDraw.Draw(self.image)
        self._blending = ImageDraw.Draw(self.image, "RGBA")

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, alpha: int = 255) -> None:
        """A rectangle with its corners in any order."""
        box = (min(x0, x1) * FINER, min(y0, y1) * FINER, max(x0, x1) * FINER - 1, max(y0, y1) * FINER - 1)
        if box[2] < box[0] or box[3] < box[1]:
            return
        self._pen(alpha).rectangle(box, fill=self._paint(fill, alpha))

    def frame(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float = 4) -> None:
        """The four edges of a rectangle."""
        self.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0), (x1, y0)], colour, width)

    def soft_rect(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, radius: float = 8) -> None:
        """A rectangle with round corners."""
        self._opaque.rounded_rectangle((x0 * FINER, y0 * FINER, x1 * FINER, y1 * FINER), radius * FINER, fill=fill)

    def poly(self, points: Sequence[Point], fill: Colour, alpha: int = 255) -> None:
        """A filled polygon."""
        self._pen(alpha).polygon([(x * FINER, y * FINER) for x, y in points], fill=self._paint(fill, alpha))

    def line(self, points: Sequence[Point], fill: Colour, width: float = 4, alpha: int = 255) -> None:
        """A line through the points."""
        fine = [(x * FINER, y * FINER) for x, y in points]
        self._pen(alpha).line(fine, fill=self._paint(fill, alpha), width=max(1, round(width * FINER)), joint="curve")

    def dashes(self, start: Point, end: Point, fill: Colour, width: float = 5, length: float = 22) -> None:
        """A broken straight line."""
        (x0, y0), (x1, y1) = start, end
        count = max(1, round(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / (length * 1.7)))
        for index in range(count):
            a, z = index / count, (index + 0.58) / count
            self.line([(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * z, y0 + (y1 - y0) * z)], fill, width)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour, alpha: int = 255) -> None:
        """An ellipse around its centre."""
        box = ((x - rx) * FINER, (y - ry) * FINER, (x + rx) * FINER, (y + ry) * FINER)
        self._pen(alpha).ellipse(box, fill=self._paint(fill, alpha))

    def disc(self, x: float, y: float, radius: float, fill: Colour, alpha: int = 255) -> None:
        """A circle around its centre."""
        self.oval(x, y, radius, radius, fill, alpha)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float = 4) -> None:
        """The rim of a circle."""
        box = ((x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER)
        self._opaque.ellipse(box, outline=colour, width=round(width * FINER))

    def finished(self, tint: Colour, share: float) -> Image.Image:
        """The picture at its final size under the light of the hour."""
        small = self.image.reduce(FINER)
        return Image.blend(small, Image.new("RGB", small.size, tint), share) if share > 0 else small

    def _pen(self, alpha: int) -> ImageDraw.ImageDraw:
        return self._opaque if alpha == 255 else self._blending

    @staticmethod
    def _paint(fill: Colour, alpha: int) -> tuple[int, ...]:
        return fill if alpha == 255 else (*fill, alpha)
