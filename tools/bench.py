"""The measurements of the contract, as a table: `make bench`.

A database with 100,000 projects is made (once a day, kept under `.cache/`), the product is served from it as
`tracker serve` does, and a signed-in supervisor of all salespeople asks for each page by loopback HTTP, in turn with a
bare Flask page that renders fifty rows of one table. What counts is how many times the bare page's median a page
takes; the bare page is asked as often as all others, in the same minutes. Queries are counted in a pass of their own.

BENCH_PROJECTS (100000), BENCH_DATABASE (sqlite or postgresql), BENCH_REQUESTS (40 of each page).

`tools/bench.py matching` measures the matcher only.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from benching import matching, servers
from benching.counting import count_queries
from benching.data import DEALER, prepared, subject_of
from benching.others import measure_export, measure_import, measure_picture, measure_word
from benching.pages import Row, rows_of
from benching.visitor import Answer, Visitor

from tracker import create_app
from tracker.extensions import db
from tracker.generating import PASSWORD

WHO = {"supervisor": "load-1", "salesperson": "load-3", "dealer": DEALER}
WARM_UP = 5
NEXT = re.compile(r'rel="next" href="([^"]+)"')
HEAD = ["page", "median", "p95", "cpu", "× bare cpu", "× bare", "budget", "queries", "budget", "verdict"]


@dataclass(slots=True)
class Times:
    """Of one page: seconds of each request, and of the server's processors for it."""

    seconds: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """What half of the requests stay under."""
        return statistics.median(self.seconds)

    @property
    def high(self) -> float:
        """What 95 of 100 requests stay under."""
        return sorted(self.seconds)[max(0, round(len(self.seconds) * 0.95) - 1)]

    @property
    def work(self) -> float:
        """The processors' part, in the median: it stays the same when the machine has other things to do."""
        return statistics.median(self.spent)

    def forget(self) -> None:
        """Begin anew after warming up."""
        self.seconds.clear()
        self.spent.clear()


@dataclass(slots=True)
class Measured:
    """A row with what was measured."""

    row: Row
    times: Times = field(default_factory=Times)
    queries: int = 0

    def line(self, bare: Times) -> list[str]:
        """The row's cells."""
        ratio = self.times.median / bare.median
        misses = ["time"] if round(ratio, 2) > self.row.times else []
        misses += ["queries"] if self.queries > self.row.queries else []
        return [
            self.row.name,
            f"{self.times.median * 1000:.1f}",
            f"{self.times.high * 1000:.1f}",
            f"{self.times.work * 1000:.1f}",
            f"{self.times.work / bare.work:.2f}",
            f"{ratio:.2f}",
            f"{self.row.times:g}",
            str(self.queries),
            str(self.row.queries),
            f"MISS: {' and '.join(misses)}" if misses else "holds",
        ]


def main() -> None:
    """Measure, and print the table. Misses are named; they are no error."""
    projects = int(os.environ.get("BENCH_PROJECTS", "100000"))
    database = os.environ.get("BENCH_DATABASE", "sqlite")
    requests = int(os.environ.get("BENCH_REQUESTS", "40"))
    with prepared(projects, database) as config:
        app = create_app(config)
        subject = subject_of(app)
        ports = servers.free_port(), servers.free_port()
        with (
            servers.serving(config, servers.product(ports[0]), ports[0], "/healthz") as (pid, started),
            servers.serving(config, servers.bare(ports[1]), ports[1], "/") as (bare_pid, _started),
        ):
            visitors = signed_in(ports[0])
            rows = rows_of(subject, deep_address(visitors["supervisor"]))
            plain = Plain(Visitor(ports[1]), bare_pid)
            measured = measure(rows, visitors, pid, plain, requests)
            weight = servers.weight(pid)
        for row, count in zip(measured, count_queries(app, rows, WHO, PASSWORD), strict=True):
            row.queries = count
        word = measure_word(app, DEALER)
        imported = measure_import(app, WHO["supervisor"])
        taken, writing, room = measure_export(config, WHO["supervisor"])
        with app.app_context():
            db.engine.dispose()
    seconds, size = measure_picture()
    print(f"{projects:,} projects on {database}, {requests} requests of each page, times in ms")
    bare, core = plain.objects, plain.core
    print(f"bare page: median {bare.median * 1000:.1f}, cpu {bare.work * 1000:.1f}; "
          f"with Core rows {core.median * 1000:.1f}, cpu {core.work * 1000:.1f}\n")  # fmt: skip
    print_table(measured, bare)
    print()
    for name, value, most, unit in (
        ("the word on a new registration, against six bare pages", word * 1000, bare.median * 6000, "ms"),
        ("memory of all processes", weight / 1e6, 200, "MB"),
        ("start of the prepared installation", started, 2, "s"),
        ("import of 20,000 new rows", imported, 60, "s"),
        (f"{taken:,} projects taken out as XLSX ({taken / writing:,.0f} rows/s)", writing, 10, "s"),
        ("… and its memory", room, 50, "MB"),
        ("a picture of twelve megapixels", seconds * 1000, 250, "ms"),
        ("… and its memory", size, 100, "MB"),
    ):
        print(f"{name}: {value:.1f} {unit}, at most {most}: {'MISS' if value > most else 'holds'}")
    print()
    matching.main()


