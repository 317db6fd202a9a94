"""The mail that tells somebody of an annotation; by answering it he answers in the thread, where an inbox is read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.annotations.operations.telling import LETTER
from tracker.annotations.queries import get_annotation
from tracker.annotations.replies import LINE
from tracker.annotations.wording import said_of, site_name
from tracker.errors import NotFound
from tracker.i18n import _
from tracker.notifications.operations.letters import Letter, Mailing, writes
from tracker.team.models import User


@writes(LETTER)
def letter_to(session: Session, user: User, annotation_id: int, mailing: Mailing) -> Letter | None:
    """The thread as it stands, for somebody who has part in it and still sees it; None of what was withdrawn."""
    try:
        annotation = get_annotation(session, user, annotation_id)
    except NotFound:
        return None
    if annotation.state == "withdrawn":
        return None
    address = f"{mailing.base_url}/annotations/{annotation.id}"
    said = said_of(annotation)
    parts = [f"{annotation.by.name}: {annotation.text}"]
    parts += [f"{one.by.name}: {one.text}" for one in annotation.answers]
    seat = next((one for one in annotation.people if one.user_id == user.id), None)
    headers: dict[str, str] = {}
    thread = ""
    if mailing.inbox and seat is not None:
        local, _at, domain = mailing.inbox.rpartition("@")
        headers["Reply-To"] = f"{local}+{seat.token}@{domain}"
        thread = f"annotation.{seat.token}"
        how = _("Answer this mail, above this line, or at %(address)s", address=address)
        parts = [f"{LINE}\n{how}", _("Hello %(name)s,", name=user.name), said, *parts]
    else:
        parts = [_("Hello %(name)s,", name=user.name), said, *parts, _("Answer at %(address)s", address=address)]
    parts.append(_("What is mailed to you you choose at %(address)s.", address=f"{mailing.base_url}/notifications"))
    return Letter(f"{said}: {site_name(annotation)}", "\n\n".join(parts), headers=headers, thread=thread)
