"""Parties: firms of every kind; contacts: the people who work there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from tracker.clock import now
from tracker.database import Base, Money, UtcDateTime, related
from tracker.matching.normalise import firm_key, licence_key


class Party(Base):
    """A firm. `kind` is one of the pick-list `participant_kinds`: what it mostly is to us.

    `name_key` is the folded name (see `tracker.matching.normalise.firm_key`) by which an import finds it again;
    `short_key` and `code_key` follow from short name and credit code as these are set. `parent` is the firm above it in
    its group. `annual_volume` is what it builds in a year, in `currency`.
    `withdrawn`: an import brought it that was undone; it exists for nobody.
    """

    __tablename__ = "party"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    short_name: Mapped[str | None] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    short_key: Mapped[str | None] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    ownership: Mapped[str | None] = mapped_column(String(16))
    staff: Mapped[int | None] = mapped_column()
    annual_volume: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY", server_default="CNY")
    credit_code: Mapped[str | None] = mapped_column(String(40))
    code_key: Mapped[str | None] = mapped_column(String(40), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    address: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"), index=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    contacts: Mapped[list[Contact]] = related("Contact", back_populates="party", order_by="Contact.name")
    region: Mapped[Region | None] = related("Region")
    parent: Mapped[Party | None] = related("Party", foreign_keys=[parent_id], remote_side=[id])
    names: Mapped[list[PartyName]] = related("PartyName", order_by="PartyName.id")

    @property
    def parent_name(self) -> str | None:
        """What the firm above it is called; load `parent` first."""
        return self.parent.name if self.parent else None

    @validates("short_name", "credit_code")
    def _fold(self, name: str, value: str | None) -> str | None:
        """Keep the folded form beside what is set."""
        if name == "short_name":
            self.short_key = firm_key(value) if value and value.strip() else None
        else:
            self.code_key = licence_key(value)[:40] or None if value else None
        return value


class PartyName(Base):
    """Another name of a firm: what it was called before, its name in English, what people say.

    `kind` is one of short, former, english, brand, other.
    """

    __tablename__ = "party_name"
    __table_args__ = (UniqueConstraint("party_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PartyRole(Base):
    """What a firm also is to us (pick-list `participant_kinds`), beside its kind and its roles on projects."""

    __tablename__ = "party_role"
    __table_args__ = (UniqueConstraint("party_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    role: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PartyLicence(Base):
    """A certificate of a firm (see `licences.KINDS`); two firms of one number are one, or one of them is misread."""

    __tablename__ = "party_licence"
    __table_args__ = (UniqueConstraint("party_id", "number_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(80))
    number_key: Mapped[str] = mapped_column(String(80), index=True)
    grade: Mapped[str | None] = mapped_column(String(120))
    valid_until: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PartyEstimate(Base):
    """What a firm buys of a category in a year, as somebody estimates it and on what grounds; the newest counts."""

    __tablename__ = "party_estimate"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    category: Mapped[str] = mapped_column(String(40))
    volume: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    on: Mapped[date] = mapped_column(Date)
    grounds: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    by: Mapped[User | None] = related("User")
    party: Mapped[Party] = related("Party")


class PartyTally(Base):
    """Derived: a firm's projects with one team of ours in one currency, with those of the teams `below` it or without;
    team 0 is all of us. Written by `parties.tallying`. `value` is what is open and what was won together.

    Lists by value could not be told of 100,000 projects otherwise.
    """

    __tablename__ = "party_tally"
    __table_args__ = {"sqlite_with_rowid": False}

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    below: Mapped[bool] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    projects: Mapped[int] = mapped_column()
    open: Mapped[int] = mapped_column()
    won: Mapped[int] = mapped_column()
    lost: Mapped[int] = mapped_column()
    open_value: Mapped[Decimal] = mapped_column(Money)
    won_value: Mapped[Decimal] = mapped_column(Money)
    value: Mapped[Decimal] = mapped_column(Money)


class Contact(Base):
    """A person at a party. `withdrawn`: as of a party.

    `party_id` and `post` are his present post, `phone` and `email` his main number and address: of more there are rows
    of their own (`tracker.contacts.models`), and one function keeps them equal. `last_met_on` is derived from records.
    `left_on`: since when he is at that firm no more, while nobody knows where he went.
    `cares`: keys of `contacts.wording.CARES`. `forgotten_at`: nothing personal is left of him (`contacts.operations`).
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    post: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(200))
    left_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    last_met_on: Mapped[date | None] = mapped_column(Date)
    birth_month: Mapped[int | None] = mapped_column()
    birth_day: Mapped[int | None] = mapped_column()
    birth_year: Mapped[int | None] = mapped_column()
    preferred_way: Mapped[str | None] = mapped_column(String(16))
    cares: Mapped[list[str]] = mapped_column(JSON, default=list)
    care_note: Mapped[str | None] = mapped_column(String(500))
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    party: Mapped[Party] = related("Party", back_populates="contacts")

    @property
    def birthday(self) -> str | None:
        """The birthday as it is written in forms: `1980-03-16`, or `03-16` where the year is not known."""
        return birthday_of(self.birth_year, self.birth_month, self.birth_day)


def birthday_of(year: int | None, month: int | None, day: int | None) -> str | None:
    """A birthday as it is written: with its year where that is known; None where the day is not."""
    if not month or not day:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"{month:02d}-{day:02d}"


Index("ix_party_kind", Party.kind, Party.name)
_merged = Contact.merged_into_id.is_not(None)  # all others would tempt a database to collect and sort them
Index("ix_contact_merged_into_id", Contact.merged_into_id, sqlite_where=_merged, postgresql_where=_merged)
Index("ix_contact_last_met_on", Contact.last_met_on, Contact.id)
Index("ix_contact_birth", Contact.birth_month, Contact.birth_day)
for _name in ("won_value", "open_value", "value"):
    _of_team = (PartyTally.team_id, PartyTally.below, PartyTally.currency)
    Index(f"ix_party_tally_{_name}", *_of_team, getattr(PartyTally, _name), PartyTally.party_id)

from tracker.team.models import Region, User  # noqa: E402  the annotations above name them
