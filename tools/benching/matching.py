"""How well the matcher finds what people marked as one thing, beside plain rapidfuzz: `tools/bench.py matching`.

Ours: one set of weights and one threshold (likely or surer) for all sets, among the candidates that share an index key.
The baseline: text folded by rapidfuzz's own `default_process`, the best of four scorers and two choices of fields with
the best threshold **of each set**, among all known things. Both answer the same question: to each new thing the best
known one, if any.

Of each set one half (by hash) is for tuning: our weights were chosen on it, and in the columns "held out" so were
scorer, fields and threshold of the baseline; both are judged by the other half there.
"""

from __future__ import annotations

import statistics
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from benching.labelled import HOME, Labelled, Thing, labelled_sets
from tracker.matching.blocking import firm_keys, site_keys
from tracker.matching.comparing import Level, Likeness, compare_firms, compare_sites
from tracker.matching.things import Firm

SCORERS = (fuzz.ratio, fuzz.token_sort_ratio, fuzz.token_set_ratio, fuzz.WRatio)
HEAD = ("set", "new", "known", "ours: P", "R", "F1", "tuned on", "held out", "plain: P", "R", "F1", "by", "held out",
        "better by", "candidates", "most", "reach", "µs each")  # fmt: skip
LOWEST = 20  # of the thresholds tried for the baseline
FOUND = (Level.CERTAIN, Level.LIKELY)
Answers = dict[int, tuple[float, int]]  # of each new thing: how alike, and which known one


@dataclass(frozen=True, slots=True)
class Figures:
    """What of the answers is right, and what of the truth is found."""

    right: int
    answered: int
    true: int

    @property
    def precision(self) -> float:
        """Of what was answered."""
        return self.right / self.answered if self.answered else 1.0

    @property
    def recall(self) -> float:
        """Of what is true."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Both in one."""
        return 2 * self.right / (self.answered + self.true) if self.answered + self.true else 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """Our answers to one set, and what they took."""

    answers: Answers
    candidates: list[int]
    reached: int
    seconds: float


def figures(labelled: Labelled, answers: Iterable[tuple[int, int]], of: Iterable[int] | None = None) -> Figures:
    """Of all new things or of some. A thing that is in the truth twice counts once: one answer is asked for."""
    some = set(range(len(labelled.new)) if of is None else of)
    given = [pair for pair in answers if pair[0] in some]
    return Figures(
        sum(pair in labelled.true for pair in given), len(given), len({new for new, _known in labelled.true} & some)
    )


def halves(labelled: Labelled) -> tuple[list[int], list[int]]:
    """The half of the new things that weights may be tuned on, and the half kept from it."""
    sides: tuple[list[int], list[int]] = ([], [])
    for at, thing in enumerate(labelled.new):
        sides[zlib.crc32(_line_of(thing).casefold().encode()) % 2].append(at)
    return sides


def text_of(thing: Thing, *, every_field: bool = True) -> str:
    """A thing as one line of text, as somebody would give it to rapidfuzz."""
    return str(utils.default_process(_line_of(thing, every_field=every_field)))


def _line_of(thing: Thing, *, every_field: bool = True) -> str:
    more = (thing.address or "", *thing.phones) if every_field else ()
    return " ".join(filter(None, (*thing.names, *more)))


def found(labelled: Labelled) -> Found:
    """Our answers."""
    keys, compare = (firm_keys, compare_firms) if isinstance(labelled.new[0], Firm) else (site_keys, compare_sites)
    index = defaultdict(set)
    for at, thing in enumerate(labelled.known):
        for key in keys(thing):
            index[key].add(at)
    candidates = {
        at: set().union(*(index[key] for key in keys(thing) if key in index)) for at, thing in enumerate(labelled.new)
    }
    reached = sum(known in candidates[new] for new, known in labelled.true)
    asked = {at: candidates[at] for at in range(len(labelled.new))}
    if labelled.pairs:
        asked = {new: {known} & candidates[new] for new, known in labelled.pairs}
    answers: Answers = {}
    began = time.perf_counter()
    for new, places in asked.items():
        judged = [(compare(labelled.new[new], labelled.known[place]), place) for place in sorted(places)]
        if best := _best(judged):
            answers[new] = best
    return Found(answers, [len(places) for places in candidates.values()], reached, time.perf_counter() - began)


