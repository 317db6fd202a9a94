"""The drawn site pictures: the same again for the same wish, different for another, with a phone's EXIF."""

import io
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from tracker.demo.site_pictures import PAINTERS, draw_site
from tracker.images import examine
from workflows.loading import load_standard

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2026, 5, 3, 12, 20, 5, tzinfo=CHINA)
ZHENGZHOU = (34.747253, 113.624931)


def test_every_construction_step_has_a_picture():
    assert list(PAINTERS) == [step.key for step in load_standard().steps]


def test_the_same_arguments_give_the_same_bytes():
    assert draw_site("structure", 7, NOON, ZHENGZHOU) == draw_site("structure", 7, NOON, ZHENGZHOU)


def test_each_step_looks_different_and_stays_small():
    pictures = [draw_site(step, 3, NOON, ZHENGZHOU) for step in PAINTERS]
    assert len({examine(data).dhash for data in pictures}) == len(PAINTERS)
    assert max(len(data) for data in pictures) < 120_000
    assert {Image.open(io.BytesIO(data)).size for data in pictures} == {(1600, 1200)}


@pytest.mark.parametrize("step", ["masonry", "mep", "fitout"])
def test_busy_pictures_of_many_sites_stay_small(step):
    assert max(len(draw_site(step, seed, NOON, None)) for seed in range(8)) < 120_000


def test_another_seed_is_another_site():
    pictures = {examine(draw_site("envelope", seed, NOON, None)).dhash for seed in range(6)}
    assert len(pictures) == 6


def test_another_moment_is_another_picture_of_the_same_site():
    assert draw_site("envelope", 1, NOON, None) != draw_site("envelope", 1, NOON + timedelta(days=9), None)


def test_the_picture_says_when_and_where_it_was_taken():
    picture = examine(draw_site("ground", 2, NOON, ZHENGZHOU))
    assert picture.taken_at == NOON
    assert picture.place == pytest.approx(ZHENGZHOU, abs=1e-6)
    assert picture.camera is not None
    assert "Project Tracker demo" in picture.camera


def test_south_and_west_are_kept():
    place = (-33.8688, -70.6693)
    assert examine(draw_site("land", 2, NOON, place)).place == pytest.approx(place, abs=1e-6)


def test_no_place_leaves_no_place_behind():
    assert examine(draw_site("handover", 2, NOON, None)).place is None


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        draw_site("land", 1, NOON.replace(tzinfo=None), None)


def test_an_unknown_step_is_refused():
    with pytest.raises(KeyError):
        draw_site("roof", 1, NOON, None)
