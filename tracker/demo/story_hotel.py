"""Story C: a resort hotel on which a dealer's registration meets our own direct project."""

from __future__ import annotations

from tracker.demo.claims import (
    claimed,
    contested,
    day_passes,
    kept_alive,
    made_formal,
    prolonged,
    proved,
    settled,
    turned_into_a_contract,
)
from tracker.demo.outcomes import lost, reroute, won
from tracker.demo.scenes import (
    capture,
    chores,
    circle,
    convert,
    dated,
    day,
    exits,
    lines,
    log,
    meet,
    move,
    note,
    reach,
    scene,
    team,
)
from tracker.demo.stage import Story
from tracker.leads.operations.firms import Person
from tracker.projects.operations import Loss

NAME = "滨海一号地块度假酒店 Binhai Resort Hotel"
ADDRESS = "浙江省杭州市萧山区滨海大道与观澜路交叉口南侧"
OWNER = "杭州沐湾文旅发展有限公司（Muwan Leisure）"

FIRMS = (
    ("owner", OWNER, "沐湾文旅", "owner"),
    ("operator", "澜屿国际酒店管理有限公司（Lanyu Hotels）", "澜屿酒店", "operator"),
    ("interior", "栖衡空间设计事务所（Qiheng Interiors）", "栖衡设计", "interior_designer"),
    ("institute", "杭州昀川建筑设计院有限公司", "昀川设计院", "design_institute"),
)
PEOPLE = (
    ("designer", "interior", "Elena 叶琳", "主案设计师", "15412056701"),
    ("purchasing", "owner", "柯振东", "采购总监", "15412056702"),
    ("brand", "operator", "Marc 孟凯", "技术服务经理", "15412056703"),
    ("engineer", "institute", "蓝建平", "项目负责人", "15412056704"),
    ("general", "owner", "欧阳莉", "项目总经理", "15412056705"),
)

TOLD_US = Person("Elena 叶琳", "栖衡空间设计事务所（Qiheng Interiors）", "interior_designer")

