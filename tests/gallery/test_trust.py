"""What pictures are asked about: copies across the company, distance, day, edits, the step they show."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.gallery.making import exif_of, opened, picture
from tracker import clock
from tracker.gallery.likeness import MATCH, Small, alike, bands, distance, is_near, kind_of, lookups, unsigned
from tracker.gallery.models import Photo, PhotoSignal
from tracker.gallery.operations import stage_photo
from tracker.images import PictureRefused, examine
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Project
from tracker.storage import FolderStorage
from tracker.team.models import User

pytestmark = pytest.mark.usefixtures("media")
SAME = ("alpha_channel", "ukbench00120")  # what the near-duplicate set holds of one view


def found_by(one: Small, other: Small) -> bool:
    """Whether the index would bring the kept `other` up when `one` comes."""
    wanted = lookups(one)
    hashes = ((band, value) for band, value in bands(other).items() if band in wanted)
    return any(is_near(kind_of(band), distance(unsigned(value), wanted[band])) for band, value in hashes)


def test_the_near_duplicate_set_gives_every_true_pair_and_no_false_one(shared_data: Path) -> None:
    smalls = {}
    for path in sorted((shared_data / "photos" / "near_duplicates").iterdir()):
        try:
            smalls[path.name] = Small(opened(examine(path.read_bytes()).derived["320"]))
        except PictureRefused:
            continue
    assert len(smalls) == 15
    for (name, one), (other_name, other) in combinations(smalls.items(), 2):
        same = name.startswith(SAME) and other_name.startswith(SAME)
        likeness = alike(one, other)
        assert (likeness >= MATCH) == same, (name, other_name, likeness)
        if same:
            assert found_by(one, other) and found_by(other, one), (name, other_name)


CHANGED: dict[str, Any] = {
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "smaller": lambda image: image.resize((400, 300)),
    "grey": lambda image: image.convert("L"),
    "slanted": lambda image: image.rotate(17),
    "cut": lambda image: image.crop((40, 0, 800, 560)),
}


def view(seed: int) -> Image.Image:
    """A view with large and small things in it, another one for each seed."""
    dice = random.Random(seed)
    image = Image.new("RGB", (800, 600), tuple(dice.randrange(60, 200) for _ in range(3)))
    for _ in range(60):
        left, top = dice.randrange(760), dice.randrange(560)
        colour = tuple(dice.randrange(256) for _ in range(3))
        image.paste(colour, (left, top, left + dice.randrange(20, 220), top + dice.randrange(20, 220)))
    return image


def logged(session: Session, media: FolderStorage, project: Project, by: User, data: bytes, **captured: Any) -> Photo:
    staged = stage_photo(session, media, data, "site.jpg", by=by, **captured)
    draft = RecordDraft(
        project.phase, project.step, "site_visit", clock.today(), f"Visit {staged.token}", photos=(staged.token,)
    )
    log_record(session, project, draft, by=by)
    session.commit()
    return staged


def signals(session: Session, photo: Photo) -> dict[str, PhotoSignal]:
    return {one.kind: one for one in session.scalars(select(PhotoSignal).where(PhotoSignal.photo_id == photo.id))}


@pytest.mark.parametrize("how", CHANGED)
def test_a_changed_copy_of_another_team_s_picture_is_recognised(
    session: Session, cast: Cast, media: FolderStorage, how: str
) -> None:
    first = logged(session, media, make_project(session, cast.sales3), cast.sales3, picture(view(1)))
    copy = picture(CHANGED[how](view(1)), quality=60)
    second = logged(session, media, make_project(session, cast.sales1), cast.sales1, copy)
    assert signals(session, second)["reused"].other_id == first.id
    assert "reused" not in signals(session, first)


def test_other_views_are_not_taken_for_copies(session: Session, cast: Cast, media: FolderStorage) -> None:
    project = make_project(session, cast.sales1)
    taken = [logged(session, media, project, cast.sales1, picture(view(seed))) for seed in range(2, 8)]
    assert not any("reused" in signals(session, one) for one in taken)


def test_distance_day_and_edits_are_said_and_what_fits_is_not(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, latitude=31.2, longitude=121.5)
    exif = exif_of(taken="2026:01:05 10:00:00", place=(31.3, 121.5))
    exif[305] = "Adobe Photoshop 25.0"
    odd = signals(session, logged(session, media, project, cast.sales1, picture(view(9), exif=exif)))
    assert 11_000 < (odd["far"].amount or 0) < 11_300
    assert odd["time"].amount is not None and odd["time"].amount < -2
    assert odd["edited"].seen == "Adobe Photoshop 25.0"
    now = clock.now()
    fine = logged(
        session, media, project, cast.sales1, picture(view(10)), captured_at=now, captured_place=(31.2001, 121.5001)
    )
    assert signals(session, fine) == {}


def test_a_step_that_contradicts_the_column_asks_the_owner_and_changes_nothing(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1, name="Canal Court")
    taken = logged(session, media, project, cast.sales1, picture(view(11)))
    before = project.step
    answer = browser.of(cast.sales1).post(
        f"/photos/{taken.token}/words", data={"seen_step": "envelope", "tags": "立面，defect"}
    )
    assert answer.status_code == 303
    assert project.step == before
    mine = browser.of(cast.sales1).get("/photos/questions").get_data(as_text=True)
    assert "Canal Court" in mine
    assert "Canal Court" in browser.of(cast.supervisor).get("/photos/questions").get_data(as_text=True)
    for person in (cast.sales2, cast.supervisor2):
        assert "Canal Court" not in browser.of(person).get("/photos/questions").get_data(as_text=True)
    asked = signals(session, taken)["step"].id
    said = {"answer": "The matrix is behind; I report it today."}
    assert browser.of(cast.sales1).post(f"/photos/questions/{asked}", data=said).status_code == 303
    assert "Canal Court" not in browser.of(cast.sales1).get("/photos/questions").get_data(as_text=True)
    again = browser.of(cast.supervisor).post(f"/photos/questions/{asked}", data=said)
    assert again.status_code == 303  # the first answer counts
    session.expire_all()
    assert signals(session, taken)["step"].settled_by_id == cast.sales1.id


def test_a_known_wrong_step_is_withdrawn_when_it_is_corrected(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    project = make_project(session, cast.sales1)
    taken = logged(session, media, project, cast.sales1, picture(view(12)))
    client = browser.of(cast.sales1)
    client.post(f"/photos/{taken.token}/words", data={"seen_step": "envelope"})
    client.post(f"/photos/{taken.token}/words", data={"seen_step": project.step})
    assert "step" not in signals(session, taken)


def test_parts_cut_out_of_a_view_anywhere_are_looked_up_both_ways(shared_data: Path) -> None:
    names = ("ukbench01380", "ukbench08996", "ukbench09040", "ukbench09348", "ukbench09380", "ukbench09060")
    dice, found, number = random.Random(11), 0, 0
    for name in names:
        image = opened((shared_data / "photos" / "near_duplicates" / f"{name}.jpg").read_bytes()).convert("RGB")
        whole = Small(image)
        for _ in range(4):
            across, down = (dice.uniform(0.1, 0.2) for _side in range(2))
            left, top = dice.uniform(0, across), dice.uniform(0, down)
            box = (left, top, left + 1 - across, top + 1 - down)
            edges = tuple(round(part * side) for part, side in zip(box, image.size * 2, strict=True))
            part = Small(opened(picture(image.crop(edges), quality=70)))  # type: ignore[arg-type]
            found += found_by(part, whole) + found_by(whole, part)
            number += 2
    assert found >= 0.9 * number, f"{found} of {number}"
