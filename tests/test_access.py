"""Every address of the application, and what each part of the cast gets there. An address that nobody listed fails.

The table says, for each person in the order of `PEOPLE`: `ok` (the answer or a form to mend), `403` (he sees the thing
but may not do this), `404` (for him it does not exist), `in` (he is asked to sign in).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from tests.accounts.making import make_account, make_agreement
from tests.cast import Cast, make_cast
from tests.client import Browser
from tests.conftest import NOON, undone
from tests.dealers.making import AUTUMN, FEBRUARY, graded, line, make_qualified
from tests.definitions.making import LIGHT_SOURCE
from tests.factories import make_contact, make_notification, make_party, make_photo, make_project, make_user
from tests.leads.making import make_lead, row, sheet
from tests.registrations.making import handed_in
from tracker import clock
from tracker.absences.models import Absence
from tracker.absences.operations import Leave, tell_absence
from tracker.access import Action, can, visible
from tracker.accounts.operations.call_offs import CallOffDraft, call_off
from tracker.accounts.operations.markets import RelationDraft, add_relation
from tracker.accounts.operations.planning import ActionDraft, GoalDraft, plan_action, set_goal
from tracker.annotations.operations import Words, annotate
from tracker.annotations.things import get_thing
from tracker.assigning.operations.covering import Ground, add_territory
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.assigning.operations.sharing import share_lead
from tracker.assigning.queries.chosen import list_members
from tracker.calendar.operations.feeding import make_feed
from tracker.calendar.operations.planning import PlanDraft, plan_on_project
from tracker.contacts.operations import add_way
from tracker.dealers.operations.profiles import ContractDraft, keep_contract
from tracker.dealers.operations.stock import report_stock
from tracker.dealers.operations.supplying import propose_quota
from tracker.dealers.operations.supporting import grant_support
from tracker.definitions.operations.drafting import start_draft
from tracker.definitions.operations.publishing import publish_source
from tracker.documents.operations import stage_document
from tracker.duplicates.models import SiteRequest
from tracker.events import Event
from tracker.extensions import db
from tracker.gallery.models import Photo, PhotoSignal
from tracker.gallery.operations import derived_key
from tracker.gallery.operations.asking import say_step
from tracker.gallery.operations.pairing import pair_photos
from tracker.gallery.operations.parcels import ask_parcel, make_parcel
from tracker.gallery.operations.sharing import share_photos
from tracker.gallery.operations.uploading import begin_upload
from tracker.imports.operations.starting import start_run
from tracker.leads.models import Lead
from tracker.leads.operations.firms import Person
from tracker.leads.operations.naming import add_lead_name
from tracker.leads.operations.people import add_person
from tracker.leads.queries import get_lead
from tracker.matrix.definitions import standard_source
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.circumstances import state_circumstance
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.operations.tasks import add_own_task
from tracker.merging.operations import merge
from tracker.parties.models import Contact, Party
from tracker.parties.operations import add_name as add_party_name
from tracker.partners.operations import ShareDraft, agree_share
from tracker.projects.models import Project, ProjectContact, ProjectDesk
from tracker.projects.queries import load_project
from tracker.registrations.models import Conflict, RegisterEntry
from tracker.registrations.operations.complaints import ComplaintDraft, complain
from tracker.reports.models import Report
from tracker.reports.operations.making import make_due
from tracker.rewards.operations.entering import RewardDraft, enter_reward
from tracker.rewards.operations.occasions import OccasionDraft, plan_occasion
from tracker.storage import Storage
from tracker.suggestions.operations import suggest
from tracker.team import operations
from tracker.team.models import User, UserSession
from tracker.todos.operations.doing import TodoDraft, add_todo
from workflows.wishes import MovePhase

# sales1 owns the project and the lead; sales2 is his colleague without a part in them; technical's desk owes work
# there; compliance sees everything and changes nothing; the project is sold through dealer1's company.
PEOPLE = (
    "nobody",
    "sales1",
    "sales2",
    "supervisor",
    "supervisor2",
    "technical",
    "compliance",
    "admin",
    "dealer1",
    "dealer2",
)
OK = {200, 201, 204, 303, 308, 422}
WHOLE = (joinedload(Project.team), joinedload(Project.members))

EVERYBODY = "ok ok ok ok ok ok ok ok ok ok"
SIGNED_IN = "in ok ok ok ok ok ok ok ok ok"
STAFF = "in ok ok ok ok ok ok ok 404 404"
ADMIN = "in 404 404 404 404 404 404 ok 404 404"
EDITORS = "in ok ok ok ok ok 403 ok 404 404"  # of parties and contacts, which all of ours see
FORGETTERS = "in 403 403 403 403 403 ok ok 404 404"  # of people, who all of ours see
PURGED_PAPER = "in 403 404 403 404 404 403 ok 404 404"  # of a lead that no department has yet
PURGED = "in 403 404 403 404 403 403 ok 404 404"  # on the project: only an administrator purges
SEEN = "in ok 404 ok 404 ok ok ok ok 404"  # the project
WORKED = "in ok 404 ok 404 403 403 ok 403 404"  # the project: its people and their supervisors
LED = "in 403 404 ok 404 403 403 ok 403 404"  # the project: their supervisors
STATED = "in ok 404 ok 404 ok 403 ok 404 404"  # the project's dates and circumstances: all of ours who work there
ADDED = "in ok 404 ok 404 ok 403 ok 403 404"  # tasks in its cells
LEAD = "in ok 404 ok 404 404 403 ok 404 404"
LEAD_LED = "in 403 404 ok 404 404 403 ok 404 404"
KEPT = "in 403 403 ok ok 403 403 ok 404 404"  # dealers: of these supervisors and administrators look after them
LEADERS = "in 403 403 ok ok 403 403 ok 404 404"  # supervisors, of their own teams
NORTHERN = "in 403 403 ok 404 403 403 ok 404 404"  # what the north's supervisor set
IMPORT = "in 403 403 ok ok 403 403 ok 403 403"
RUN = "in 404 404 ok 404 404 404 ok 404 404"  # supervisor's own
PERSON = "in 403 403 403 403 403 403 ok 404 404"  # a colleague's card, which all of ours see
AWAY = "in ok 403 ok 403 403 403 ok 404 404"  # a person's days away: himself and who leads his team

GIVEN = "in ok 404 ok 404 404 ok ok 404 404"  # what sales1 entered: his supervisor and compliance see it
ACCOUNT = "in 403 403 ok 403 403 403 ok 404 404"  # looked after in the north's team: its supervisor leads there
SHARED = "in ok 404 ok 404 403 403 ok 404 404"  # the project, of which a dealer sees no partner maker
LOGGED = "in ok ok ok ok ok 403 ok ok ok"  # what everybody does but who only looks
OWN_UPLOAD = "in ok 404 404 404 404 404 404 404 404"  # sales1's own

HIS_OWN = "in 404 404 404 404 404 404 404 ok 404"  # dealer1's, whose company has a profile
HIS_PEOPLE = "in 404 404 404 404 404 404 404 403 404"  # his company has no administrator of its own
RECEIPT = "in ok 404 ok ok ok ok ok ok 404"
REGISTERED = "in ok 404 ok ok ok ok ok 404 404"  # who leads people, looks after dealers, or sees its project
REPORTED = "in ok 404 ok 404 404 ok ok 404 404"  # sales1: himself, and who leads him
ANSWERED = "in 403 404 ok ok 403 403 ok 404 404"

TABLE: dict[tuple[str, str], str] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/static/<path:filename>"): EVERYBODY,
    ("GET", "/login"): EVERYBODY,
    ("POST", "/login"): EVERYBODY,
    ("GET", "/logout"): EVERYBODY,
    ("POST", "/logout"): SIGNED_IN,
    ("GET", "/password/<token>"): EVERYBODY,
    ("POST", "/password/<token>"): EVERYBODY,
    # one's own
    ("GET", "/"): SIGNED_IN,
    ("GET", "/search"): SIGNED_IN,
    ("GET", "/search/more"): SIGNED_IN,
    ("GET", "/search/suggestions"): SIGNED_IN,
    ("GET", "/profile"): SIGNED_IN,
    ("POST", "/profile"): SIGNED_IN,
    ("POST", "/profile/password"): SIGNED_IN,
    ("POST", "/profile/sessions/<int:session_id>"): "in ok 404 404 404 404 404 404 404 404",
    ("GET", "/notifications"): SIGNED_IN,
    ("GET", "/notifications/unread"): SIGNED_IN,
    ("POST", "/notifications/read"): SIGNED_IN,
    ("POST", "/notifications/mail"): SIGNED_IN,
    ("POST", "/notifications/<int:notification_id>/read"): "in ok 404 404 404 404 404 404 404 404",  # sales1's own
    ("GET", "/radar"): STAFF,
    # people and administration
    ("GET", "/people/<int:user_id>"): STAFF,
    ("GET", "/people/<int:user_id>/edit"): PERSON,
    ("POST", "/people/<int:user_id>/edit"): PERSON,
    ("POST", "/people/<int:user_id>/active"): PERSON,
    ("POST", "/people/<int:user_id>/password-link"): PERSON,
    ("GET", "/admin"): ADMIN,
    ("GET", "/admin/audit"): ADMIN,
    ("GET", "/admin/people/new"): ADMIN,
    ("POST", "/admin/people/new"): ADMIN,
    ("POST", "/admin/regions"): ADMIN,
    ("POST", "/admin/regions/<int:region_id>"): ADMIN,
    ("GET", "/admin/roles"): ADMIN,
    ("GET", "/admin/roles/new"): ADMIN,
    ("POST", "/admin/roles/new"): ADMIN,
    ("GET", "/admin/roles/<int:role_id>"): ADMIN,
    ("POST", "/admin/roles/<int:role_id>"): ADMIN,
    ("GET", "/admin/teams"): ADMIN,
    ("GET", "/admin/teams/new"): ADMIN,
    ("POST", "/admin/teams/new"): ADMIN,
    ("GET", "/admin/teams/<int:team_id>"): ADMIN,
    ("POST", "/admin/teams/<int:team_id>"): ADMIN,
    # definitions of the matrix
    ("GET", "/admin/matrix"): ADMIN,
    ("POST", "/admin/matrix/choice"): ADMIN,
    ("POST", "/admin/matrix/drafts"): ADMIN,
    ("POST", "/admin/matrix/drafts/file"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/discard"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/cells/<phase>/<step>"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/cells/<phase>/<step>/limit"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/cells/<phase>/<step>/hints/<id>"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/cells/<phase>/<step>/tasks/<id>"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/texts/<kind>"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/texts/<kind>/<key>"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/settings"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/settings/<key>"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/difference"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/dry-run"): ADMIN,
    ("GET", "/admin/matrix/drafts/<int:draft_id>/dry-run/<key>/<int:version>"): ADMIN,
    ("POST", "/admin/matrix/drafts/<int:draft_id>/publish"): ADMIN,
    ("GET", "/admin/matrix/publications/<int:publication_id>"): ADMIN,
    ("POST", "/admin/matrix/publications/<int:publication_id>"): ADMIN,
    ("GET", "/admin/matrix/versions/<key>/<int:version>"): ADMIN,
    ("GET", "/admin/matrix/versions/<key>/<int:version>.yaml"): ADMIN,
    ("GET", "/admin/matrix/versions/<key>/<int:version>/cells/<phase>/<step>"): ADMIN,
    # parties and contacts
    ("GET", "/parties"): STAFF,
    ("GET", "/parties/pick"): SIGNED_IN,
    ("GET", "/parties/new"): EDITORS,
    ("POST", "/parties/new"): EDITORS,
    ("GET", "/parties/<int:party_id>"): STAFF,
    ("GET", "/parties/<int:party_id>/edit"): EDITORS,
    ("POST", "/parties/<int:party_id>/edit"): EDITORS,
    ("POST", "/parties/<int:party_id>/contacts"): EDITORS,
    ("GET", "/parties/<int:party_id>/more"): EDITORS,
    ("POST", "/parties/<int:party_id>/belongings/<belonging>"): EDITORS,
    ("POST", "/parties/<int:party_id>/belongings/<belonging>/<int:row_id>/drop"): EDITORS,
    ("GET", "/contacts"): STAFF,
    ("GET", "/contacts/<int:contact_id>"): STAFF,
    ("GET", "/contacts/<int:contact_id>/edit"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/edit"): EDITORS,
    ("GET", "/contacts/pick"): STAFF,
    ("POST", "/contacts/<int:contact_id>/ways"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/ways/<int:way_id>"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/move"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/gone"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/posts"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/links"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/ours"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/consents"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/card"): EDITORS,
    ("POST", "/contacts/<int:contact_id>/remove/<what>/<int:row_id>"): EDITORS,
    ("GET", "/contacts/<int:contact_id>/card.vcf"): STAFF,
    ("GET", "/contacts/<int:contact_id>/forget"): FORGETTERS,
    ("POST", "/contacts/<int:contact_id>/forget"): FORGETTERS,
    ("GET", "/contacts/cards"): EDITORS,
    ("POST", "/contacts/cards"): EDITORS,
    ("POST", "/contacts/cards/take"): EDITORS,
    # who stands where on a project, and what must not be kept
    ("GET", "/projects/<int:project_id>/circle"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/projects/<int:project_id>/circle"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("GET", "/purge/photos/<token>"): PURGED,
    ("POST", "/purge/photos/<token>"): PURGED,
    ("GET", "/purge/documents/<token>"): PURGED_PAPER,
    ("POST", "/purge/documents/<token>"): PURGED_PAPER,
    ("GET", "/purge/records/<int:record_id>"): PURGED,
    ("POST", "/purge/records/<int:record_id>"): PURGED,
    # projects
    ("GET", "/board"): "in ok ok ok ok ok ok ok 403 403",
    ("GET", "/projects"): SIGNED_IN,
    ("GET", "/projects/new"): "in ok ok ok ok ok 403 ok 403 403",
    ("POST", "/projects/new"): "in ok ok ok ok ok 403 ok 403 403",
    ("GET", "/projects/<int:project_id>"): SEEN,
    ("GET", "/projects/<int:project_id>/cells/<phase>/<step>"): SEEN,
    ("GET", "/projects/<int:project_id>/replay"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/projects/<int:project_id>/edit"): WORKED,
    ("POST", "/projects/<int:project_id>/edit"): WORKED,
    ("GET", "/projects/<int:project_id>/people"): WORKED,
    ("POST", "/projects/<int:project_id>/buildings"): WORKED,
    ("POST", "/projects/<int:project_id>/categories"): WORKED,
    ("POST", "/projects/<int:project_id>/buildings/<int:building_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/categories/<int:line_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/parties"): WORKED,
    ("POST", "/projects/<int:project_id>/contacts"): WORKED,
    ("POST", "/projects/<int:project_id>/contacts/<int:row_id>"): WORKED,
    ("POST", "/projects/<int:project_id>/members"): WORKED,
    ("POST", "/projects/<int:project_id>/names"): WORKED,
    ("POST", "/projects/<int:project_id>/remove/<what>/<int:row_id>"): WORKED,
    ("GET", "/projects/<int:project_id>/phase"): WORKED,
    ("POST", "/projects/<int:project_id>/phase"): WORKED,
    ("GET", "/projects/<int:project_id>/outcome"): WORKED,
    ("POST", "/projects/<int:project_id>/outcome/<deed>"): WORKED,
    ("GET", "/projects/<int:project_id>/dates"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/projects/<int:project_id>/dates"): STATED,
    ("POST", "/projects/<int:project_id>/circumstances"): STATED,
    ("POST", "/projects/<int:project_id>/circumstances/<int:row_id>/lift"): STATED,
    ("GET", "/projects/<int:project_id>/cells/<phase>/<step>/tasks"): ADDED,
    ("POST", "/projects/<int:project_id>/cells/<phase>/<step>/tasks"): ADDED,
    ("POST", "/projects/<int:project_id>/tasks/<int:task_id>/drop"): ADDED,
    ("GET", "/projects/<int:project_id>/reassign"): LED,
    ("POST", "/projects/<int:project_id>/reassign"): LED,
    ("GET", "/projects/<int:project_id>/log"): "in ok 404 ok 404 ok 403 ok ok 404",
    ("POST", "/projects/<int:project_id>/log"): "in ok 404 ok 404 ok 403 ok ok 404",
    ("GET", "/visit"): "in ok ok ok ok ok 403 ok ok ok",
    # records, pictures, requests
    ("GET", "/records/<int:record_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/records/<int:record_id>/correct"): "in ok 404 ok 404 403 403 ok 404 404",
    ("POST", "/records/<int:record_id>/correct"): "in ok 404 ok 404 403 403 ok 404 404",
    ("GET", "/photos"): SIGNED_IN,
    ("GET", "/photos/<token>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/media/<token>/<size>.jpg"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/photos/<token>/words"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("POST", "/photos/<token>/words"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("GET", "/photos/film"): SEEN,
    ("GET", "/photos/compare"): SEEN,
    ("POST", "/photos/chosen"): SIGNED_IN,
    ("GET", "/photos/questions"): STAFF,
    ("POST", "/photos/questions/<int:signal_id>"): "in ok 404 ok 404 403 403 ok 404 404",
    ("GET", "/photos/shares"): STAFF,
    ("GET", "/photos/add"): LOGGED,
    ("POST", "/photos/add"): LOGGED,
    ("GET", "/photos/place"): LOGGED,
    ("POST", "/photos/place"): LOGGED,
    ("GET", "/photos/move"): STAFF,
    ("POST", "/photos/move"): STAFF,
    ("GET", "/photos/report"): SIGNED_IN,
    ("POST", "/photos/report"): SIGNED_IN,
    ("GET", "/photos/parcels"): SIGNED_IN,
    ("GET", "/photos/parcels/<token>"): OWN_UPLOAD,
    ("GET", "/photos/parcels/<token>/file"): OWN_UPLOAD,
    ("GET", "/photos/pairs"): SEEN,
    ("GET", "/photos/pairs/<int:pair_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/photos/pairs/<int:pair_id>"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("POST", "/photos/pairs/<int:pair_id>/part"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("GET", "/photos/<token>/draw"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("POST", "/photos/<token>/draw"): "in ok 404 ok 404 ok 403 ok 404 404",
    ("GET", "/photos/day"): SIGNED_IN,
    ("GET", "/photos/map"): STAFF,
    ("GET", "/photos/map/points"): STAFF,
    ("POST", "/photos/shares/<int:share_id>/revoke"): OWN_UPLOAD,
    ("GET", "/shared/<share_token>"): EVERYBODY,
    ("GET", "/shared/<share_token>/<int:place>/<size>.jpg"): EVERYBODY,
    ("POST", "/photos/uploads"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/photos/uploads/<token>"): OWN_UPLOAD,
    ("POST", "/photos/uploads/<token>/pieces"): OWN_UPLOAD.replace("ok", "409"),  # nothing was sent
    ("POST", "/photos/uploads/<token>/finish"): OWN_UPLOAD.replace("ok", "409"),
    ("POST", "/photos/staged"): LOGGED,
    # what was entered twice
    ("GET", "/merges"): IMPORT,
    ("POST", "/merges/<int:merge_id>/undo"): LEAD_LED,
    ("GET", "/merge/<kind>/<int:kept>"): LEAD_LED,
    ("GET", "/merge/<kind>/<int:kept>/<int:gone>"): LEAD_LED,
    ("POST", "/merge/<kind>/<int:kept>/<int:gone>"): LEAD_LED,
    ("GET", "/documents"): SIGNED_IN,
    ("GET", "/documents/<token>"): "in ok 404 ok 404 404 ok ok 404 404",  # of the lead
    ("POST", "/documents/staged"): LOGGED,
    ("POST", "/projects/<int:project_id>/documents"): "in ok 404 ok 404 ok 403 ok ok 404",  # on the project
    ("GET", "/documents/<token>/versions"): "in ok 404 ok 404 404 ok ok 404 404",  # of the lead
    ("POST", "/documents/<token>/versions"): "in ok 404 ok 404 404 403 ok 404 404",
    ("POST", "/documents/<token>/sort"): "in ok 404 ok 404 404 403 ok 404 404",
    ("GET", "/approvals"): STAFF,
    ("GET", "/approvals/<int:approval_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/approvals/<int:approval_id>"): "in 403 404 ok 404 403 403 ok 404 404",
    ("POST", "/approvals/<int:approval_id>/withdraw"): "in ok 404 403 404 403 403 403 404 404",
    # what looks alike; the request is sales2's, about sales1's lead
    ("GET", "/duplicates"): STAFF,
    ("GET", "/duplicates/check"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/duplicates/<kind>/<int:row_id>"): "in ok 404 ok 404 404 ok ok 404 404",
    ("POST", "/duplicates/<kind>/<int:row_id>/different"): "in 404 404 404 404 404 404 404 404 404",
    ("POST", "/duplicates/requests/<int:request_id>"): "in 404 403 ok 404 404 403 ok 404 404",
    # leads
    ("GET", "/leads"): SIGNED_IN,
    ("GET", "/leads/new"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/leads/new"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/leads/several"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/leads/several"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/leads/<int:lead_id>/people"): LEAD,
    ("POST", "/leads/<int:lead_id>/people/<int:row_id>/remove"): LEAD,
    ("POST", "/leads/<int:lead_id>/names"): LEAD,
    ("POST", "/leads/<int:lead_id>/names/<int:row_id>/remove"): LEAD,
    ("GET", "/leads/<int:lead_id>"): "in ok 404 ok 404 404 ok ok 404 404",
    ("GET", "/leads/<int:lead_id>/edit"): LEAD,
    ("POST", "/leads/<int:lead_id>/edit"): LEAD,
    ("POST", "/leads/<int:lead_id>/records"): LEAD,
    ("POST", "/leads/<int:lead_id>/state"): LEAD,
    ("GET", "/leads/<int:lead_id>/score"): LEAD,
    ("POST", "/leads/<int:lead_id>/score"): LEAD,
    ("POST", "/leads/<int:lead_id>/decide"): LEAD_LED,
    ("GET", "/leads/<int:lead_id>/duplicate"): LEAD,
    ("POST", "/leads/<int:lead_id>/duplicate"): LEAD,
    ("GET", "/leads/<int:lead_id>/convert"): LEAD,
    ("POST", "/leads/<int:lead_id>/convert"): LEAD,
    ("POST", "/leads/<int:lead_id>/assign"): LEAD_LED,
    # imports, and where those of leads were before
    ("GET", "/imports"): IMPORT,
    ("GET", "/imports/<kind>"): IMPORT,
    ("POST", "/imports/<kind>"): IMPORT,
    ("GET", "/imports/runs/<int:run_id>"): RUN,
    ("POST", "/imports/runs/<int:run_id>"): RUN,
    ("GET", "/imports/runs/<int:run_id>/mapping"): RUN,
    ("POST", "/imports/runs/<int:run_id>/mapping"): RUN,
    ("POST", "/imports/runs/<int:run_id>/reading"): RUN,
    ("POST", "/imports/runs/<int:run_id>/undo"): "in 404 404 403 404 404 404 403 404 404",  # it has not run yet
    ("GET", "/imports/runs/<int:run_id>/rejected.csv"): RUN,
    ("GET", "/leads/import"): SIGNED_IN,
    ("POST", "/leads/import"): SIGNED_IN,
    ("GET", "/leads/imports"): SIGNED_IN,
    ("GET", "/leads/imports/<int:run_id>"): SIGNED_IN,
    ("POST", "/leads/imports/<int:run_id>"): SIGNED_IN,
    ("GET", "/leads/imports/<int:run_id>/mapping"): SIGNED_IN,
    ("POST", "/leads/imports/<int:run_id>/mapping"): SIGNED_IN,
    ("GET", "/leads/imports/<int:run_id>/rejected.csv"): SIGNED_IN,
    # key accounts: keyaccount looks after one in the company's team; supervisor and director lead, admin and compliance
    # see all of it; and what a partner maker supplies in the project
    ("GET", "/accounts"): STAFF,
    ("GET", "/accounts/new"): LEADERS,
    ("POST", "/accounts/new"): LEADERS,
    ("GET", "/accounts/<int:account_id>"): STAFF,
    ("GET", "/accounts/<int:account_id>/edit"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/edit"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/firms"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/firms/<int:party_id>/remove"): ACCOUNT,
    ("GET", "/accounts/<int:account_id>/agreements/new"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/agreements/new"): ACCOUNT,
    ("GET", "/accounts/agreements"): STAFF,
    ("GET", "/accounts/agreements/<int:agreement_id>"): STAFF,
    ("GET", "/accounts/agreements/<int:agreement_id>/edit"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/edit"): ACCOUNT,
    ("GET", "/accounts/agreements/<int:agreement_id>/renew"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/renew"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/end"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/categories"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/prices"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/categories/<int:row_id>/remove"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/prices/<int:row_id>/remove"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/papers"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/call-offs"): ACCOUNT,
    ("POST", "/accounts/agreements/<int:agreement_id>/call-offs/<int:row_id>/void"): ACCOUNT,
    ("GET", "/accounts/<int:account_id>/plan"): STAFF,
    ("POST", "/accounts/<int:account_id>/goals"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/goals/<int:goal_id>/drop"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/actions"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/actions/<int:action_id>/done"): "in 403 403 ok 403 403 403 ok 404 404",
    ("POST", "/accounts/<int:account_id>/reviews"): ACCOUNT,
    ("GET", "/accounts/<int:account_id>/wallet"): STAFF,
    ("POST", "/accounts/<int:account_id>/wallet"): ACCOUNT,
    ("GET", "/accounts/<int:account_id>/ladder"): STAFF,
    ("POST", "/accounts/<int:account_id>/ladder/step"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/ladder/signs"): ACCOUNT,
    ("GET", "/accounts/<int:account_id>/markets"): STAFF,
    ("POST", "/accounts/<int:account_id>/markets"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/markets/<int:relation_id>"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/markets/<int:relation_id>/action"): ACCOUNT,
    ("POST", "/accounts/<int:account_id>/markets/<int:relation_id>/remove"): ACCOUNT,
    ("GET", "/partners"): STAFF,
    ("GET", "/projects/<int:project_id>/partners"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/projects/<int:project_id>/partners"): SHARED,
    ("POST", "/projects/<int:project_id>/partners/<int:share_id>/end"): SHARED,
    ("GET", "/leads/assign"): "in 403 403 ok ok 403 403 ok 403 403",
    ("POST", "/leads/assign"): "in 403 403 ok ok 403 403 ok 403 403",
    ("POST", "/leads/share"): "in ok ok ok ok ok ok ok 404 404",  # each lead by itself; nobody's are refused by name
    ("POST", "/leads/<int:lead_id>/share"): LEAD,
    ("POST", "/leads/<int:lead_id>/unshare/<int:row_id>"): LEAD,
    ("POST", "/leads/<int:lead_id>/claim"): LEAD,
    ("POST", "/leads/<int:lead_id>/release"): LEAD,
    ("POST", "/leads/<int:lead_id>/time"): LEAD_LED,
    ("GET", "/leads/pool"): STAFF,
    ("POST", "/leads/pool/limits"): "in 403 403 403 403 403 403 ok 404 404",
    ("GET", "/leads/map"): SIGNED_IN,
    ("GET", "/leads/map/points"): SIGNED_IN,
    ("GET", "/leads/map/within"): "in 403 403 ok ok 403 403 ok 403 403",
    ("GET", "/leads/rules"): LEADERS,
    ("POST", "/leads/rules"): LEADERS,
    ("POST", "/leads/rules/apply"): LEADERS,
    ("POST", "/leads/rules/<int:rule_id>/drop"): NORTHERN,
    ("GET", "/leads/territories"): LEADERS,
    ("POST", "/leads/territories"): LEADERS,
    ("POST", "/leads/territories/<int:territory_id>/drop"): NORTHERN,
    # dealers; the profile is of dealer1's company
    ("GET", "/dealers"): STAFF,
    ("GET", "/designers"): STAFF,
    ("GET", "/designers/<int:contact_id>"): STAFF,
    ("POST", "/designers/<int:contact_id>/level"): EDITORS,
    ("POST", "/designers/<int:contact_id>/projects/<int:project_id>"): SHARED,
    ("GET", "/rewards"): STAFF,
    ("GET", "/rewards/new"): EDITORS,
    ("POST", "/rewards/new"): EDITORS,
    ("GET", "/rewards/<int:reward_id>"): GIVEN,
    ("POST", "/rewards/<int:reward_id>/given"): LEAD,
    ("POST", "/rewards/<int:reward_id>/off"): LEAD,
    ("POST", "/rewards/<int:reward_id>/answer"): LEAD,
    ("POST", "/rewards/<int:reward_id>/papers"): LEAD,
    ("GET", "/occasions"): STAFF,
    ("GET", "/occasions/new"): EDITORS,
    ("POST", "/occasions/new"): EDITORS,
    ("GET", "/occasions/<int:occasion_id>"): STAFF,
    ("POST", "/occasions/<int:occasion_id>/guests"): EDITORS,
    ("POST", "/occasions/<int:occasion_id>/came"): EDITORS,
    ("POST", "/occasions/<int:occasion_id>/sign"): STAFF,
    ("POST", "/occasions/<int:occasion_id>/papers"): EDITORS,
    ("POST", "/occasions/<int:occasion_id>/off"): EDITORS,
    ("GET", "/dealers/new"): KEPT,
    ("POST", "/dealers/new"): KEPT,
    ("GET", "/dealers/evaluations"): STAFF,
    ("GET", "/dealers/quotas"): STAFF,
    ("GET", "/dealers/quotas/new"): KEPT,
    ("POST", "/dealers/quotas/new"): KEPT,
    ("GET", "/dealers/quotas/<int:quota_id>"): STAFF,
    ("POST", "/dealers/quotas/<int:quota_id>"): KEPT,
    ("POST", "/dealers/quotas/<int:quota_id>/tell"): KEPT,
    ("GET", "/dealers/<int:dealer_id>"): STAFF,
    ("GET", "/dealers/<int:dealer_id>/edit"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/edit"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/papers/<kind>"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/papers/<kind>"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/contracts/new"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/contracts/new"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/contracts/<int:contract_id>"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/contracts/<int:contract_id>"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/history"): STAFF,
    ("GET", "/dealers/<int:dealer_id>/standing"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/standing"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/stock"): STAFF,
    ("GET", "/dealers/lines/<int:stock_line_id>"): STAFF,
    ("GET", "/dealers/<int:dealer_id>/stock/<month>"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/stock/<month>"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/signals"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/evaluations"): STAFF,
    ("POST", "/dealers/<int:dealer_id>/evaluations"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>"): STAFF,
    ("POST", "/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/evaluations/<int:evaluation_id>/reopen"): KEPT,
    ("GET", "/dealers/<int:dealer_id>/support"): STAFF,
    ("POST", "/dealers/<int:dealer_id>/support"): KEPT,
    ("POST", "/dealers/<int:dealer_id>/support/<int:support_id>"): KEPT,
    ("GET", "/dealers/mine"): "in 404 404 404 404 404 404 404 ok ok",
    ("GET", "/dealers/mine/stock/<month>"): "in 404 404 404 404 404 404 404 ok 404",
    ("POST", "/dealers/mine/stock/<month>"): "in 404 404 404 404 404 404 404 ok 404",
    ("GET", "/dealers/mine/evaluations/<int:evaluation_id>"): "in 404 404 404 404 404 404 404 ok 404",
    # registrations; this one is dealer1's, on the project
    ("GET", "/dealers/mine/registrations"): "in 404 404 404 404 404 404 404 ok ok",
    ("GET", "/dealers/mine/registrations/new"): HIS_OWN,
    ("POST", "/dealers/mine/registrations/new"): HIS_OWN,
    ("GET", "/dealers/mine/registrations/<int:registration_id>"): HIS_OWN,
    ("GET", "/dealers/mine/registrations/<int:registration_id>/edit"): HIS_OWN,
    ("POST", "/dealers/mine/registrations/<int:registration_id>/edit"): HIS_OWN,
    ("POST", "/dealers/mine/registrations/<int:registration_id>/<deed>"): HIS_OWN,
    ("POST", "/dealers/mine/registrations/<int:registration_id>/notes/<kind>"): HIS_OWN,
    ("GET", "/dealers/mine/people"): HIS_PEOPLE,
    ("GET", "/dealers/mine/people/new"): HIS_PEOPLE,
    ("POST", "/dealers/mine/people/new"): HIS_PEOPLE,
    ("GET", "/dealers/mine/people/<int:user_id>"): HIS_PEOPLE,
    ("POST", "/dealers/mine/people/<int:user_id>/link"): HIS_PEOPLE,
    ("POST", "/dealers/mine/people/<int:user_id>/active"): HIS_PEOPLE,
    ("POST", "/dealers/mine/people/<int:user_id>/hand-on"): HIS_PEOPLE,
    ("GET", "/dealers/mine/complaints"): HIS_OWN,
    ("POST", "/dealers/mine/complaints"): HIS_OWN,
    ("GET", "/registrations/complaints"): STAFF,
    ("POST", "/registrations/complaints"): "in ok ok ok ok ok 403 ok 404 404",
    ("GET", "/registrations/complaints/<int:complaint_id>"): "in ok 404 ok ok 404 ok ok 404 404",
    ("POST", "/registrations/complaints/<int:complaint_id>"): "in 403 404 ok ok 404 403 ok 404 404",
    ("GET", "/registrations"): STAFF,
    ("GET", "/registrations/<int:registration_id>"): REGISTERED,
    ("GET", "/registrations/<int:registration_id>/receipts/<int:entry_id>"): RECEIPT,
    ("GET", "/registrations/<int:registration_id>/receipts/<int:entry_id>.pdf"): RECEIPT,
    ("POST", "/registrations/<int:registration_id>/approve"): ANSWERED,
    ("POST", "/registrations/<int:registration_id>/conflict"): ANSWERED,
    ("POST", "/registrations/<int:registration_id>/<deed>"): ANSWERED,
    ("GET", "/registrations/conflicts/<int:conflict_id>"): REGISTERED,
    ("POST", "/registrations/conflicts/<int:conflict_id>/<deed>"): "in ok 404 ok ok ok 403 ok 404 404",
    ("GET", "/people/<int:user_id>/skills"): "in 403 403 ok 403 403 403 ok 404 404",
    ("POST", "/people/<int:user_id>/skills"): "in 403 403 ok 403 403 403 ok 404 404",
    ("GET", "/people/<int:user_id>/away"): AWAY,
    ("POST", "/people/<int:user_id>/away"): AWAY,
    ("POST", "/people/<int:user_id>/away/<int:absence_id>/end"): AWAY,
    ("POST", "/people/<int:user_id>/away/<int:absence_id>/proof"): AWAY,
    ("GET", "/away"): STAFF,
    # the calendar; the plan is sales1's, on the project, with nobody along
    ("GET", "/calendar"): SIGNED_IN,
    ("GET", "/calendar/route"): SIGNED_IN,
    ("GET", "/calendar/week"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/calendar/week"): "in ok ok ok ok ok 403 ok ok ok",
    ("GET", "/calendar/plans/new"): "in ok ok ok ok ok 403 ok ok ok",
    ("POST", "/calendar/plans"): "in ok 404 ok 404 ok 403 ok ok 404",
    ("GET", "/calendar/plans/<int:record_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/calendar/plans/<int:record_id>"): "in ok 404 ok 404 403 403 ok 404 404",
    ("POST", "/calendar/plans/<int:record_id>/move"): "in ok 404 ok 404 403 403 ok 404 404",
    ("POST", "/calendar/plans/<int:record_id>/off"): "in ok 404 ok 404 403 403 ok 404 404",
    ("GET", "/calendar/feed"): SIGNED_IN,
    ("POST", "/calendar/feed"): SIGNED_IN,
    ("POST", "/calendar/feed/end"): SIGNED_IN,
    ("GET", "/calendar/feeds/<token>.ics"): EVERYBODY,
    ("POST", "/seen"): SIGNED_IN,
    # to-dos; this one is sales1's own
    ("GET", "/todos"): SIGNED_IN,
    ("GET", "/todos/new"): SIGNED_IN,
    ("POST", "/todos"): SIGNED_IN,
    ("GET", "/todos/<int:todo_id>"): "in ok 404 ok 404 404 404 ok 404 404",
    ("GET", "/todos/<int:todo_id>/edit"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/edit"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/done"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/give"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/snooze"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/drop"): "in ok 404 403 404 404 404 403 404 404",
    ("POST", "/todos/<int:todo_id>/follow"): "in ok 404 ok 404 404 404 ok 404 404",
    ("GET", "/people/<int:user_id>/handover"): "in 403 403 ok 403 403 403 ok 404 404",
    ("POST", "/people/<int:user_id>/handover"): "in 403 403 ok 403 403 403 ok 404 404",
    ("GET", "/handover/mine"): STAFF,
    ("GET", "/projects/<int:project_id>/briefing"): "in ok 404 ok 404 ok ok ok 404 404",
    ("GET", "/contacts/<int:contact_id>/briefing"): STAFF,
    # what supervisor said about sales1's record; sales1's report, forecast and suggestion
    ("GET", "/annotations"): SIGNED_IN,
    ("GET", "/annotations/<int:annotation_id>"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/annotations/<int:annotation_id>/answers"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/annotations/<int:annotation_id>/withdraw"): "in 403 404 ok 404 403 403 ok 404 404",
    ("POST", "/annotations/<int:annotation_id>/reopen"): "in 403 404 ok 404 403 403 ok 404 404",
    ("GET", "/annotate/<on>/<key>"): "in 403 404 ok 404 403 403 ok 404 404",
    ("POST", "/annotate/<on>/<key>"): "in 403 404 ok 404 403 403 ok 404 404",
    ("GET", "/reports"): STAFF,
    ("GET", "/reports/<int:report_id>"): REPORTED,
    ("GET", "/reports/of/<subject>/<period>/<on>"): REPORTED,
    ("POST", "/reports/of/<subject>/<period>/<on>"): "in ok 404 403 404 404 403 403 404 404",
    ("GET", "/reports/of/<subject>/<period>/<on>/<section>"): REPORTED,
    ("GET", "/reports/of/<subject>/<period>/<on>/file.<kind>"): REPORTED,
    ("GET", "/reports/subscriptions"): STAFF,
    ("POST", "/reports/subscriptions"): STAFF,
    ("POST", "/reports/subscriptions/end"): STAFF,
    ("GET", "/admin/reports"): ADMIN,
    ("POST", "/admin/reports/<of>/<period>"): ADMIN,
    ("GET", "/people/<int:user_id>/work"): REPORTED,
    ("GET", "/forecasts"): STAFF,
    ("GET", "/projects/<int:project_id>/forecast"): "in ok 404 ok 404 ok ok ok 404 404",
    ("POST", "/projects/<int:project_id>/forecast"): "in ok 404 ok 404 403 403 ok 404 404",
    # newcomers
    ("GET", "/first-week"): STAFF,
    ("POST", "/first-week"): STAFF,
    ("GET", "/people/<int:user_id>/first-week"): REPORTED,
    ("GET", "/knowledge"): STAFF,
    ("GET", "/knowledge/<phase>/<step>"): STAFF,
    ("GET", "/practice"): STAFF,
    ("POST", "/practice"): STAFF,
    ("POST", "/practice/acts"): STAFF,
    ("GET", "/suggestions"): STAFF,
    ("POST", "/suggestions"): STAFF,
    ("GET", "/suggestions/<int:suggestion_id>"): REPORTED,
    ("POST", "/suggestions/<int:suggestion_id>"): "in 403 404 ok 404 404 403 ok 404 404",
}


def rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        yield from ((method, rule.rule) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_address_is_in_the_table(app: Flask) -> None:
    there = set(rules(app))
    assert there - set(TABLE) == set(), "addresses that nobody listed"
    assert set(TABLE) - there == set(), "addresses that are not there any more"


@pytest.fixture(scope="module")
def session(app: Flask) -> Iterator[Session]:
    """One company for the whole table: what a visit changes is undone after it."""
    with clock.frozen(NOON), undone(app) as session:
        yield session


@pytest.fixture(scope="module")
def cast(session: Session) -> Cast:
    return make_cast(session)


@pytest.fixture(scope="module")
def browser(app: Flask, session: Session) -> Browser:
    return Browser(app, session)


def account_of(session: Session, party: Party, project: Project, cast: Cast) -> dict[str, object]:
    """A key account of the north's with one of everything, and what a partner maker supplies in the project."""
    owner = make_user(session, "kam", role=cast.roles["key_accounts"], team=cast.north)
    account = make_account(session, party, owner)
    agreement = make_agreement(session, account, cast.admin)
    action = plan_action(session, account, ActionDraft("action", "Call", clock.today(), owner), by=cast.admin)
    goal = set_goal(session, account, GoalDraft("value", 2026, Decimal(100)), by=cast.admin)
    relation = add_relation(session, account, RelationDraft("internal", "cold", user=owner), by=cast.admin)
    whole = load_project(session, cast.admin, project.id)
    drawn = call_off(session, agreement, whole, CallOffDraft("tiles", clock.today(), value=Decimal(9)), by=cast.admin)
    maker = make_party(session, "Linden Lighting", kind="partner_maker")
    share = agree_share(session, whole, maker, ShareDraft("lighting", clock.today()), by=cast.sales1)
    price, cover = agreement.prices[0].id, agreement.categories[0].id
    session.commit()
    found = {"account_id": account.id, "agreement_id": agreement.id, "goal_id": goal.id, "action_id": action.id}
    return {**found, "relation_id": relation.id, "share_id": share.id, "call_off_row_id": drawn.call_off.id,
            "price_row_id": price, "cover_row_id": cover}  # fmt: skip


