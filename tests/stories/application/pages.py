"""The stage on which a story goes through the pages: every wish is a form that its people send, in both languages.

Beside what the script expects, each refusal names its rules with what is concrete, and each request is signed on the
page that shows its whole situation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import current_app
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.client import Browser
from tests.matrix.making import text_of
from tests.stories.application.company import Company
from tests.stories.application.performing import building_of, taking_part
from tests.stories.application.stage import REASON, UNINVOLVED, Stage
from tests.stories.course import day
from tracker.leads.models import Lead
from tracker.matrix.models import Approval, Record
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.team.models import User
from workflows.engine import Decision, decide
from workflows.wishes import GiveBenefit, LogRecord, MarkLost, MovePhase, MoveStep, OpenProject, Revive, Suspend, Wish

DONE, REFUSED = 303, 422
LANGUAGES = ("zh", "en")


class Pages(Stage):
    """A stage whose operations are reached by forms; only what it reads comes from the database directly."""

    def __init__(self, session: Session, company: Company, owner: str, today: date) -> None:
        super().__init__(session, company, owner, today)
        self.browser = Browser(current_app._get_current_object(), session)  # type: ignore[attr-defined]

    def send(self, by: User, address: str, lang: str = "zh", **form: Any) -> TestResponse:
        """Send a form as somebody, in his language."""
        filled = {key: list(value) if isinstance(value, tuple) else value for key, value in form.items()}
        filled = {key: value for key, value in filled.items() if value not in (None, [], "")}
        return self.browser.of(by, lang).post(address, data=filled)

    def page(self, by: User, address: str, lang: str) -> str:
        """A page as somebody reads it."""
        answer = self.browser.of(by, lang).get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.get_data(as_text=True)

    def at(self, key: str, path: str = "") -> str:
        """The address of a project, or of a page under it."""
        return f"/projects/{self.ids[key]}{path}"

    def done(self, answer: TestResponse) -> None:
        """What was sent was carried out."""
        page = answer.get_data(as_text=True)
        faults = page.partition('role="alert"')[2] + page.partition("field-errors")[2]
        assert answer.status_code == DONE, (answer.status_code, text_of(faults)[:300])

    # What somebody does

    def capture(self, key: str, source: str, department: str, *, step: str, kind: str) -> None:
        self.noted_on[key] = [(self.today, department)]
        with self.changing():
            by = self.who(department)
            told: dict[str, Any] = {"source": source, "step": step, "found_on": self.today, "currency": "CNY"}
            for lang, wanted in (("zh", "概况牌"), ("en", "a photo of the notice board with its place")):
                bare = self.send(by, "/leads/new", lang, name="Somewhere", **told)
                assert bare.status_code == REFUSED
                page = bare.get_data(as_text=True)
                assert wanted in page and 'value="Somewhere"' in page
            photos = [self.photo(by, self.today)]
            self.done(self.send(by, "/leads/new", name=f"Story {key}", kind=kind, photos=photos, **told))
            lead = self.session.scalars(select(Lead)).one()
            assert not lead.owes_evidence and lead.latitude is not None
            self.sites[key] = lead.id

    def convert(
        self, key: str, cell: str, route: str, categories: Iterable[str], *, kind: str, **more: Any
    ) -> Decision:
        phase, step = cell.split("/")
        with self.changing():
            by, lead = self.owner, self.sites[key]
            self.done(self.send(self.who("director"), f"/leads/{lead}/assign", owner_id=by.id))
            self.done(self.send(
                by, f"/leads/{lead}/convert", name=f"Story {key}", kind=kind, route=route, phase=phase, step=step,
                building="1#", categories=list(categories), currency="CNY", **more,
            ))  # fmt: skip
            self.ids[key] = self.session.scalars(select(Project.id)).one()
            for part, member in self.company.people.items():
                if member.party_id is None and part not in (self.owner_part, *UNINVOLVED):
                    joining: dict[str, Any] = {"member-user_id": member.id}
                    self.done(self.send(by, self.at(key, "/members"), **joining))
        self._came_along(key)
        return decide(self.definition, self[key], OpenProject(phase, step, route), self.today)

    def split(self, key: str, part: str, categories: tuple[str, ...], route: str) -> None:
        with self.changing():
            told: dict[str, Any] = {
                "name": f"Story {part}",
                "route": route,
                "reason": REASON,
                "categories": list(categories),
            }
            self.done(self.send(self.owner, self.at(key, "/outcome/split"), **told))
            query = select(Project.id).where(Project.parent_id == self.ids[key]).order_by(Project.id.desc())
            self.ids[part] = self.session.scalars(query).all()[0]

    def _try(self, key: str, wish: Wish) -> Decision:
        """Send the form; refused, it says in both languages what stands in the way, and is sent in each."""
        decision = decide(self.definition, self[key], self.own(key, wish), self.today)
        if decision.allowed:
            with self.changing():
                self.done(self._send_wish(key, wish, self.asker(wish), "zh"))
            return decision
        for lang in LANGUAGES:
            with self.changing(refused=True):
                answer = self._send_wish(key, wish, self.asker(wish), lang)
                assert answer.status_code == REFUSED
                self._says_why(answer.get_data(as_text=True), decision, lang, wish)
        return decision

    def _says_why(self, page: str, decision: Decision, lang: str, wish: Wish) -> None:
        if isinstance(wish, Revive) and wish.category and not wish.new_fact:
            return  # the form itself asks for the new fact
        for fired in decision.blocking:
            assert fired.rule_id in page
            assert str(escape(fired.detail.get(lang))) in page, (fired.detail.get(lang), lang)

    def _send_wish(self, key: str, wish: Wish, by: User, lang: str, **more: Any) -> TestResponse:
        told: dict[str, Any]
        match wish:
            case MovePhase(category=str(category)):
                told = {"category": category, "phase": wish.to, "reason": wish.reason}
                return self.send(by, self.at(key, "/outcome/move"), lang, **told, **more)
            case MovePhase():
                return self.send(by, self.at(key, "/phase"), lang, to=wish.to, reason=wish.reason, **more)
            case MoveStep():
                record = LogRecord(*self.cell(key), self.today, "progress_photo", self.owner_part)
                photos = [self.photo(by, wish.proof_on or self.today)] if wish.has_photo else []
                return self._send_record(key, record, by, lang, progress=wish.to, photos=photos,
                                         reason_key=wish.reason_key, **more)  # fmt: skip
            case LogRecord():
                return self._send_record(key, wish, by, lang, **more)
            case Suspend():
                told = {"reason_key": wish.reason_key, "review_on": wish.review_on}
                return self.send(by, self.at(key, "/outcome/suspend"), lang, **told, **more)
            case MarkLost():
                told = {
                    "category": wish.category, "reason_key": wish.reason_key, "winner": wish.winner,
                    "gap_percent": wish.gap_percent, **dict.fromkeys(wish.told, "as told"),
                }  # fmt: skip
                return self.send(by, self.at(key, "/outcome/lose"), lang, **told, **more)
            case Revive(category=str(category)):
                told = {"category": category, "result": "open", "reason": wish.new_fact}
                return self.send(by, self.at(key, "/outcome/result"), lang, **told, **more)
            case Revive():
                told = {**dict.fromkeys(wish.checked, "y"), "reason": wish.reason}
                return self.send(by, self.at(key, "/outcome/revive"), lang, **told, **more)
            case GiveBenefit():
                contact = taking_part(self.session, self.row(key), wish.to)
                told = {
                    "who": f"{contact.name} #{contact.id}", "kind": wish.kind, "what": "As told",
                    "value": wish.value, "on": self.today, "reason": REASON, "project_id": self.ids[key],
                }  # fmt: skip
                return self.send(by, "/rewards/new", lang, **told, **more)
        raise LookupError(f"no form for {wish}")

    def _send_record(self, key: str, wish: LogRecord, by: User, lang: str, **more: Any) -> TestResponse:
        return self.send(
            by, self.at(key, "/log"), lang, phase=wish.phase, step=wish.step, kind=wish.kind, on=wish.on,
            text="What was done.", building_id=building_of(self.session, self.row(key)).id,
            is_plan="y" if wish.is_plan else None, **{"photos": (), **more},
        )  # fmt: skip

    def _asked(self, key: str, wish: Wish, by: User, complete_by: date | None) -> int:
        asking = {"action": "ask", "ask_reason": REASON}
        self.done(self._send_wish(key, wish, by, "zh", complete_by=complete_by, **asking))
        query = select(Approval).where(Approval.project_id == self.ids[key]).order_by(Approval.id.desc())
        request = self.session.scalars(query).first()
        assert request is not None and request.state == "open"
        for lang, waits in (("zh", "有一条申请待审批。"), ("en", "A request waits for a decision.")):
            assert waits in self.page(by, self.at(key), lang)
        return request.id

    def _sign(self, number: int, signer: User) -> None:
        """The signer finds it in his list, reads the whole situation in either language, and grants it."""
        request = self.session.get_one(Approval, number)
        for lang in LANGUAGES:
            assert f"/approvals/{number}" in self.page(signer, "/approvals", lang)
            page = self.page(signer, f"/approvals/{number}", lang)
            assert request.reason in page and all(rule in page for rule in request.rules)
        self.done(self.send(signer, f"/approvals/{number}", decision="grant", answer="Agreed"))

    def reach(self, key: str, step: str, proof_on: str | None = None, floor: int | None = None) -> Decision:
        wish = MoveStep(1, step, day(proof_on) if proof_on else self.today, "exif", has_photo=True)
        decision = decide(self.definition, self[key], self.own(key, wish), self.today)
        assert decision.allowed
        with self.changing():
            answer = self._send_wish(key, wish, self.owner, "zh", floor=floor)
            self.done(answer)
            for lang in LANGUAGES:  # the answer to the visit says where the building is, and what was warned of
                page = self.page(self.owner, answer.headers["Location"], lang)
                assert self.definition.step(step).name.get(lang) in page
                for fired in decision.fired:
                    assert str(escape(fired.detail.get(lang))) in page or fired.sentence.get(lang) in page
        return decision

    def _logged(self, key: str, wish: LogRecord, by: User, **more: Any) -> tuple[Decision, set[str]]:
        self.tables.read.clear()
        decision = decide(self.definition, self[key], wish, self.today)
        answer = self._send_record(key, wish, by, "zh", **more)
        self.done(answer)
        page = self.page(by, answer.headers["Location"], "en")
        record = self.session.scalars(select(Record).order_by(Record.id.desc())).first()
        assert record is not None and f"record-{record.id}" in page
        weak = set(more.get("closes", ())) if "weak proof" in page else set()
        return decision, weak

    # What people state

    def dated(self, key: str, **anchors: str) -> None:
        for anchor, on in anchors.items():
            with self.changing():
                told = {"date-anchor": anchor, "date-on": on, "date-note": "By letter"}
                self.done(self.send(self.owner, self.at(key, "/dates"), **told))

    def decider(self, key: str, name: str, met: bool) -> None:
        with self.changing():
            by = self.owner
            query = select(ProjectContact).where(ProjectContact.project_id == self.ids[key])
            for row in self.session.scalars(query.where(ProjectContact.role == "decision_maker")).all():
                self.done(self.send(by, self.at(key, f"/contacts/{row.id}"), attitude="unknown"))
            told = {"contact-name": name, "contact-firm": f"Owner of {key}", "contact-role": "decision_maker"}
            told["contact-attitude"] = "unknown"
            self.done(self.send(by, self.at(key, "/contacts"), **told))
            if met:
                person = self.session.scalars(select(Contact).where(Contact.name == name)).one()
                wish = LogRecord(*self.cell(key), self.today, "office_visit", self.owner_part)
                self._logged(key, wish, by, met=(person.id,))

    def joins(self, key: str, role: str, name: str) -> None:
        with self.changing():
            self.done(self.send(self.owner, self.at(key, "/parties"), **{"party-party": name, "party-role": role}))
            assert name in self.page(self.owner, self.at(key, "/people"), "en")
