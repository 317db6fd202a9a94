"""Planned records become rows: with evidence, hints followed, people met and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tracker.demo.chronicle import Chronicle, moment
from tracker.demo.entries import Entry
from tracker.demo.firms import Added
from tracker.demo.people import Company
from tracker.demo.pictures import Pictures
from tracker.demo.portfolio import History
from tracker.events import Kind
from tracker.gallery.models import Photo
from tracker.matrix.facts import ANCHOR
from tracker.matrix.models import Evidence, Record, RecordContact, RecordHint
from tracker.projects.models import Project

NEAR = 0.0005  # degrees around a site from which pictures are taken, about 50 m

Written = tuple[History, Project, Entry, Record]


class RecordRows:
    """Adds the records of planned projects and what hangs on them."""

    def __init__(
        self,
        session: Session,
        random: Random,
        company: Company,
        firms: Added,
        pictures: Pictures,
        chronicle: Chronicle,
    ) -> None:
        self.session, self.random, self.company = session, random, company
        self.firms, self.pictures, self.chronicle = firms, pictures, chronicle

    def add(self, histories: Sequence[History], projects: Sequence[Project], tick: Callable[[int], None]) -> None:
        """Add everything in the order of time: the newest rows are the newest things. `tick` counts pictures."""
        written = [
            (history, project, entry, self._record(project, entry))
            for history, project in zip(histories, projects, strict=True)
            for entry in history.entries
        ]
        written.sort(key=lambda each: each[3].entered_at)
        self.session.add_all([record for *_, record in written])
        self.session.flush()
        with_photo = self._add_photos(written, tick)
        self._add_proofs(written)
        self._add_marks(written)
        self._add_anchors(histories, projects)
        for _, project, entry, record in written:
            self._note(project, entry, record, int(record.id in with_photo))

    def _record(self, project: Project, entry: Entry) -> Record:
        return Record(
            project_id=project.id,
            phase=entry.phase,
            step=entry.step,
            kind=entry.kind,
            department=entry.department,
            author_id=self.company.users[entry.author].id,
            happened_on=entry.day,
            entered_at=moment(self.random, entry.entered, 9, 21),
            text=entry.text,
            is_plan=entry.is_plan,
            late_entry=(entry.entered - entry.day).days > 14,
            next_step=entry.next_step,
            next_on=entry.next_on,
        )

    def _add_photos(self, written: Sequence[Written], tick: Callable[[int], None]) -> set[int]:
        """Put the chosen pictures to their records; the ids of these records."""
        with_photo: set[int] = set()
        photos: list[Photo] = []
        for history, project, entry, record in written:
            if entry.picture is None:
                continue
            photos.append(self._photo(history, project, entry, record))
            with_photo.add(record.id)
            tick(len(photos))
        self.session.add_all(photos)
        self.session.flush()
        for photo in photos:
            note, about = self.chronicle.note, {"record_id": photo.record_id}
            note(Kind.PHOTO_ADDED, photo, photo.uploaded_at, photo.uploader_id, photo.project_id, **about)
        return with_photo

    def _photo(self, history: History, project: Project, entry: Entry, record: Record) -> Photo:
        latitude, longitude = history.plan.place
        place = (latitude + self.random.uniform(-NEAR, NEAR), longitude + self.random.uniform(-NEAR, NEAR))
        by = self.company.users[entry.author]
        photo = self.pictures.take(entry.picture or "", history.plan.number, entry.day, place, by=by)
        photo.project_id, photo.record_id = project.id, record.id
        photo.phase, photo.step = record.phase, record.step
        photo.uploaded_at = record.entered_at
        return photo

    def _add_proofs(self, written: Sequence[Written]) -> None:
        rows = [
            {
                "project_id": project.id,
                "record_id": record.id,
                "target": proof.target,
                "kind": proof.kind,
                "dated_on": entry.day,
                "recorded_on": entry.day,
                "by_id": record.author_id,
            }
            for _, project, entry, record in written
            for proof in entry.proofs
        ]
        self.session.execute(insert(Evidence), rows)

    def _add_anchors(self, histories: Sequence[History], projects: Sequence[Project]) -> None:
        rows = [
            {
                "project_id": project.id,
                "target": ANCHOR + key,
                "kind": "document",
                "dated_on": day,
                "recorded_on": min(day, history.plan.way.today),
                "by_id": project.owner_id,
            }
            for history, project in zip(histories, projects, strict=True)
            for key, day in history.anchors.items()
        ]
        self.session.execute(insert(Evidence), rows)

    def _add_marks(self, written: Sequence[Written]) -> None:
        hints: list[dict[str, Any]] = []
        met: list[dict[str, Any]] = []
        for history, _, entry, record in written:
            hints += [{"record_id": record.id, "hint_id": hint} for hint in entry.hints]
            circle = [history.plan.circle[number] for number in entry.met]
            known = [self.firms.contact_ids[firm][person] for firm, person, _, _ in circle]
            met += [{"record_id": record.id, "contact_id": contact_id} for contact_id in known]
        self.session.execute(insert(RecordHint), hints)
        self.session.execute(insert(RecordContact), met)

    def _note(self, project: Project, entry: Entry, record: Record, photos: int) -> None:
        self.chronicle.note(
            Kind.RECORD_LOGGED,
            record,
            record.entered_at,
            record.author_id,
            project.id,
            cell=f"{record.phase}/{record.step}",
            record_kind=record.kind,
            closed=[proof.target for proof in entry.proofs],
            photos=photos,
        )
