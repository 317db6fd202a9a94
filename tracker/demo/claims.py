"""What becomes of a dealer's registration in a scene: handed in, contested, proved, ruled on, kept alive, lapsed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.demo.scenes import day
from tracker.demo.stage import Act, Stage
from tracker.registrations.models import Registration
from tracker.registrations.operations import answering, conflicts, handing_in
from tracker.registrations.operations.handing_in import NoteDraft, RegistrationDraft
from tracker.registrations.operations.lapsing import look_at_registrations

METRES_120 = 0.00108  # degrees of latitude


def claimed(key: str, part: str, **typed: Any) -> Act:
    """A dealer registers the site, 120 m beside the place that we know, with a picture from there."""

    def act(stage: Stage) -> None:
        by = stage.who(part)
        dealer = stage.session.scalars(select(Dealer).where(Dealer.party_id == by.party_id)).one()
        latitude, longitude = stage.story.place
        photo = stage.photo(typed["step"], by)
        draft = RegistrationDraft(latitude=latitude + METRES_120, longitude=longitude, photos=(photo.token,), **typed)
        registration = handing_in.draw_up(stage.session, dealer, draft, by=by)
        handing_in.submit(stage.session, registration, by=by)
        stage.claims[key] = registration

    return act


def contested(key: str, part: str) -> Act:
    """Both sides are frozen."""

    def act(stage: Stage) -> None:
        project = stage.project(key)
        stage.cases[key] = conflicts.open_conflict(
            stage.session, stage.claims[key], by=stage.who(part), project_id=project.id
        )

    return act


def proved(key: str, part: str, what: str, text: str, on: str) -> Act:
    """Hand in evidence for one's own side, with the paper."""

    def act(stage: Stage) -> None:
        by = stage.who(part)
        note = NoteDraft(stage.said(text), stage.day(day(on)), (stage.photo("document", by).token,))
        conflicts.give_evidence(stage.session, stage.cases[key], what, note, by=by)

    return act


def settled(key: str, part: str, order: str, share: int, reason: str) -> Act:
    """Rule for the registration, by an order, with its share."""

    def act(stage: Stage) -> None:
        ruling = conflicts.Ruling("registration", order, stage.said(reason), share)
        conflicts.rule(stage.session, stage.cases[key], ruling, by=stage.who(part))

    return act


def kept_alive(key: str, part: str, text: str, picture: str = "document") -> Act:
    """Hand in evidenced progress."""

    def act(stage: Stage) -> None:
        by = stage.who(part)
        note = NoteDraft(stage.said(text), clock.today(), (stage.photo(picture, by).token,))
        handing_in.add_progress(stage.session, stage.claims[key], note, by=by)

    return act


def made_formal(key: str, part: str, reason: str) -> Act:
    """A pre-registration becomes a registration."""
    return lambda stage: answering.upgrade(
        stage.session, stage.claims[key], by=stage.who(part), reason=stage.said(reason)
    )


def day_passes(key: str) -> Act:
    """What time does to it on this day."""

    def act(stage: Stage) -> None:
        number = stage.claims[key].id
        look_at_registrations(stage.session, [number], clock.today())
        stage.claims[key] = stage.session.get_one(Registration, number)

    return act


def prolonged(key: str, part: str, by: str, text: str, on: str) -> Act:
    """Renewed once, on new evidence that the dealer (`part`) hands in."""

    def act(stage: Stage) -> None:
        asked = NoteDraft(stage.said(text), stage.day(day(on)), (stage.photo("document", stage.who(part)).token,))
        handing_in.ask_for(stage.session, stage.claims[key], "renewal", asked, by=stage.who(part))
        answering.renew(stage.session, stage.claims[key], by=stage.who(by), reason=stage.said(text))

    return act


def turned_into_a_contract(key: str, part: str, reason: str) -> Act:
    """It led to a contract."""
    return lambda stage: answering.convert(
        stage.session, stage.claims[key], by=stage.who(part), reason=stage.said(reason)
    )
