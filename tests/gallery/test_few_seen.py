"""Whoever sees few of very many pictures gets the same ones as if all had been walked through, in the same order."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_photo, make_project
from tests.leads.making import make_lead
from tracker.access import visible
from tracker.gallery.models import Photo
from tracker.gallery.queries import tiles
from tracker.gallery.queries.beside import load_beside
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.gallery.queries.tiles import list_tiles


@pytest.mark.parametrize("reach", [1, 4, 3000])
def test_pages_and_neighbours_are_those_of_all_one_sees(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch, reach: int
) -> None:
    monkeypatch.setattr(tiles, "NEXT", reach)
    people = (cast.sales1, cast.sales3, cast.dealer1, cast.technical, cast.supervisor, cast.gm)
    projects = [make_project(session, owner) for owner in (cast.sales1, cast.sales3)]
    projects[1].dealer_id = cast.dealer1.party_id
    lead = make_lead(session, cast.sales1)
    dice = random.Random(5)
    for _ in range(40):
        sender = dice.choice((cast.sales1, cast.sales3, cast.dealer1))
        photo = make_photo(session, sender, project=dice.choice(projects))
        if dice.random() < 0.2:
            photo.project_id, photo.lead_id = None, lead.id
        photo.step = dice.choice(("plot", "structure"))
    session.flush()
    for person in people:
        for filters in (PhotoFilters(), PhotoFilters(step="plot"), PhotoFilters(uploader_id=cast.dealer1.id)):
            wanted = select(Photo).where(visible(Photo, person), *filters.conditions()).order_by(Photo.id.desc())
            expected = list(session.scalars(wanted, filters.values))
            assert _walked(session, person, filters) == [photo.id for photo in expected]
            by_hand = list_tiles(session, person, filters, page=2, size=5)
            assert [tile.id for tile in by_hand.items] == [photo.id for photo in expected[5:10]]
            tokens = [None, *(photo.token for photo in expected), None]
            for number, photo in enumerate(expected):
                beside = load_beside(session, person, photo, filters, asked_about=False)
                assert (beside.newer, beside.older) == (tokens[number], tokens[number + 2])


def _walked(session: Session, person: object, filters: PhotoFilters) -> list[int]:
    found: list[int] = []
    page = list_tiles(session, person, filters, size=3)  # type: ignore[arg-type]
    while page.items:
        found += [tile.id for tile in page.items]
        page = list_tiles(session, person, filters, after=int(page.mark), page=2, size=3)  # type: ignore[arg-type]
    return found
