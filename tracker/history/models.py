"""Where projects stood when. All of it is derived: `history.keeping` and `history.corridors` write it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base, Money


class Standing(Base):
    """A project stood in this cell, state and value from `from_day` on, until the day before `to_day` (None: till now).

    The past of a project belongs to the team it has now.
    """

    __tablename__ = "standing"
    __table_args__ = {"sqlite_with_rowid": False}

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(Date, primary_key=True)
    to_day: Mapped[date | None] = mapped_column(Date)
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(24))
    value: Mapped[Decimal] = mapped_column(Money)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))


class StandingPlace(Base):
    """A team's projects in one cell and state; its row is what writers of its sums wait for."""

    __tablename__ = "standing_place"
    __table_args__ = (UniqueConstraint("team_id", "phase", "step", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    phase: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(24))


class StandingSum(Base):
    """Number and value of the projects in a place from a day on, until the place's next row."""

    __tablename__ = "standing_sum"
    __table_args__ = {"sqlite_with_rowid": False}

    place_id: Mapped[int] = mapped_column(ForeignKey("standing_place.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(Date, primary_key=True)
    projects: Mapped[int] = mapped_column()
    value: Mapped[Decimal] = mapped_column(Money)


class WonStop(Base):
    """A cell in which a won project stood before it was won (see `workflows.corridor.Stop`), with what it has in common
    with others."""

    __tablename__ = "won_stop"
    __table_args__ = {"sqlite_with_rowid": False}

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(32), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    hindmost: Mapped[bool] = mapped_column()
    final: Mapped[bool] = mapped_column()
    definition_key: Mapped[str] = mapped_column(String(40))
    route: Mapped[str] = mapped_column(String(32))
    category: Mapped[str | None] = mapped_column(String(40))


class CorridorCell(Base):
    """How many of the won projects of a kind (`grouping`: category, route, all) passed a cell before they were won."""

    __tablename__ = "corridor_cell"
    __table_args__ = {"sqlite_with_rowid": False}

    definition_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    grouping: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    phase: Mapped[str] = mapped_column(String(32), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    projects: Mapped[int] = mapped_column()
    hindmost: Mapped[int] = mapped_column()
    won: Mapped[int] = mapped_column()


class OutsideCell(Base):
    """A cell outside a corridor: a project that it speaks for has outrun its phase there.

    A corridor that has enough in it to speak for its projects has a row with neither phase nor step.
    """

    __tablename__ = "outside_cell"
    __table_args__ = {"sqlite_with_rowid": False}

    definition_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    grouping: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    phase: Mapped[str] = mapped_column(String(32), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)


class OffCorridor(Base):
    """A project whose building has outrun our phase: it stands outside the narrowest corridor that speaks for it."""

    __tablename__ = "off_corridor"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)


Index("ix_standing_from_day", Standing.from_day)
Index(  # to walk those of a cell from the most valuable on; it holds what decides whether one is shown
    "ix_standing_cell",
    Standing.phase,
    Standing.step,
    Standing.value,
    Standing.project_id,
    Standing.from_day,
    Standing.to_day,
    Standing.state,
)
