"""What people write differently and mean alike folds to one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.folding import figure, fold, mended, number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｌinden　Tower", "linden tower"),
        ("廣州萬科雲城", "广州万科云城"),
        ("Musée du Louvre", "MUSEE DU LOUVRE"),
        ("MusÃ©e du Louvre", "Musée du Louvre"),
        ("城市花园第二期", "城市花园2期"),
        ("城市花园二期", "城市花园２期"),
        ("十二号楼", "12号楼"),
        ("中国建筑第八工程局", "中国建筑第8工程局"),
        ("广西壮族自治区南宁市", "广西南宁市"),
        ("St. John’s", "St. Johns"),
        ("U.S.A. Plaza", "USA Plaza"),
    ],
)
def test_spellings_of_one_name_fold_to_one_text(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("城市花园二期", "城市花园三期"), ("三局", "八局"), ("Tower A", "Tower B")])
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35), ("一百零三", 103), ("二〇", 20), ("两", 2)],
)
def test_chinese_numerals_have_their_value(numeral: str, value: int) -> None:
    assert number(numeral) == value


@pytest.mark.parametrize(
    ("word", "figures"), [("second", "2"), ("2nd", "2"), ("III", "III"), ("iii", "3"), ("007", "7")]
)
def test_words_for_numbers_become_figures(word: str, figures: str) -> None:
    assert figure(word) == figures


def test_text_that_only_looks_misread_is_left_alone() -> None:
    assert mended("Ã©") == "é"
    assert mended("ÃO PAULO") == "ÃO PAULO"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_naughty_strings_fold(naughty: list[str]) -> None:
    for text in naughty:
        assert fold(fold(text)) == fold(text)
