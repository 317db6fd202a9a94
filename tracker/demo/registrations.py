"""What the two dealers registered: drafts, what awaits an answer, what is protected, contested, ruled on and lapsed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.demo.people import Company
from tracker.demo.pictures import Pictures
from tracker.projects.models import Project
from tracker.registrations.models import Registration
from tracker.registrations.operations.answering import give_back, reject
from tracker.registrations.operations.conflicts import Ruling, give_evidence, open_conflict, rule
from tracker.registrations.operations.handing_in import (
    NoteDraft,
    RegistrationDraft,
    add_progress,
    ask_for,
    draw_up,
    submit,
)
from tracker.registrations.operations.registering import become
from tracker.team.models import User

SITES: dict[str, dict[str, Any]] = {
    "school": {"name": "凤鸣路九年制学校", "kind": "school", "step": "structure", "address": "凤鸣路与文昌街交叉口",
               "latitude": 34.8123, "longitude": 113.5021, "developer": "高新区教育局", "plot_number": "GX-2026-031",
               "categories": ("tiles", "interior_coating"), "quantity": "瓷砖约 18,000 平方米",
               "source": "总包项目经理介绍，已进场。"},
    "clinic": {"name": "仁和妇产医院", "kind": "hospital", "step": "masonry", "address": "滨河大道 88 号",
               "latitude": 34.7011, "longitude": 113.7203, "developer": "仁和医疗集团", "categories": ("tiles",),
               "quantity": "约 9,000 平方米", "source": "院方基建科来电询价。"},
    "hotel": {"name": "云麓山庄度假酒店", "kind": "hotel", "step": "drawings", "address": "云麓山南门",
              "latitude": 34.5502, "longitude": 113.3307, "developer": "云麓文旅", "plot_number": "YL-2026-007",
              "categories": ("tiles", "sanitary_ware"), "source": "设计师介绍，业主计划明年开业。"},
    "office": {"name": "长椿路科创园", "kind": "office", "step": "ground", "address": "长椿路 200 号",
               "latitude": 34.8531, "longitude": 113.6011, "developer": "科创投资", "categories": ("tiles",),
               "buildings": ("1号楼", "2号楼"), "source": "工地走访，见概况牌。"},
    "lapsed": {"name": "锦绣家园三期", "kind": "residential_fitted", "step": "structure", "address": "锦绣路 9 号",
               "latitude": 34.7702, "longitude": 113.8104, "developer": "锦绣地产", "categories": ("tiles",),
               "source": "物业公司介绍。"},
}  # fmt: skip
LETTER = "业主函：希望由鑫源供货并服务。"


def add_registrations(session: Session, company: Company, pictures: Pictures) -> None:
    """Registrations of both dealers in every state that asks for something."""
    first, second = (_dealer(session, company, key) for key in ("dealer1", "dealer2"))
    one, two, desk = company.users["dealer1"], company.users["dealer2"], company.users["dealermgmt"]
    _ruled(session, first, second, one, two, desk)
    with _days_ago(150):
        gone = _handed_in(session, first, one, SITES["lapsed"])
        become(session, gone, "pre_registered", "approved", by=desk)
    with _days_ago(100):
        become(session, gone, "expired", "lapsed", by=None)
    _protected(session, first, one, desk, pictures)
    with _days_ago(6):
        back = _handed_in(session, first, one, SITES["office"])
    with _days_ago(5):
        give_back(session, back, by=desk, questions="请补一张带定位的概况牌照片，并写明预计用量。")
    with _days_ago(1):
        school = _handed_in(session, first, one, SITES["school"])
        contested = _handed_in(session, second, two, {**SITES["school"], "name": "高新区凤鸣学校"})
    open_conflict(session, contested, by=desk, other=school)
    _handed_in(session, first, one, SITES["clinic"], _photo(session, pictures, one, "masonry", SITES["clinic"]))
    draw_up(session, first, RegistrationDraft("金水湾写字楼", "drawings", address="金水路东段"), by=one)


def _dealer(session: Session, company: Company, key: str) -> Dealer:
    return session.scalars(select(Dealer).where(Dealer.party_id == company.dealers[key].id)).one()


def _days_ago(days: int) -> Any:
    return clock.frozen(clock.now() - timedelta(days=days))


def _handed_in(
    session: Session, dealer: Dealer, by: User, site: dict[str, Any], photos: tuple[str, ...] = ()
) -> Registration:
    registration = draw_up(session, dealer, RegistrationDraft(**site, photos=photos), by=by)
    submit(session, registration, by=by)
    return registration


def _photo(session: Session, pictures: Pictures, by: User, step: str, site: dict[str, Any]) -> tuple[str, ...]:
    photo = pictures.take(step, 5, clock.today(), (site["latitude"], site["longitude"]), by=by)
    session.add(photo)
    session.flush()
    return (photo.token,)


def _protected(session: Session, dealer: Dealer, by: User, desk: User, pictures: Pictures) -> None:
    """A project in which the dealer sells already, with progress that keeps it alive and something he asks for."""
    query = select(Project).where(Project.dealer_id == dealer.party_id, Project.state == "active")
    project = session.scalars(query.order_by(Project.id.desc()).options(selectinload(Project.categories))).first()
    if project is None:
        return
    site = {"name": project.name, "kind": project.kind, "step": project.step, "address": project.address or "见项目",
            "latitude": project.latitude, "longitude": project.longitude, "developer": "见项目",
            "categories": tuple(line.category for line in project.categories), "source": "跟进中的项目。"}  # fmt: skip
    with _days_ago(40):
        registration = _handed_in(session, dealer, by, site)
    with _days_ago(39):
        _approved(session, registration, project, desk)
    if project.latitude is not None:
        with _days_ago(16):
            token = _photo(session, pictures, by, project.step, site)
            add_progress(
                session, registration, NoteDraft("现场见了采购经理，样板区已铺贴。", clock.today(), token), by=by
            )
    asked = NoteDraft("甲方要看防滑等级高的两款小样，下周一前。", clock.today())
    ask_for(session, registration, "sample", asked, by=by)


def _approved(session: Session, registration: Registration, project: Project, desk: User) -> None:
    """Approved into a project that the desk may not see: as the director would."""
    registration.project_id = project.id
    become(session, registration, "pre_registered", "approved", by=desk, reason="项目已在跟进，同意保护。")


def _ruled(session: Session, first: Dealer, second: Dealer, one: User, two: User, desk: User) -> None:
    """A conflict of half a year ago, decided by the customer's wish."""
    with _days_ago(190):
        winner = _handed_in(session, first, one, SITES["hotel"])
        loser = _handed_in(session, second, two, {**SITES["hotel"], "name": "云麓酒店"})
    with _days_ago(189):
        conflict = open_conflict(session, loser, by=desk, other=winner)
    with _days_ago(187):
        give_evidence(session, conflict, "wish", NoteDraft(LETTER, clock.today()), by=one)
        give_evidence(session, conflict, "designer", NoteDraft("设计师邮件认可。", clock.today()), by=two)
    with _days_ago(186):
        decided = Ruling("other", "customer_wish", "业主书面指定鑫源供货，按次序二裁定；宏达提供的设计资料计贡献。", 20)
        rule(session, conflict, decided, by=desk)
        reject(session, winner, by=desk, reason="业主项目取消，报备关闭。")
