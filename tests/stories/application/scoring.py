"""A story's score cards and evaluations, filled in by those whose they are and read back from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.stories.course import Course, day
from tracker.dealers.operations.evaluating import MarkDraft, begin_evaluation, confirm_evaluation, give_marks, weakest
from tracker.dealers.queries.evaluations import definition_of_evaluation, get_evaluation
from tracker.leads.operations.assigning import assign_lead
from tracker.leads.operations.judging import ScoreDraft, score_lead
from workflows.dealers import grade_text
from workflows.scoring import DealerScore, Score

if TYPE_CHECKING:
    from tests.stories.application.stage import Stage


class Scoring(Course):
    """The part of a stage that judges leads and dealers."""

    def scored(self: Stage, key: str, department: str, answers: Mapping[str, int]) -> Score:  # type: ignore[misc]
        """The lead is given to the department's person, who fills the card in; its columns say what came of it."""
        expected = Course.scored(self, key, department, answers)
        with self.changing():
            assign_lead(self.session, self.lead(key), self.who(department), by=self.who("director"))
            score_lead(self.session, self.lead(key), ScoreDraft(answers), by=self.who(department))
        lead = self.lead(key)
        assert (lead.scored_on, lead.scored_step, lead.state != "converted") == (self.today, lead.step, True)
        assert lead.validity is not None and lead.feasibility is not None and lead.outcome is not None
        return Score(float(lead.validity), float(lead.feasibility), lead.outcome, expected.text)

    def judged(  # type: ignore[misc]
        self: Stage, dealer: str, quarter: str, marks: Mapping[str, int], on: str, evidence: str
    ) -> tuple[DealerScore, tuple[str, int]]:
        """Dealer management qualifies the dealer, gives its points and confirms them; the tables say the rest."""
        with self.moment():
            profile = self.profile(dealer)
        with self.changing():
            desk = self.who("dealer_mgmt")
            drafts = {key: MarkDraft(points, evidence if key == on else "") for key, points in marks.items()}
            evaluation = begin_evaluation(self.session, profile, day(quarter), by=desk)
            give_marks(self.session, evaluation, drafts, by=desk)
            confirm_evaluation(self.session, profile, evaluation, by=desk)
        kept = get_evaluation(self.session, self.who(""), profile.id, evaluation.id)  # as the dealer himself reads it
        definition = definition_of_evaluation(self.session, kept)
        assert kept.points is not None and kept.grade is not None
        least = weakest(definition, kept)
        mark = next(one for one in kept.marks if one.criterion == least)
        assert mark.evidence == evidence and mark.points is not None
        return DealerScore(float(kept.points), kept.grade, grade_text(definition, kept.grade)), (least, mark.points)