def file_of(session: Session, storage: Storage, photo: Photo, cast: Cast) -> str:
    """A file of pictures that sales1 asked for."""
    parcel = ask_parcel(session, [photo], "zip", by=cast.sales1)
    make_parcel(session, storage, parcel.id, session.flush)
    return parcel.token


def pair_of(session: Session, photo: Photo, project: Project, cast: Cast) -> int:
    """A pair of two pictures of sales1."""
    return pair_photos(session, [photo, make_photo(session, cast.sales1, project=project)], by=cast.sales1).id


def asked_of(session: Session, photo: Photo, project: Project) -> int:
    """What is asked because a picture shows another step than the matrix says; its number."""
    say_step(session, photo, project, "handover")
    return session.scalars(select(PhotoSignal.id).where(PhotoSignal.photo_id == photo.id)).one()


@pytest.fixture(scope="module")
def things(app: Flask, session: Session, cast: Cast) -> dict[str, object]:
    """One thing of each kind, by the name under which addresses ask for it."""
    developer = make_party(session, "Hengyue Land")
    contact = make_contact(session, developer)
    project = make_project(session, cast.sales1, dealer=cast.xinyuan, developer=developer)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id))
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    draft = RecordDraft("map", "structure", "site_visit", clock.today(), "Met the buyer.", photos=(photo.token,))
    record = log_record(session, project, draft, by=cast.sales1).record
    visit = PlanDraft(clock.today(), "site_visit", "Look again")
    planned = plan_on_project(session, project, visit, by=cast.sales1)
    request = ask_approval(
        session, project, MovePhase("specify"), by=cast.sales1, reason="The designer waits.", complete_by=clock.today()
    )
    session.merge(ProjectDesk(project_id=project.id, department="technical"))
    storage = app.extensions["storage"]
    storage.put(derived_key(photo.token, "320"), b"a picture")
    storage.put("imports/refused.csv", b"number,reason")
    run = start_run(session, storage, sheet([row("P-1")]), "permits.csv", by=cast.supervisor)
    run.rejected_key = "imports/refused.csv"
    own = UserSession(token_hash="one of sales1", user_id=cast.sales1.id)
    role = operations.add_role(session, by=cast.admin, name_zh="顾问", name_en="Adviser", scope="own", capabilities=())
    paper = stage_document(session, storage, b"%PDF-1.4 %%EOF", "notice.pdf", by=cast.sales1)
    lead = make_lead(session, cast.sales1, documents=(paper.token,))
    told_us = add_person(session, lead, Person("Li", "Qiheng Interiors"), by=cast.sales1)
    told_way = add_way(session, contact, by=cast.sales1, kind="mobile", value="138 0000 1234")
    called = add_lead_name(session, lead, "site", "Plot seven", by=cast.sales1)
    asked = SiteRequest(what="join", lead_id=lead.id, by_id=cast.sales2.id, typed={"name": lead.name})
    session.add(asked)
    twin, entered_twice = make_lead(session, cast.sales1), make_lead(session, cast.sales1)
    sides = (get_lead(session, cast.supervisor, one.id) for one in (lead, entered_twice))
    merged = merge(session, "lead", *sides, by=cast.supervisor, reason="The same gate.")
    notification = make_notification(session, cast.sales1, project)
    overdue = state_circumstance(session, project, "overdue", clock.today(), by=cast.sales1, note="Statement of May")
    task = add_own_task(session, project, by=cast.sales1, phase="map", step="structure", department="technical",
                        text="Bring the details")  # fmt: skip
    kept = account_of(session, developer, project, cast)
    publish_source(session, LIGHT_SOURCE, by=cast.admin, reason="For small orders.")
    matrix = start_draft(session, "standard", by=cast.admin)
    publication = publish_source(session, standard_source(), by=cast.admin, reason="A new year.")
    publication.state = "broken"
    rule = add_rule(session, RuleDraft("pool", team_id=cast.north.id, to_team_id=cast.north.id), by=cast.supervisor)
    days = (clock.today(), clock.today())
    absence = tell_absence(session, cast.sales1, Leave(*days), by=cast.sales1)
    territory = add_territory(session, cast.north, None, Ground(district="Harbour"), by=cast.supervisor)
    share_lead(session, lead, cast.keyaccount, by=cast.sales1)
    dealer = make_qualified(session, cast.xinyuan, by=cast.director, since=date(2024, 1, 1))
    stock = report_stock(session, dealer, FEBRUARY, [line(100, 0, 30)], by=cast.director).lines[0].id
    judged = graded(session, dealer, AUTUMN, 90, cast.director)
    given = grant_support(session, dealer, by=cast.director, kind="training", what="Slabs", on=clock.today())
    contract = keep_contract(session, dealer, ContractDraft("A-1", AUTUMN, AUTUMN), by=cast.director)
    quota = propose_quota(
        session, by=cast.director, category="tiles", month=clock.today(), unit="m2", quantity=9, reason="Short"
    )
    gift = RewardDraft(contact, "publication", "Credit", clock.today(), "For the tower")
    plan = OccasionDraft("training_cpd", "Glazes", clock.today(), "An afternoon")
    reward, occasion = enter_reward(session, gift, by=cast.sales1), plan_occasion(session, plan, by=cast.sales1)
    registration = handed_in(session, dealer, cast.dealer1)
    registration.project_id = project.id
    days_left = {"evidence_by": clock.today(), "rule_by": clock.today()}
    case = Conflict(registration_id=registration.id, project_id=project.id, opened_on=clock.today(), **days_left)
    session.add(case)
    session.flush()
    entry = session.scalars(select(RegisterEntry)).one()
    proof = make_photo(session, cast.sales1, taken_on=clock.today())
    told = ComplaintDraft("goods", "A shop", "Forty cartons", clock.today(), photos=(proof.token,))
    complaint = complain(session, told, by=cast.sales1)
    session.add(own)
    party_name = add_party_name(session, developer, by=cast.sales1, name="Anders", kind="other")
    session.commit()
    (member,) = list_members(session, lead)
    remark = get_thing(session, cast.supervisor, "record", str(record.id))
    said = annotate(session, remark, Words("ask", "Who decides?", cast.sales1.id), by=cast.supervisor)
    for _number in make_due(session, clock.now()):
        session.commit()
    his = select(Report.id).where(Report.user_id == cast.sales1.id, Report.period == "week")
    idea, report_id = suggest(session, "A van for samples", by=cast.sales1), session.scalars(his).one()
    session.commit()
    ids = {"annotation_id": said.id, "report_id": report_id, "suggestion_id": idea.id}
    rows = load_project(session, cast.sales1, project.id)
    return {
        **ids,
        "subject": f"person:{cast.sales1.id}",
        "of": "person",
        "on": clock.today().isoformat(),
        "period": "week",
        "section": "visits",
        "filename": "app.css",
        "paper": paper.token,
        "person_row_id": told_us.id,
        "name_row_id": called.id,
        "link": operations.make_password_link(session, cast.sales2, by=cast.admin),
        "token": photo.token,
        "share_token": (given_out := share_photos(session, [photo], "The frame", 7, by=cast.sales1)).token,
        "share_id": given_out.id,
        "place": 1,
        "parcel": file_of(session, storage, photo, cast),
        "pair_id": pair_of(session, photo, project, cast),
        "signal_id": asked_of(session, photo, project),
        "upload": begin_upload(session, "a.jpg", 9, "0" * 64, by=cast.sales1).token,
        "size": "320",
        "phase": "map",
        "step": "structure",
        "what": "party",
        **kept,
        "project_id": project.id,
        "deed": "suspend",
        "reward_id": reward.id,
        "occasion_id": occasion.id,
        "row_id": rows.parties[0].id,
        "circumstance_row_id": overdue.id,
        "task_id": task.id,
        "contact_row_id": rows.contacts[0].id,
        "building_id": rows.buildings[0].id,
        "line_id": rows.categories[0].id,
        "record_id": record.id,
        "plan_id": planned.id,
        "todo_id": add_todo(session, TodoDraft("Call the buyer", clock.today()), by=cast.sales1).id,
        "feed": make_feed(session, by=cast.sales1).token,
        "approval_id": request.id,
        "lead_id": lead.id,
        "request_id": asked.id,
        "merge_id": merged.id,
        "kept": lead.id,
        "gone": twin.id,
        "run_id": run.id,
        "party_id": developer.id,
        "party_name_id": party_name.id,
        "belonging": "names",
        "contact_id": contact.id,
        "way_id": told_way.id,
        "user_id": cast.sales1.id,
        "keyaccount_id": cast.keyaccount.id,
        "session_id": own.id,
        "notification_id": notification.id,
        "team_id": cast.north.id,
        "region_id": cast.region_north.id,
        "rule_id": rule.id,
        "territory_id": territory.id,
        "absence_id": absence.id,
        "member_row_id": member.id,
        "role_id": role.id,
        "draft_id": matrix.id,
        "publication_id": publication.id,
        "dealer_id": dealer.id,
        "stock_line_id": stock,
        "evaluation_id": judged.id,
        "support_id": given.id,
        "contract_id": contract.id,
        "quota_id": quota.id,
        "registration_id": registration.id,
        "conflict_id": case.id,
        "entry_id": entry.id,
        "complaint_id": complaint.id,
        "month": "2026-02",
        "key": "standard",
        "version": 1,
        "kind": "phase",
        "id": "new",
    }


