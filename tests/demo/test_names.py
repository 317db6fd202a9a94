"""The invented names: the same again for the same seed, and enough of them."""

import re
from random import Random

import pytest

from tracker.demo import names
from tracker.demo.places import CITIES
from tracker.demo.record_sentences import SAID, SEEN
from tracker.matching.normalise import firm_key
from workflows.loading import load_standard

KINDS = [item.key for item in load_standard().picklist("participant_kinds").items]
TYPES = [item.key for item in load_standard().picklist("project_types").items]
STEPS = [step.key for step in load_standard().steps]


def _everything(seed: int) -> list[object]:
    random = Random(seed)
    return [
        [names.firm_name(random, kind) for kind in KINDS],
        [names.project_name(random, kind) for kind in TYPES],
        names.project_name(random),
        names.person_name(random),
        names.phone(random),
        names.email(random),
        names.address(random),
        [names.record_sentence(random, step, "site_visit") for step in STEPS],
    ]


def test_the_same_seed_gives_the_same_names():
    assert _everything(5) == _everything(5)
    assert _everything(5) != _everything(6)


def test_there_are_firms_enough_and_no_import_would_take_two_for_one():
    random = Random(1)
    firms = names.distinct(800, lambda: names.firm_name(random, random.choice(KINDS)))
    assert len({firm_key(firm) for firm in firms}) == 800


def test_there_are_projects_enough():
    random = Random(2)
    assert len(set(names.distinct(300, lambda: names.project_name(random)))) == 300


def test_there_are_people_enough():
    random = Random(3)
    assert len({names.person_name(random) for _ in range(1500)}) > 1000
    assert len({names.phone(random) for _ in range(1500)}) == 1500


def test_a_vocabulary_that_is_too_small_says_so():
    with pytest.raises(ValueError, match="only 1 of 2"):
        names.distinct(2, lambda: "one")


def test_telephone_numbers_belong_to_no_network():
    assert all(re.fullmatch(r"154\d{8}", names.phone(Random(seed))) for seed in range(50))


def test_the_short_name_drops_city_and_legal_form():
    assert names.short_firm_name("郑州栖川置业有限公司（Qichuan Land）") == "栖川置业"
    assert names.short_firm_name("樾安建设集团有限公司") == "樾安建设"


def test_addresses_lie_near_their_city():
    random = Random(4)
    for _ in range(300):
        text, latitude, longitude, city = names.address(random)
        assert text.startswith(CITIES[city].province + city)
        assert min(abs(latitude - lat) + abs(longitude - lon) for lat, lon in CITIES[city].districts.values()) < 0.2


def test_both_regions_have_cities():
    assert {city.north for city in CITIES.values()} == {True, False}


def test_every_step_has_six_sentences_of_each_sort_and_a_filled_one_for_each_activity():
    kinds = [item.key for item in load_standard().picklist("activity_kinds").items]
    random = Random(6)
    for step in STEPS:
        assert len(set(SEEN[step])) >= 6
        assert len(set(SAID[step])) >= 6
        for kind in [*kinds, "something_else"]:
            sentence = names.record_sentence(random, step, kind)
            assert sentence.endswith("。")
            assert not re.search(r"[{}]|。。", sentence)


def test_an_unknown_step_is_refused():
    with pytest.raises(KeyError):
        names.record_sentence(Random(1), "roof", "call")