def signed_in(port: int) -> dict[str, Visitor]:
    """A visitor for each part, signed in by the form."""
    visitors = {who: Visitor(port) for who in WHO}
    for who, visitor in visitors.items():
        visitor.sign_in(WHO[who], PASSWORD)
    return visitors


def deep_address(visitor: Visitor) -> str:
    """The address of page 500 of the project list, found by turning the pages."""
    path = "/projects"
    while found := NEXT.search(visitor.read(path)):
        path = unescape(found[1])
        if "page=500" in path:
            break
    return path


@dataclass(slots=True)
class Plain:
    """The bare page, its rows as objects and as Core rows."""

    visitor: Visitor
    pid: int
    objects: Times = field(default_factory=Times)
    core: Times = field(default_factory=Times)

    def ask(self) -> None:
        """Ask for both."""
        timed(self.objects, self.pid, lambda: self.visitor.ask("/"))
        timed(self.core, self.pid, lambda: self.visitor.ask("/core"))


def timed(times: Times, pid: int, ask: Callable[[], Answer]) -> int:
    """Ask once, note how long it took; returns the status."""
    before = servers.spent(pid)
    status, _content, took = ask()
    times.spent.append(servers.spent(pid) - before)
    times.seconds.append(took)
    return status


def measure(rows: Sequence[Row], visitors: dict[str, Visitor], pid: int, plain: Plain, requests: int) -> list[Measured]:
    """Ask for every row in turn, and for the bare page before each."""
    tokens = {row.name: {"csrf_token": visitors[row.who].token(row.path(0))} for row in rows if row.form}
    measured = [Measured(row) for row in rows]
    for turn in range(-WARM_UP, requests):
        if turn == 0:
            for times in (plain.objects, plain.core, *(one.times for one in measured)):
                times.forget()
        for one in measured:
            plain.ask()
            row = one.row
            form = row.form() | tokens[row.name] if row.form else None
            status = timed(one.times, pid, partial(visitors[row.who].ask, row.path(turn), form, row.headers))
            if status != row.expected:
                raise RuntimeError(f"{row.path(turn)} answers {status}")
    return measured


def print_table(measured: Sequence[Measured], bare: Times) -> None:
    """The table, its columns as wide as they need to be."""
    lines = [HEAD, *(one.line(bare) for one in measured)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    for line in lines:
        cells = [
            line[0].ljust(widths[0]),
            *(c.rjust(w) for c, w in zip(line[1:-1], widths[1:-1], strict=True)),
            line[-1],
        ]
        print("  ".join(cells).rstrip())
    missed = [one.row.name for one in measured if one.line(bare)[-1] != "holds"]
    print(f"\n{len(missed)} of {len(measured)} rows miss" + (f": {'; '.join(missed)}" if missed else ""))


if __name__ == "__main__":
    matching.main() if sys.argv[1:] == ["matching"] else main()