def address_of(rule: str, things: dict[str, object]) -> str:
    """The address of the things under a rule."""
    if "/contacts/<int:row_id>" in rule:
        things = {**things, "row_id": things["contact_row_id"]}
    if rule.startswith("/duplicates/<kind>"):
        things = {**things, "kind": "lead", "row_id": things["lead_id"]}
    if "/call-offs/<int:row_id>" in rule:
        things = {**things, "row_id": things["call_off_row_id"]}
    for what, named in (("prices", "price_row_id"), ("categories", "cover_row_id")):
        if f"/{what}/<int:row_id>/remove" in rule:
            things = {**things, "row_id": things[named]}
    if "/circumstances/<int:row_id>" in rule:
        things = {**things, "row_id": things["circumstance_row_id"]}
    if "/papers/<kind>" in rule:
        things = {**things, "kind": "licence"}
    if "registrations" in rule:
        own, case = "/mine/" in rule, "/conflicts/" in rule
        things = {**things, "kind": "progress", "deed": "withdraw" if own else "evidence" if case else "reject"}
    if rule == "/imports/<kind>":
        return "/imports/parties"
    if rule.startswith("/parties/") and "/<int:row_id>/drop" in rule:
        things = {**things, "row_id": things["party_name_id"]}
    if rule.startswith("/merge/"):
        things = {**things, "kind": "lead"}
    if rule.startswith("/contacts/") and "/remove/" in rule:
        things = {**things, "what": "way", "row_id": things["way_id"]}
    for what, named in (("people", "person_row_id"), ("names", "name_row_id")):
        if f"/{what}/<int:row_id>" in rule:
            things = {**things, "row_id": things[named]}
    if rule in ("/photos/film", "/photos/compare", "/photos/pairs"):
        return f"{rule}?project={things['project_id']}"
    if rule.startswith("/photos/parcels/"):
        things = {**things, "token": things["parcel"]}
    if rule.startswith("/photos/uploads/"):
        things = {**things, "token": things["upload"]}
    if rule.startswith(("/documents/", "/purge/documents/")):
        things = {**things, "token": things["paper"]}
    if "/unshare/" in rule:
        things = {**things, "row_id": things["member_row_id"]}
    if rule.startswith("/calendar/plans/"):
        things = {**things, "record_id": things["plan_id"]}
    if rule.startswith("/calendar/feeds/"):
        things = {**things, "token": things["feed"]}
    if rule.startswith("/annotate/"):
        things = {**things, "on": "record", "key": things["record_id"]}
    if rule.startswith("/reports/of/"):
        things = {**things, "kind": "pdf"}
    if rule.startswith("/password/"):
        things = {**things, "token": things["link"]}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(things[found.group(1)]), rule)