FOUND = (
    scene(
        "C01", "2025-11-03",
        meet("design_promo", *FIRMS, people=PEOPLE[:1]),
        capture("C", "design_promo", "精装设计师透露：度假酒店 280 间，国际品牌管理，地块 BH-2025-08。\n"
                "The interior designer tells us: 280 rooms, international operator.", "drawings", name=NAME,
                source="design_institute", kind="hotel", step="drawings", plot_number="BH-2025-08", address=ADDRESS,
                developer=OWNER, informant=TOLD_US),
    ),
    scene(
        "C01", "2025-11-05",
        note("C", "design_promo", "call", "三天内回访设计师，约看物料库。\nAnswered the designer within three days."),
    ),
    scene(
        "C02", "2025-11-06",
        note("C", "design_promo", "internal_review", "评分：有效性 80，可行性 82，重点项目，主管共同负责。\n"
             "Validity 80, feasibility 82: key project, the supervisor is co-owner."),
        convert("C", "director", (("operator", "operator"), ("interior", "interior_designer"),
                                      ("institute", "design_institute")),
                name=NAME, kind="hotel", route="design_led", categories=("tiles", "sanitary_ware", "lighting"),
                building="主楼 Main building", floors=16, value=9_800_000, plot_number="BH-2025-08", address=ADDRESS,
                note="280 间，国际品牌管理（280 rooms, international operator）"),
        lines("C", "design_promo", tiles=4_600_000, sanitary_ware=3_400_000, lighting=1_800_000),
        team("C", "design_promo", "supervisor", "sales", "technical", "bidding", "logistics", "finance", "dealer_mgmt"),
    ),
    scene(
        "C03", "2025-11-11",
        chores("C"),
        log("C", "sales", "site_visit", "三通一平在做，临时办公室已搭。\n"
            "Site being levelled.", pictures=("drawings", "document"),
            met=("designer",), closes=exits("qualify", "parties_known", "progress_proved", "scope_estimated",
                                            "windows_checked", "route_team_set", "credit_screened")),
    ),
    scene("C03", "2025-11-12", move("C", "sales", "map")),
    scene(
        "C04", "2025-11-14",
        claimed("C", "dealer", name="海澜湾度假酒店", kind="hotel", step="drawings", address="滨海大道北侧",
                developer="沐湾文旅", categories=("tiles", "sanitary_ware", "lighting"),
                quantity="瓷砖约 38,000 平方米",
                source="业主采购总监告知，10 月底见过面。"),
    ),
    scene(
        "C05", "2025-11-17",
        log("C", "dealer_mgmt", "internal_review",
            "鑫源预报备“海澜湾度假酒店”，距地块 120 m，确认冲突，双方冻结，三个工作日裁定。\n"
            "Xinyuan's registration 120 m away: conflict confirmed, both sides frozen, ruling in three working days."),
        contested("C", "dealer_mgmt"),
    ),
    scene(
        "C07", "2025-11-18",
        log("C", "design_promo", "office_visit", "提交物料书草稿页作仲裁证据。\n"
            "Draft page of the material book handed in.",
            pictures=("document",), met=("designer",)),
        proved("C", "design_promo", "designer", "物料书草稿页。\nDraft page of the material book.", "2025-11-18"),
        proved("C", "dealer", "information", "10 月 28 日见采购总监的记录，附名片。\nOur meeting of October 28.",
               "2025-10-28"),
    ),
    scene(
        "C08", "2025-11-19",
        proved("C", "dealer", "wish", "业主函：品牌用安和，合同与服务由鑫源。\n"
               "Owner's letter: Anhe's brand, Xinyuan contracts.",
               "2025-11-19"),
    ),
    scene(
        "C09", "2025-11-20",
        settled("C", "dealer_mgmt", "customer_wish", 60,
                "次序 1 不适用，次序 2 成立；鑫源签约，设计推广按 40% 计贡献。\n"
                "Order 2, the customer's wish, decides: Xinyuan contracts, design promotion counts 40 %."),
        log("C", "dealer", "office_visit", "{2025-10-28} 拜访采购总监的记录，附名片。\n"
            "Our meeting with the purchasing director on {2025-10-28}.",
            on="2025-10-28", pictures=("document",)),
        log("C", "dealer", "message", "业主函：品牌用安和，合同与服务由鑫源。\n"
            "Owner's letter: Anhe's brand, Xinyuan contracts.",
            on="2025-11-19", pictures=("document",)),
        log("C", "dealer_mgmt", "internal_review",
            "裁定：次序 1 不适用，次序 2 成立；鑫源签约，设计推广按 40% 计贡献。\n"
            "Ruling: order 2, the customer's wish. Xinyuan contracts, design promotion counts 40 %.",
            pictures=("document",)),
        reroute("C", "director", "dealer_led", "业主指定由鑫源签约。\nThe owner wants Xinyuan to contract."),
    ),
    scene(
        "C10", "2025-11-25",
        meet("sales", people=PEOPLE[1:]),
        circle("C", "sales", ("general", "decision_maker", "neutral"), ("designer", "coach", "champion"),
               ("brand", "gatekeeper", "neutral"), ("purchasing", "influencer", "supportive")),
        chores("C"),
    ),
    scene(
        "C10", "2025-12-05",
        log("C", "design_promo", "design_presentation", "决策者欧阳总已见，四类角色齐，路径：鑫源签约，管理公司签样。\n"
            "Decision maker met, four roles; Xinyuan contracts, the operator signs samples.",
            met=("general", "designer", "brand"), closes=exits("map", *("decision_maker", "role_coverage",
            "buying_path",
                                                                        "decision_dates", "coach"))),
        move("C", "design_promo", "specify"),
    ),
    scene("C11", "2025-12-11", chores("C")),
    scene(
        "C11", "2025-12-19",
        log("C", "design_promo", "office_visit", "物料书含砖、洁具、灯货号。\n"
            "Material book carries tiles, sanitary ware and lights.",
            pictures=("document",), met=("designer",), closes=exits("specify", "spec_clause")),
        kept_alive("C", "dealer", "物料书定稿，含我司货号。\nThe material book carries our numbers."),
    ),
    scene(
        "C12", "2025-12-22",
        reach("C", "sales", "tender", "总包招标公告，临建进场。\n"
              "Main tender out, cabins going up.", pictured="2025-12-22"),
    ),
    scene("C12", "2025-12-26", chores("C")),
    scene(
        "C12", "2026-01-08",
        log("C", "dealer", "call", "向厂家要工程预算价，业主要做限额。\n"
            "Asked for a project price; the owner sets his limits."),
        kept_alive("C", "dealer", "业主限额清单，要工程预算价。\nThe owner's limits; a project price is wanted."),
        log("C", "bidding", "quotation", "预算价获批，发鑫源。\nBudget price approved and sent to Xinyuan.",
            pictures=("quote", "document"), closes=exits("specify", "budget_fit", "alternates_known")),
    ),
    scene(
        "C13", "2026-01-20",
        move("C", "sales", "shortlist"),
        log("C", "dealer_mgmt", "message", "业主样板间邀请函，升为正式报备，180 天。\n"
            "Mock-up invitation: registration upgraded, 180 days.", pictures=("document",)),
        made_formal("C", "dealer_mgmt", "业主样板间邀请函。\nThe owner's mock-up invitation."),
    ),
    scene("C13", "2026-01-22", chores("C")),
)  # fmt: skip