def _best(judged: list[tuple[Likeness, int]]) -> tuple[float, int] | None:
    alike = [(one.score, place) for one, place in judged if one.level in FOUND]
    return max(alike, key=lambda pair: pair[0], default=None)


@dataclass(frozen=True, slots=True)
class Plain:
    """The baseline at its best on the whole set, and, chosen on the tuning half, what it is worth on the other."""

    best: Figures
    by: str
    held: Figures


def plain(labelled: Labelled) -> Plain:
    """The baseline: scorer, fields and threshold are chosen for this very set."""
    tuned, held = halves(labelled)
    tried = []
    for scorer in SCORERS:
        for every_field in (True, False):
            scored = _plain_answers(labelled, scorer, every_field)
            for threshold in range(LOWEST, 101):
                answers = [(new, known) for new, (score, known) in scored.items() if score >= threshold]
                by = f"{scorer.__name__} {threshold}"
                tried.append((figures(labelled, answers), by, figures(labelled, answers, tuned), answers))
    best, by, *_rest = max(tried, key=lambda one: one[0].f1)
    *_whole, answers = max(tried, key=lambda one: one[2].f1)
    return Plain(best, by, figures(labelled, answers, held))


def _plain_answers(labelled: Labelled, scorer: object, every_field: bool) -> Answers:
    new, known = ([text_of(t, every_field=every_field) for t in things] for things in (labelled.new, labelled.known))
    if labelled.pairs:
        return {a: (scorer(new[a], known[b]), b) for a, b in labelled.pairs}
    best = ((at, process.extractOne(text, known, scorer=scorer, score_cutoff=LOWEST)) for at, text in enumerate(new))
    return {at: (found[1], found[2]) for at, found in best if found}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, and by how much our F1 is better, on the whole and on the half that nothing was tuned on."""

    cells: list[str]
    better: float
    held_better: float


def line(labelled: Labelled) -> Line:
    """Both measured on one set."""
    ours, theirs = found(labelled), plain(labelled)
    answers = [(new, known) for new, (_score, known) in ours.answers.items()]
    whole, (tuned, held) = figures(labelled, answers), (figures(labelled, answers, half) for half in halves(labelled))
    compared = sum(ours.candidates) if not labelled.pairs else len(labelled.pairs)
    better = whole.f1 - theirs.best.f1
    cells = [
        labelled.name, str(len(labelled.new)), str(len(labelled.known)),
        *_shown(whole), f"{tuned.f1:.3f}", f"{held.f1:.3f}",
        *_shown(theirs.best), theirs.by, f"{theirs.held.f1:.3f}", f"{better:+.3f}",
        f"{statistics.mean(ours.candidates):.0f}", str(max(ours.candidates)),
        f"{ours.reached / len(labelled.true):.3f}", f"{ours.seconds / max(1, compared) * 1e6:.0f}",
    ]  # fmt: skip
    return Line(cells, better, held.f1 - theirs.held.f1)


def _shown(one: Figures) -> list[str]:
    return [f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}"]


def main() -> None:
    """Print the table; says so where the sets are not at hand."""
    sets = labelled_sets()
    if not sets:
        print(f"matching: the labelled sets are not at hand ({HOME} is missing)")
        return
    measured = [line(labelled) for labelled in sets]
    rows = [list(HEAD), *(one.cells for one in measured)]
    widths = [max(len(cells[at]) for cells in rows) for at in range(len(HEAD))]
    for cells in rows:
        print("  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))]))
    missed = [one.cells[0] for one in measured if min(one.better, one.held_better) <= 0]
    print(f"{len(measured) - len(missed)} of {len(measured)} sets better than plain rapidfuzz, whole and held out"
          + (f"; not: {', '.join(missed)}" if missed else ""))  # fmt: skip
