"""What belongs to a contact: posts over time, numbers and addresses, who knows whom, what he consented to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.clock import now
from tracker.database import Base, UtcDateTime, related
from tracker.parties.models import Contact, Party
from tracker.team.models import User


class ContactPost(Base):
    """A post of a person at a firm. The one that is `present` says the same as `Contact.party_id` and `Contact.post`
    (see `keeping`); where it has an `until`, he left (`Contact.left_on`) and nobody knows what he does now. Unknown
    days are None: a post that is not present and has no `until` ended some day.
    """

    __tablename__ = "contact_post"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    post: Mapped[str | None] = mapped_column(String(80))
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    present: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(String(300))

    contact: Mapped[Contact] = related(Contact)
    party: Mapped[Party] = related(Party)


class ContactWay(Base):
    """A number or address by which a person is reached. `kind`: one of `wording.WAYS`.

    `key` is the value folded, by which it is found; the `main` number and the main e-mail address are the ones that
    `Contact.phone` and `Contact.email` hold (see `keeping`).
    """

    __tablename__ = "contact_way"
    __table_args__ = (UniqueConstraint("contact_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), index=True)
    main: Mapped[bool] = mapped_column(default=False)

    contact: Mapped[Contact] = related(Contact)


class ContactLink(Base):
    """Somebody (another contact, or one of ours) `knows`, `reports_to` or `influences` a contact.

    `strength`: 1 (by sight) to 3 (close).
    """

    __tablename__ = "contact_link"
    __table_args__ = (
        UniqueConstraint("from_contact_id", "contact_id", "kind"),
        UniqueConstraint("from_user_id", "contact_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    from_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    from_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(16))
    strength: Mapped[int] = mapped_column(default=2)
    note: Mapped[str | None] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    contact: Mapped[Contact] = related(Contact, foreign_keys=[contact_id])
    from_contact: Mapped[Contact | None] = related(Contact, foreign_keys=[from_contact_id])
    from_user: Mapped[User | None] = related(User, foreign_keys=[from_user_id])


class ContactConsent(Base):
    """What a person said to being reached in a way (`wording.CONSENTS`), when and how. The latest row of a way counts.

    Nothing is overwritten: a consent that is taken back is a row of its own.
    """

    __tablename__ = "contact_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    given: Mapped[bool] = mapped_column()
    on: Mapped[date] = mapped_column(Date)
    how: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    contact: Mapped[Contact] = related(Contact)
    by: Mapped[User | None] = related(User)