FORMS: dict[str, dict[str, object]] = {
    "/todos/<int:todo_id>/edit": {"text": "Call him", "version": "1", "repeats": ""},
    "/todos/<int:todo_id>/give": {"owner_id": "{keyaccount_id}"},
    "/todos/<int:todo_id>/snooze": {"until": "2026-03-20"},
    "/todos/<int:todo_id>/drop": {"why": "They have it."},
    "/calendar/plans": {"project_id": "{project_id}"},
    "/calendar/plans/<int:record_id>": {"on": "2026-03-20", "version": "1"},
    "/calendar/plans/<int:record_id>/move": {"on": "2026-03-20", "version": "1"},
    "/calendar/plans/<int:record_id>/off": {"why": "The site is closed."},
    "/people/<int:user_id>/away/<int:absence_id>/proof": {"record_id": "{record_id}"},
    "/approvals/<int:approval_id>": {"decision": "decline", "answer": "Meet the decision maker first."},
    "/merge/<kind>/<int:kept>/<int:gone>": {"reason": "The same gate."},
    "/admin/matrix/choice": {"key": "standard"},
    "/admin/matrix/drafts": {"key": "light"},
    "/admin/matrix/drafts/<int:draft_id>/discard": {"version": "1"},
    "/duplicates/requests/<int:request_id>": {"granted": "1"},
    "/leads/<int:lead_id>/assign": {"owner_id": "{user_id}"},
    "/leads/share": {"user_id": "{user_id}"},
    "/dealers/<int:dealer_id>/edit": {"since": "yesterday"},
    "/people/<int:user_id>/active": {"active": "1"},
    "/photos/questions/<int:signal_id>": {"answer": "He was there; the matrix is behind."},
    "/registrations/<int:registration_id>/conflict": {"against": "project:{project_id}"},
}


