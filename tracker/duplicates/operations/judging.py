"""Before a site is entered: what is certain is refused with its ways out, what is likely wants a look (G26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import is_dealer
from tracker.duplicates.queries import Hit, Likely, find_hits, shown_to, told_of
from tracker.errors import Refused
from tracker.i18n import _l
from tracker.matching.likeness import Level
from tracker.matching.things import Site
from tracker.matrix.definitions import current_definition
from tracker.matrix.operations.judging import judge
from tracker.team.models import User
from workflows.facts import BuildingFacts, ProjectFacts
from workflows.wishes import ClaimSite

ENTERING = 7_264_001  # the number of PostgreSQL's lock under which sites are entered one after the other
LONGEST = 300  # characters of what somebody says about it


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to likely duplicates: he looked and it is another site, or which way out he takes.

    `way`: '' none yet, `join` (ask to be let in), `arbitration` (enter it and let others decide).
    """

    looked: bool = False
    way: str = ""
    why: str = ""

    @property
    def reason(self) -> str:
        """His sentence, as long as it may be."""
        return self.why.strip()[:LONGEST]


NO_ANSWER = Answer()


class SiteKnown(Refused):
    """A site like this is on record: certainly (`certain`), or likely and nobody has looked yet.

    `tired`: who probed too much is not told what he may not see.
    """

    tired = False

    def __init__(self, likely: Likely, certain: bool, message: object, field: str = "", joinable: bool = True) -> None:
        super().__init__(message, rules=("G26",))
        self.likely, self.certain, self.field, self.joinable = likely, certain, field, joinable


def hold_entries(session: Session) -> None:
    """Let nobody else enter a site until this transaction ends, so that two cannot enter the same one at once.

    SQLite lets one write at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ENTERING})


def judge_site(
    session: Session, site: Site, answer: Answer, *, by: User, contests: bool = True, claims: bool = False
) -> Sequence[Hit]:
    """What the site is likely the same as, once that is answered for; raises SiteKnown while it is not.

    Certain: refused, unless he asks for arbitration (where `contests`) and says why. Likely: refused once, until he
    says that he looked; so is, with `claims`, what stands under a dealer's registration, however sure: two claims on
    one site are told apart by dealer management, and later.
    A dealer reads one sentence for both and sends it for a look.
    """
    kind = told_of(by, "lead") if claims else "lead"
    told = [hit for hit in find_hits(session, by, kind, site) if hit.stands and hit.level is not Level.POSSIBLE]
    if not told:
        return ()
    hits = [hit for hit in told if not hit.is_claim]
    certain = any(hit.level is Level.CERTAIN for hit in hits)
    likely = shown_to(by, told)
    if is_dealer(by) and likely.must_look:
        if answer.way != "arbitration":
            raise SiteKnown(likely, certain=False, message=_l("This site must be looked at."))
        return hits
    joinable = bool(hits) and not is_dealer(by)
    if certain:
        _check_certain(likely, answer if contests else NO_ANSWER, joinable)
    elif not answer.looked:
        why = _l("Something like it is on record. Look first.")
        raise SiteKnown(likely, certain=False, message=why, joinable=joinable)
    return told


def _check_certain(likely: Likely, answer: Answer, joinable: bool) -> None:
    decision = judge(current_definition(), _nothing_yet(), ClaimSite("certain"))
    if decision.allowed:
        return
    if answer.way != "arbitration":
        why = _l("This site is on record already.")
        raise SiteKnown(likely, certain=True, message=why, joinable=joinable)
    if not answer.reason:
        raise SiteKnown(
            likely, certain=True, message=_l("Say why it is another site: who decides reads it."), field="why"
        )


def _nothing_yet() -> ProjectFacts:
    """The facts of a site that is no project: the rule asks for none of them."""
    definition = current_definition()
    today, phase, step = clock.today(), definition.phases[0].key, definition.steps[0].key
    return ProjectFacts(
        route=definition.routes[0].key,
        phase=phase,
        phase_since=today,
        buildings=(BuildingFacts(0, "1#", step, today),),
    )
