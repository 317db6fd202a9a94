"""Story B through the pages: its people send the forms, and read in both languages what the pages then say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from markupsafe import escape

from tests.stories.application.pages import LANGUAGES, Pages
from tests.stories.application.pending import PENDING
from tests.stories.application.playing import Performance, performance
from tests.stories.story_b import COATING, STORY, B

Said = tuple[str, str, str, str]
TENDER = ("招标期间（2026-08-25 起，至定标）", "The tender is out since 2026-08-25")
PROMISE = ("特批时承诺2026-11-15 前补齐", "Promised by 2026-11-15 with the exception")
UNMET = ("决策者已登记，但还没有见过。", "The decision maker is known but not met yet.")
SAID: dict[str, tuple[Said, ...]] = {  # event: project, page under it, what it says in Chinese and in English
    "B04": ((B, "/outcome", "公开招标（政府、国企、医院、学校）", "Public tender (government, state-owned"),),
    "B05": ((B, "/cells/map/structure", "登记甲方精装负责人", "Record the owner's fit-out lead"),),
    "B08": ((B, "/phase", "还缺", "Still missing"),),
    "B10": (
        (B, "/outcome", "资金停工", "Stopped for lack of funds"),
        (B, "", "项目暂停中，复查日 2026-02-10。", "The project rests; its review is on 2026-02-10."),
    ),
    "B11": ((B, "", "项目暂停中，复查日 2026-04-30。", "The project rests; its review is on 2026-04-30."),),
    "B13": ((B, "", *UNMET),),
    "B16": ((B, "", *TENDER),),
    "B17": ((B, "", *PROMISE),),
    "B20": ((B, "", *TENDER),),
    "B22": ((B, "/people", "装修单位", "Fit-out contractor"),),
    "B25": ((B, "/outcome", "价格高于中标价", "Price above the winner"), (B, "/outcome", "Bolin", "11%")),
    "B27": ((B, "/outcome", "赢单", "won"), (B, "", *PROMISE)),
    "B29": ((B, "/outcome", "Ruian", "Ruian"),),
    "B30": ((B, "/cells/deliver/mep", "楼层没封窗", "No gypsum board or timber doors to floors"),),
    "B33": (
        (B, "/outcome", "Story B-coating", "Story B-coating"),
        (COATING, "", "投标报价", "Bid and quotation"),
    ),
    "B34": ((COATING, "/outcome", "赢单", "won"),),
    "B35": ((B, "/dates", "竣工验收合格日", "Date of completion acceptance"),),
}
UNSAID: dict[str, tuple[Said, ...]] = {  # what they say no more
    "B12": ((B, "", "项目暂停中", "The project rests"),),
    "B22": ((B, "", *TENDER),),
    "B28": ((B, "", *PROMISE),),
}


@pytest.fixture(scope="module")
def story(app: Flask) -> Iterator[Performance]:
    with performance(app, STORY, "sales", by_pages=True) as played:
        yield played


@pytest.mark.parametrize("number", STORY.numbers)
def test_story_b_by_its_pages(story: Performance, number: str) -> None:
    assert story.play(number) == frozenset(PENDING.get(number, ()))
    stage = story.stage
    assert isinstance(stage, Pages)
    for key in stage.ids:
        phase, step = (found.name for found in (stage.definition.phase(stage[key].phase),
                                                stage.definition.step(stage.cell(key)[1])))  # fmt: skip
        for lang in LANGUAGES:
            page = read(stage, key, "", lang)
            assert phase.get(lang) in page and step.get(lang) in page
    for key, path, *words in SAID.get(number, ()):
        for lang, text in zip(LANGUAGES, words, strict=True):
            assert str(escape(text)) in read(stage, key, path, lang), (path, text)
    for key, path, *words in UNSAID.get(number, ()):
        for lang, text in zip(LANGUAGES, words, strict=True):
            assert str(escape(text)) not in read(stage, key, path, lang), (path, text)


def read(stage: Pages, key: str, path: str, lang: str) -> str:
    """A page of a project as its owner reads it now."""
    with stage.moment():
        return stage.page(stage.owner, stage.at(key, path), lang)
