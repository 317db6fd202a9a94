"""What people see by their key accounts: the projects, the papers with prices, and what partner makers supply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from tracker.access import BY_TEAM, KEY_ACCOUNTS, Action, is_dealer, may, overseen, visible

if TYPE_CHECKING:
    from tracker.team.models import User


def account_projects(user: User) -> Any:
    """A subquery with the projects of the firms of the accounts that the user looks after himself."""
    from tracker.accounts.models import Account, AccountParty
    from tracker.projects.models import ProjectParty

    firms = select(AccountParty.party_id).join(Account, Account.id == AccountParty.account_id)
    return select(ProjectParty.project_id).where(ProjectParty.party_id.in_(firms.where(Account.owner_id == user.id)))


def visible_shares(user: User) -> ColumnElement[bool]:
    """What partner makers supply in the projects one sees; where only some may know, to these and who oversees it."""
    from tracker.partners.models import ProjectShare, ShareViewer
    from tracker.projects.models import Project

    share = ProjectShare
    named = exists().where(ShareViewer.share_id == share.id, ShareViewer.user_id == user.id).correlate(share)
    above = exists().where(Project.id == share.project_id, overseen(Project, user)).correlate(share)
    known = or_(share.named_only.is_(False), share.by_id == user.id, named, above)
    seen = exists().where(Project.id == share.project_id, visible(Project, user)).correlate(share)
    return false() if is_dealer(user) else and_(seen, known)


def of_shares(user: User) -> ColumnElement[bool]:
    """Papers of what partner makers supply, where one may know of it."""
    from tracker.documents.models import Document
    from tracker.partners.models import ProjectShare

    return exists().where(ProjectShare.id == Document.share_id, visible_shares(user)).correlate(Document)


def of_agreements(user: User) -> ColumnElement[bool]:
    """Papers of frame agreements name prices: they are for those who may know them."""
    from tracker.accounts.models import Account, FrameAgreement
    from tracker.documents.models import Document

    if not may(user, Action.ACCOUNT_PRICES):
        return false()
    known = or_(Account.owner_id == user.id, overseen(Account, user))
    if user.department == KEY_ACCOUNTS or user.role.scope not in BY_TEAM:
        known = true()
    account = exists().where(Account.id == FrameAgreement.account_id, known).correlate(FrameAgreement)
    return exists().where(FrameAgreement.id == Document.agreement_id, account).correlate(Document)
