"""What each source of leads demands, and by when whoever told of it is answered."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.lead_sources import Brought, demand_of, demands_of
from workflows.loading import load_standard

STANDARD = load_standard()
FRIDAY = date(2025, 9, 26)  # before the National Day holiday of 2025: October 1 to 8, with September 28 worked


@pytest.mark.parametrize(
    ("source", "enough", "short"),
    [
        ("street_canvassing", Brought(photos=True, place=True), Brought(photos=True, documents=True, note=True)),
        ("street_canvassing", Brought(photos=True, place=True), Brought(place=True, documents=True, people=True)),
        ("media_land", Brought(documents=True), Brought(place=True, people=True, note=True)),
        ("media_land", Brought(photos=True), Brought(note=True)),
        ("design_institute", Brought(people=True), Brought(photos=True, place=True, documents=True, note=True)),
        ("owner_inquiry", Brought(note=True), Brought(photos=True, place=True)),
        ("hearsay", Brought(), None),
    ],
)
def test_a_source_is_content_with_what_it_demands_and_with_nothing_else(
    source: str, enough: Brought, short: Brought | None
) -> None:
    demand = demand_of(STANDARD, source)
    assert demand.met_by(enough)
    assert short is None or not demand.met_by(short)


@pytest.mark.parametrize(
    ("source", "found", "last"),
    [
        ("design_institute", date(2025, 11, 3), date(2025, 11, 6)),
        ("tender_platform", date(2025, 11, 3), date(2025, 11, 3)),
        ("owner_inquiry", date(2025, 11, 7), date(2025, 11, 10)),
        ("owner_inquiry", FRIDAY, date(2025, 9, 28)),
        ("owner_inquiry", date(2025, 9, 30), date(2025, 10, 9)),
        ("street_canvassing", FRIDAY, None),
    ],
)
def test_whoever_told_of_it_is_answered_by_a_day_that_the_definition_sets(
    source: str, found: date, last: date | None
) -> None:
    assert demand_of(STANDARD, source).answer_by(found) == last


def test_every_source_of_the_standard_demands_something_and_says_so_in_both_languages() -> None:
    demands = demands_of(STANDARD)
    assert len(demands) == 13
    assert all(demand.evidence and demand.tip.zh and demand.tip.en for demand in demands.values())