def visit(
    browser: Browser, cast: Cast, person: str, method: str, address: str, form: dict[str, object]
) -> TestResponse:
    """Ask as one of the cast; whatever it changed is undone, so that the next one finds the same things."""
    client = browser.nobody() if person == "nobody" else browser.of(cast.users[person])
    db.session.commit()  # nothing of the session's own stays open around the savepoint
    before = db.engine.begin_nested()  # type: ignore[attr-defined]  the test's connection
    try:
        answer = client.open(address, method=method, data=form if method == "POST" else None)
        answer.get_data()
        return answer
    finally:
        db.session.rollback()
        before.rollback()
        db.session.expire_all()


def word_for(answer: TestResponse, person: str) -> str:
    """What the answer means, in the words of the table."""
    to_sign_in = answer.status_code == 303 and str(answer.location).startswith("/login")
    if person == "nobody" and (to_sign_in or answer.status_code == 403):
        return "in"
    return "ok" if answer.status_code in OK else str(answer.status_code)


@pytest.mark.parametrize(("method", "rule"), TABLE, ids=lambda value: str(value))
def test_each_person_gets_what_the_table_says(
    cast: Cast,
    browser: Browser,
    things: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    rule: str,
) -> None:
    for starter in ("imports.views.columns", "imports.views.runs", "definitions.views.publishing"):
        monkeypatch.setattr(f"tracker.{starter}.start_in_background", lambda *_: None)
    monkeypatch.setattr("tracker.imports.views.runs.undo_in_background", lambda *_: None)
    address = address_of(rule, things)
    form = {name: str(value).format(**things) for name, value in FORMS.get(rule, {}).items()}
    got = [word_for(visit(browser, cast, person, method, address, form), person) for person in PEOPLE]
    assert " ".join(got) == TABLE[method, rule]


