"""Sky, town and ground around a drawn building site, and the weather over it."""

from __future__ import annotations

from random import Random

from tracker.demo.site_canvas import HEIGHT, WIDTH, Canvas, Colour, darker, lighter, mix
from tracker.demo.site_scene import Day, Site

EARTH: Colour = (188, 150, 108)
GRASS: Colour = (136, 170, 98)
PAVING: Colour = (206, 200, 190)


def open_sky(site: Site, day: Day) -> Canvas:
    """A canvas with the sky, the sun and the clouds."""
    canvas = Canvas(day.top, day.bottom, site.horizon)
    if day.sun:
        x, y = day.sun
        pale = day.weather == "haze"
        for radius, alpha in ((120, 26), (84, 38)):
            canvas.disc(x, y, radius, (255, 244, 214), alpha)
        canvas.disc(x, y, 54, (255, 240, 196) if not pale else (250, 236, 214))
    for _ in range({"clear": 2, "cloudy": 7, "rain": 8}.get(day.weather, 0)):
        _cloud(canvas, day)
    return canvas


def _cloud(canvas: Canvas, day: Day) -> None:
    x, y, size = day.random.uniform(0, WIDTH), day.random.uniform(60, 360), day.random.uniform(40, 88)
    colour = (168, 178, 188) if day.weather == "rain" else lighter(day.bottom, 0.7)
    for dx, dy, share in ((-1.3, 0.16, 0.62), (-0.5, -0.24, 0.9), (0.5, -0.1, 0.8), (1.3, 0.18, 0.58)):
        canvas.disc(x + dx * size, y + dy * size, size * share, colour)
    canvas.rect(x - 1.6 * size, y + size * 0.2, x + 1.6 * size, y + size * 0.78, colour)
    canvas.disc(x - 1.6 * size, y + size * 0.49, size * 0.29, colour)
    canvas.disc(x + 1.6 * size, y + size * 0.49, size * 0.29, colour)


def town(canvas: Canvas, site: Site, day: Day) -> None:
    """The neighbours, paler with the distance and the haze."""
    air = 0.62 if day.weather == "haze" else 0.34
    random = Random(repr(site.neighbours))  # noqa: S311 - pictures, not secrets
    for left, width, height, colour in site.neighbours:
        tone = mix(colour, day.bottom, air)
        top = site.horizon - height
        canvas.rect(left, top, left + width, site.horizon + 8, tone)
        canvas.rect(left + width * 0.72, top, left + width, site.horizon + 8, darker(tone, 0.08))
        window = (255, 226, 160) if day.lit else lighter(tone, 0.35)
        for row in range(int(height // 34)):
            for column in range(int(width * 0.72 // 30)):
                if not day.lit or random.random() < 0.4:
                    x, y = left + 12 + column * 30, top + 14 + row * 34
                    canvas.rect(x, y, x + 13, y + 16, window)
    for index in range(26):
        x, size = index * 66 + random.uniform(-20, 20), random.uniform(16, 34)
        canvas.disc(x, site.horizon + 6, size, mix((104, 142, 92), day.bottom, air * 0.7))


def ground(canvas: Canvas, site: Site, green: float) -> None:
    """The plot: bare earth where `green` is 0, gardens where it is 1."""
    near = mix(EARTH, GRASS, green)
    canvas.rect(0, site.horizon, WIDTH, HEIGHT, lighter(near, 0.14))
    canvas.poly([(0, site.horizon + 74), (WIDTH, site.horizon + 40), (WIDTH, HEIGHT), (0, HEIGHT)], near)
    canvas.poly([(0, 1060), (620, 1030), (1200, 1066), (WIDTH, 1040), (WIDTH, HEIGHT), (0, HEIGHT)], darker(near, 0.10))


def tracks(canvas: Canvas, random: Random, count: int = 4) -> None:
    """Wheel tracks and stones on bare ground."""
    dark = darker(EARTH, 0.22)
    for _ in range(count):
        x, y = random.uniform(0, 1300), random.uniform(1040, 1160)
        canvas.line([(x, y), (x + 190, y - 10), (x + 400, y + 4)], dark, 7)
        canvas.line([(x + 8, y + 26), (x + 200, y + 15), (x + 410, y + 30)], dark, 7)
    for _ in range(count * 6):
        x, y = random.uniform(0, WIDTH), random.uniform(985, 1180)
        canvas.oval(x, y, random.uniform(4, 10), 4, lighter(EARTH, 0.3))


def hoarding(canvas: Canvas, site: Site, top: float = 858, bottom: float = 916) -> None:
    """The site fence of sheet panels along the back."""
    for index in range(20):
        tone = site.hoarding if index % 2 else darker(site.hoarding, 0.07)
        canvas.rect(index * 82 - 20, top, index * 82 + 62, bottom, tone)
    canvas.rect(0, top - 6, WIDTH, top + 2, lighter(site.hoarding, 0.5))
    canvas.rect(0, bottom - 8, WIDTH, bottom, (226, 184, 60))


def weather_over(canvas: Canvas, day: Day) -> None:
    """Rain in front of everything."""
    if day.weather != "rain":
        return
    for _ in range(150):
        x, y, length = day.random.uniform(0, WIDTH), day.random.uniform(0, HEIGHT), day.random.uniform(26, 60)
        canvas.line([(x, y), (x - length * 0.22, y + length)], (220, 230, 238), 1.5)