MADE = (
    scene(
        "C14", "2026-02-26",
        reach("C", "sales", "ground", "基坑支护完成三分之二。\nShoring two thirds done.", pictured="2026-02-26"),
        kept_alive("C", "dealer", "基坑支护现场。\nThe shoring, seen.", "ground"),
    ),
    scene(
        "C14", "2026-04-10",
        log("C", "technical", "mockup", "客房样板间初验：防滑、龙头噪声不过，旧封样作废。\n"
            "Mock-up room fails on slip and tap noise; old seals are void.", pictures=("fitout",), met=("brand",),
            following="换防滑等级与阀芯", within=10),
        kept_alive("C", "dealer", "样板间初验到场。\nCame to the mock-up room.", "fitout"),
    ),
    scene(
        "C15", "2026-04-24",
        log("C", "sales", "sample_sealing", "复验通过，管理公司、业主、设计签字封样。\n"
            "Passed; operator, owner and designer seal.",
            pictures=("sample", "fitout"), met=("brand", "general", "designer"),
            closes=(*exits("shortlist", "sample_sealed", "sample_code", "on_list", "tests_ready"),
            "T.shortlist.ground.1",
                    "T.shortlist.ground.2")),
        kept_alive("C", "dealer", "封样三方签字。\nThe sealed samples, signed by three.", "sample"),
        chores("C"),
    ),
    scene("C17", "2026-06-24", day_passes("C")),
    scene(
        "C18", "2026-06-25",
        reach("C", "sales", "structure", "主体做到 3/16 层。\nFloor 3 of 16.", pictured="2026-06-23", floor=3),
        log("C", "dealer_mgmt", "call", "宏达来要工程价：无有效报备，不给。\n"
            "Hongda asked for a price: no valid registration, none given.",
            hints=("H.shortlist.structure.1",)),
    ),
    scene(
        "C19", "2026-06-26",
        log("C", "dealer", "message", "补 {2026-06-22} 业主询价函，申请延期。\n"
            "The owner's enquiry of {2026-06-22}, for the renewal.",
            on="2026-06-22", pictures=("document",)),
        prolonged("C", "dealer", "dealer_mgmt", "业主询价函 {2026-06-22}，延期一次。\n"
                  "The owner's enquiry of {2026-06-22}: renewed once.", "2026-06-25"),
        chores("C"),
    ),
    scene(
        "C20", "2026-07-06",
        move("C", "bidding", "bid"),
        dated("C", "bidding", "tender_issued", "2026-07-06"),
        dated("C", "bidding", "bid_deadline", "2026-07-24"),
        log("C", "bidding", "meeting", "正式询价到，截标 {2026-07-24}。\n"
            "Enquiry received, closes {2026-07-24}.", pictures=("document",)),
    ),
    scene(
        "C20", "2026-07-10",
        log("C", "bidding", "quotation", "报价获批，由鑫源递交。\n"
            "Quote approved, submitted by Xinyuan.", pictures=("quote",),
            closes=("T.bid.structure.1", *exits("bid", "quote_approved", "submitted")), hints=("H.bid.structure.1",)),
        chores("C"),
    ),
    scene(
        "C21", "2026-08-08",
        log("C", "dealer", "meeting", "业主定标鑫源（安和品牌）。\nThe owner selects Xinyuan with Anhe's brand.",
            pictures=("document",)),
        log("C", "bidding", "message", "定标函归档。\nSelection letter filed.", pictures=("document",),
            closes=exits("bid", "result_known")),
        dated("C", "bidding", "award_notice", "2026-08-08"),
        move("C", "bidding", "contract"),
    ),
    scene("C21", "2026-08-17", chores("C")),
    scene(
        "C21", "2026-08-20",
        log("C", "dealer", "contract_signing", "与业主签约。\nContract with the owner signed.", pictures=("contract",)),
        log("C", "dealer_mgmt", "contract_signing", "厂商供货协议同日签，报备转正。\n"
            "Supply agreement signed the same day; registration converted.", pictures=("contract",),
            closes=exits("contract", "signed", "payer_checked", "effective")),
        turned_into_a_contract("C", "dealer_mgmt", "与业主签约。\nThe contract with the owner is signed."),
        won("C", "design_promo", "sanitary_ware", "lighting"),
    ),
    scene(
        "C22", "2026-09-20",
        reach("C", "sales", "masonry", "封顶，二次结构开始。\nTopped out, masonry begins.", pictured="2026-09-20"),
        log("C", "logistics", "meeting", "封样表、到货计划、授权齐全，锁排产。\nAnnexes complete, production locked.",
            pictures=("document",), closes=exits("contract", "annexes")),
        chores("C"),
        move("C", "logistics", "deliver"),
    ),
    scene("C22", "2026-09-24", chores("C")),
    scene(
        "C22", "2026-10-12",
        log("C", "sales", "meeting", "优化会把灯具换牌，灯具线丢，砖与洁具不变。\n"
            "Lights swapped in cost-cutting; tiles and sanitary ware stay.", pictures=("masonry",),
            met=("purchasing",)),
        lost("C", "director", "lighting", Loss("spec_swapped", winner="雷光", told=(("step", "masonry"),),
             reason="优化会换牌。\nSwapped in cost-cutting.")),
    ),
    scene(
        "C23", "2026-12-01",
        reach("C", "sales", "envelope", "外墙施工，幕墙龙骨装完西立面。\nFacade under way.", pictured="2026-12-01"),
        log("C", "logistics", "call", "首批墙砖与暗装阀体排在机电进场后发。\n"
            "First tiles and valves go out after the services begin.",
            following="确认首批到货日", within=20),
    ),
    scene(
        "C23", "2026-12-14",
        log("C", "dealer", "site_visit", "库房已腾好，可放两层的量。\n"
            "Store cleared; room for two floors.", pictures=("envelope",)),
    ),
)  # fmt: skip

HOTEL = Story(
    key="C",
    first=day("2025-11-03"),
    last=day("2028-02-01"),
    parts={
        "design_promo": "designpromo", "sales": "sales3", "director": "director", "supervisor": "supervisor2",
        "dealer_mgmt": "dealermgmt",
        "technical": "technical", "bidding": "bidding", "logistics": "logistics", "finance": "finance",
        "dealer": "dealer1", "key_accounts": "keyaccount", "marketing": "marketing", "service": "service",
    },
    place=(30.2236, 120.4411),
    scenes=(*FOUND, *MADE),
)  # fmt: skip