def test_whoever_may_change_a_project_sees_it(session: Session, cast: Cast) -> None:
    made = [
        make_project(session, cast.sales1, name="north"),
        make_project(session, cast.sales3, name="south", members=(cast.technical,)),
        make_project(session, None, name="nobody's", team=cast.north),
        make_project(session, cast.keyaccount, name="a dealer's", dealer=cast.hongda),
    ]
    for user in cast.users.values():
        seen = set(session.scalars(select(Project.id).where(visible(Project, user))))
        for project in session.scalars(select(Project).options(*WHOLE)).unique():
            may_change = any(can(user, action, project) for action in (Action.PROJECT_EDIT, Action.PROJECT_REASSIGN))
            assert project.id in seen or not may_change, (user.username, project.name)
    assert {project.id for project in made} <= set(session.scalars(select(Project.id).where(visible(Project, cast.gm))))


def test_a_role_that_sees_its_team_sees_neither_above_nor_beside(session: Session, cast: Cast) -> None:
    role = operations.add_role(
        session, by=cast.admin, name_zh="组长", name_en="Lead", scope="team", capabilities=("project.edit",)
    )
    lead = make_user(session, "teamlead", role=role, team=cast.north)
    for owner, name in ((cast.sales1, "in the team"), (cast.sales3, "beside"), (cast.keyaccount, "above")):
        make_project(session, owner, name=f"{name} of the lead")
    seen = set(session.scalars(select(Project.name).where(visible(Project, lead))))
    assert "in the team of the lead" in seen
    assert not {"beside of the lead", "above of the lead"} & seen


def test_a_dealer_without_a_company_sees_nothing(session: Session, cast: Cast) -> None:
    lost = make_user(session, "lost", role=cast.roles["dealer"])
    contact = make_contact(session, cast.xinyuan, "Chen")
    contact.created_by_id = cast.sales1.id
    make_project(session, cast.sales1)
    for model in (Project, Lead, Record, Photo, Party, Contact, User, Approval, Absence):
        assert session.scalars(select(model.id).where(visible(model, lost))).all() == [], model


def test_a_table_without_a_rule_is_an_error_and_not_open_to_all(cast: Cast) -> None:
    with pytest.raises(LookupError):
        visible(Event, cast.admin)
