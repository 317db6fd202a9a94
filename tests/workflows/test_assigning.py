"""Who should take a lead: points and reasons from plain values, without an application."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workflows.assigning import Area, Candidate, Wanted, kilometres, rank, spread
from workflows.text import Text

HOTEL = Wanted(
    region_id=1,
    address="No. 8 Harbour Road, Pudong",
    latitude=31.2,
    longitude=121.5,
    kind="hotel",
    source="media_land",
    developer_id=9,
    kind_name=Text("酒店", "Hotel"),
    source_name=Text("媒体与土地拍卖", "Media and land auctions"),
)


def test_whoever_covers_the_place_comes_before_whoever_covers_the_region_and_both_before_the_rest() -> None:
    near = Candidate(1, (Area("Pudong office", latitude=31.2, longitude=121.6, radius_km=20),))
    region = Candidate(2, (Area("North", region_id=1),))
    nowhere = Candidate(3, (Area("South", region_id=2),))
    ranked = rank(HOTEL, [nowhere, region, near])
    assert [one.id for one in ranked] == [1, 2, 3]
    assert ranked[0].reasons[0].en == "10 km from Pudong office, within reach"
    assert ranked[1].reason("zh") == "负责North；在手 0/40"


def test_a_district_is_a_word_of_the_address_within_the_region() -> None:
    fits = Candidate(1, (Area("Pudong", region_id=1, district="pudong"),))
    elsewhere = Candidate(2, (Area("Pudong", region_id=2, district="pudong"),))
    assert [len(one.reasons) for one in rank(HOTEL, [fits, elsewhere])] == [2, 1]


def test_a_circle_says_nothing_about_a_lead_without_a_place() -> None:
    near = Candidate(1, (Area("Office", latitude=31.2, longitude=121.5, radius_km=20),))
    assert len(rank(Wanted(region_id=1), [near])[0].reasons) == 1


def test_skill_and_history_decide_between_two_of_the_same_territory() -> None:
    area = (Area("North", region_id=1),)
    plain = Candidate(1, area)
    skilled = Candidate(2, area, kinds=frozenset({"hotel"}), sources=frozenset({"media_land"}))
    known = Candidate(3, area, won_kinds={"hotel": 2, "school": 5}, won_developers=frozenset({9}))
    ranked = rank(HOTEL, [plain, known, skilled])
    assert [one.id for one in ranked] == [2, 3, 1]
    assert "good at: Hotel" in ranked[0].reason("en")
    assert "won with this developer before; won 2 of this kind" in ranked[1].reason("en")


def test_each_known_material_that_is_wanted_counts_up_to_two_and_is_named() -> None:
    materials = {
        "tiles": Text("瓷砖", "Tiles"),
        "lighting": Text("灯具", "Lighting"),
        "flooring": Text("地板", "Flooring"),
    }
    wanted = Wanted(categories=materials)
    none, one, all_three = (
        Candidate(1),
        Candidate(2, categories=frozenset({"lighting", "insulation"})),
        Candidate(3, categories=frozenset(materials)),
    )
    ranked = rank(wanted, [none, one, all_three])
    assert [one.id for one in ranked] == [3, 2, 1]
    assert [ranked[0].points - ranked[2].points, ranked[1].points - ranked[2].points] == [16, 8]
    assert "knows the materials: Tiles, Lighting, Flooring" in ranked[0].reason("en")
    assert "熟悉品类：灯具" in ranked[1].reason("zh") and "材料" not in ranked[1].reason("zh")


def test_a_full_desk_loses_against_an_empty_one_elsewhere() -> None:
    full = Candidate(1, (Area("North", region_id=1),), load=40)
    free = Candidate(2)
    assert [one.id for one in rank(HOTEL, [full, free])] == [2, 1]
    assert "full desk (40 of 40)" in rank(HOTEL, [full])[0].reason("en")


def test_many_leads_are_spread_over_equals() -> None:
    found = spread([HOTEL] * 4, [Candidate(1, limit=10), Candidate(2, limit=10)])
    assert [one.id for one in found if one] == [1, 2, 1, 2]
    assert spread([HOTEL], []) == (None,)


def test_distances_are_those_of_the_map() -> None:
    assert round(kilometres(31.2304, 121.4737, 39.9042, 116.4074)) == 1067  # Shanghai to Beijing


@given(st.permutations([Candidate(n, load=n % 3) for n in range(6)]))
def test_the_order_in_which_people_are_asked_does_not_matter(people: list[Candidate]) -> None:
    assert [one.id for one in rank(HOTEL, people)] == [0, 3, 1, 4, 2, 5]
