"""All tables in one import, for migrations and tests."""

from tracker.database import Base
from tracker.events import Event
from tracker.gallery.models import Photo
from tracker.history.models import CorridorCell, OffCorridor, OutsideCell, Standing, StandingPlace, StandingSum, WonStop
from tracker.leads.models import ImportRun, Lead, LeadParty
from tracker.matrix.models import (
    Approval,
    Circumstance,
    Correction,
    DefinitionVersion,
    Evidence,
    LifecycleChange,
    Move,
    OwnTask,
    Record,
    RecordContact,
    RecordHint,
    Signature,
    Submission,
)
from tracker.parties.models import Contact, Party
from tracker.projects.models import (
    Building,
    CategoryLine,
    Project,
    ProjectContact,
    ProjectDesk,
    ProjectMember,
    ProjectParty,
    ProjectTally,
)
from tracker.team.models import PasswordLink, Region, Role, Team, User, UserSession

__all__ = [
    "Approval",
    "Base",
    "Building",
    "CategoryLine",
    "Circumstance",
    "Contact",
    "Correction",
    "CorridorCell",
    "DefinitionVersion",
    "Event",
    "Evidence",
    "ImportRun",
    "Lead",
    "LeadParty",
    "LifecycleChange",
    "Move",
    "OffCorridor",
    "OutsideCell",
    "OwnTask",
    "Party",
    "PasswordLink",
    "Photo",
    "Project",
    "ProjectContact",
    "ProjectDesk",
    "ProjectMember",
    "ProjectParty",
    "ProjectTally",
    "Record",
    "RecordContact",
    "RecordHint",
    "Region",
    "Role",
    "Signature",
    "Standing",
    "StandingPlace",
    "StandingSum",
    "Submission",
    "Team",
    "User",
    "UserSession",
    "WonStop",
]
