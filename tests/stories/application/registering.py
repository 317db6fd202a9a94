"""A story's registrations: drawn up by the dealer, answered by dealer management, lapsed by the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select

from tests.dealers.making import make_qualified
from tests.stories.course import Course, day
from tracker import clock
from tracker.dealers.models import Dealer
from tracker.dealers.queries.evaluations import suggest_marks
from tracker.dealers.queries.profiles import get_dealer
from tracker.leads.queries import load_known, load_lead
from tracker.parties.models import Party
from tracker.projects import operations as projects
from tracker.registrations.models import Conflict, Registration
from tracker.registrations.operations import answering, conflicts, handing_in
from tracker.registrations.operations.complaints import ComplaintDraft, complain, decide_complaint
from tracker.registrations.operations.handing_in import NoteDraft, RegistrationDraft
from tracker.registrations.operations.lapsing import deliver_registrations
from tracker.registrations.queries.complaints import list_complaints, list_upheld_against
from workflows.dealers import quarter_of
from workflows.engine import Decision, decide
from workflows.facts import ProjectFacts, RegistrationFacts
from workflows.registering import LOOK
from workflows.scoring import propose_uniqueness_score
from workflows.wishes import ConfirmConflict, Wish

if TYPE_CHECKING:
    from tests.stories.application.stage import Stage

NEAR = (34.61 + 0.00108, 112.47)  # 120 m north of the story's project


class Registering(Course):
    """The part of a stage that registers sites. `numbers` says under which id of the script a registration goes."""

    def claim(self: Stage, key: str, registration: RegistrationFacts) -> None:  # type: ignore[misc]
        """Let the registration become as the script says, by whoever does that."""
        known = self.registered.get(key)
        with self.changing():
            if known is None:
                self._hand_in(key, registration)
            else:
                self._bring(self.session.get_one(Registration, known), registration)
        found = next(one for one in self[key].registrations if one.id == registration.id)
        assert found == registration, (found, registration)

    def _hand_in(self: Stage, key: str, wanted: RegistrationFacts) -> None:  # type: ignore[misc]
        """The dealer registers the site of a project under another name, 120 m away."""
        dealer = self.profile(wanted.dealer)
        project = self.seen(key)
        place = {"latitude": NEAR[0] - 0.00108, "longitude": NEAR[1], "plot_number": "BH-2025-08"}
        projects.edit_project(self.session, project, by=self.owner, version=project.version, **place)
        by = self.who("")
        draft = RegistrationDraft(
            "Hailan Bay Resort", "drawings", kind="hotel", address="Binhai", latitude=NEAR[0], longitude=NEAR[1],
            developer="Binhai Tourism", categories=("tiles", "sanitary_ware", "lighting"), source="By the director",
        )  # fmt: skip
        registration = handing_in.draw_up(self.session, dealer, draft, by=by)
        assert handing_in.submit(self.session, registration, by=by) == LOOK
        self.registered[key], self.numbers[registration.id] = registration.id, wanted.id

    def _bring(self: Stage, registration: Registration, wanted: RegistrationFacts) -> None:  # type: ignore[misc]
        desk = self.who("dealer_mgmt")
        before = registration.state
        match wanted.state:
            case "registered" if before == "pre_registered":
                answering.upgrade(self.session, registration, by=desk, reason="Invited to the mock-up room")
            case "renewed" if before == "expired":
                asked = NoteDraft("An enquiry", day("2026-06-22"))
                handing_in.ask_for(self.session, registration, "renewal", asked, by=self.who(""))
                answering.renew(self.session, registration, by=desk, reason="The enquiry of the owner")
            case "expired":
                for _number in deliver_registrations(self.session, clock.today()):
                    pass
            case "converted":
                answering.convert(self.session, registration, by=desk, reason="Signed")
            case "pre_registered" if wanted.progress_on == registration.progress_on:
                handing_in.ask_for(self.session, registration, "help", NoteDraft("Please come", self.today),
                                   by=self.who(""))  # fmt: skip
            case _:
                by = self.who("")
                proof = NoteDraft("Progress", self.today, photos=(self.photo(by, self.today),))
                handing_in.add_progress(self.session, registration, proof, by=by)

    def profile(self: Stage, name: str) -> Dealer:  # type: ignore[misc]
        """A dealer's profile, qualified by dealer management where he has none yet."""
        party = self.session.get_one(Party, inspect(self.company.dealers[name]).identity)
        desk = self.who("dealer_mgmt")
        known = self.session.scalar(select(Dealer.id).where(Dealer.party_id == party.id))
        return get_dealer(self.session, desk, known) if known else self._qualified(party)

    def _qualified(self: Stage, party: Party) -> Dealer:  # type: ignore[misc]
        return make_qualified(self.session, party, by=self.who("dealer_mgmt"), since=day("2025-01-01"))

    def uniqueness(self: Stage, key: str, claim: RegistrationFacts) -> int:  # type: ignore[misc]
        """Another dealer registered the lead's site once, and that has lapsed."""
        with self.changing():
            dealer, by = self.profile("Hongda"), self.loaded(self.company.people["Hongda"])
            lead = self.lead(key)
            draft = RegistrationDraft(
                "Ward building", lead.step, kind=lead.kind, latitude=lead.latitude, longitude=lead.longitude,
                developer="Qinghe County", categories=("gypsum_board",), source="By the office",
            )  # fmt: skip
            registration = handing_in.draw_up(self.session, dealer, draft, by=by)
            handing_in.submit(self.session, registration, by=by)
            registration.state, registration.protected_to = claim.state, claim.protected_to
        with self.moment():
            by = self.who("sales")
            known = load_known(self.session, by, load_lead(self.session, by, self.sites[key]))
        assert [one.state for one in known.claims] == ["expired"]
        return propose_uniqueness_score(known.claims, self.today, likely_duplicate=True)

    def confirm(self: Stage, key: str, wish: ConfirmConflict) -> Decision:  # type: ignore[misc]
        """Dealer management freezes both sides."""
        decision = decide(self.definition, self[key], wish, self.today)
        with self.changing():
            registration = self.session.get_one(Registration, self.registered[key])
            project_id = self.ids[key]
            conflicts.open_conflict(self.session, registration, by=self.who("dealer_mgmt"), project_id=project_id)
        return decision

    def ruled(self: Stage, key: str) -> None:  # type: ignore[misc]
        """The dealer hands in the owner's letter, and dealer management rules by the order that then decides."""
        registration = self.session.get_one(Registration, self.registered[key])
        conflict = self.session.scalars(
            select(Conflict).where(Conflict.registration_id == registration.id, Conflict.state == "open")
        ).one()
        letter = NoteDraft("Our brand; Xinyuan contracts and serves", self.today)
        conflicts.give_evidence(self.session, conflict, "wish", letter, by=self.who(""))
        shares = conflicts.Ruling("registration", "customer_wish", "The customer's wish decides.", share=60)
        conflicts.rule(self.session, conflict, shares, by=self.who("dealer_mgmt"))
        assert [step["winner"] for step in conflict.steps] == ["", "registration"]
        assert conflict.shares == {"registration": 60, "other": 40}

    def diverted(  # type: ignore[misc]
        self: Stage, key: str, dealer: str, found: str, finding: str, *, deliberate: bool
    ) -> tuple[str, ...]:
        """Marketing complains with a picture and names the dealer; his desk is told, and decides."""
        with self.changing():
            by, desk, profile = self.who("marketing"), self.who("dealer_mgmt"), self.profile(dealer)
            proof = (self.photo(by, self.today),)
            draft = ComplaintDraft("goods", "A shop in town", found, self.today, dealer_id=profile.id, photos=proof)
            complaint = complain(self.session, draft, by=by)
            waiting = [one.id for one in list_complaints(self.session, desk).items if one.state == "open"]
            assert waiting == [complaint.id]
            decide_complaint(
                self.session, complaint, "upheld", by=desk, reason=finding, dealer=profile, deliberate=deliberate
            )
        with self.moment():
            read = list_upheld_against(self.session, self.who(""), profile)
            assert [one.reason for one in read] == [finding]
            quarter = quarter_of(self.today)
            marks = suggest_marks(self.session, profile, quarter, ["price_discipline"])["price_discipline"]
            assert marks.points is not None and marks.points < 100
            return ("diversion",) if "veto" in marks.grounds else ()

    def as_told(self: Stage, key: str, facts: ProjectFacts) -> ProjectFacts:  # type: ignore[misc]
        """The facts with registrations as the script names them; one that is not linked to its project yet is added."""
        known = self.registered.get(key)
        if known is None:
            return facts
        names = {str(inspect(party).identity[0]): name for name, party in self.company.dealers.items()}
        row = self.session.get_one(Registration, known)
        party_id = self.session.scalar(select(Dealer.party_id).where(Dealer.id == row.dealer_id))
        linked = {one.id: one for one in facts.registrations} or {row.id: row.facts(str(party_id))}
        renamed = tuple(
            replace(one, id=self.numbers[one.id], dealer=names[one.dealer])  # type: ignore[index]
            for one in linked.values()
        )
        return replace(facts, registrations=renamed)

    def handles(self, wish: Wish) -> bool:
        """Whether a wish is a conflict that is confirmed."""
        return isinstance(wish, ConfirmConflict)
