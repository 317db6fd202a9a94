"""Story B: a hospital found by street canvassing, public money, the fit-out tendered on its own."""

from __future__ import annotations

from decimal import Decimal

from tracker.demo.outcomes import lost, revived, suspended
from tracker.demo.scenes import (
    ask,
    capture,
    chores,
    circle,
    convert,
    dated,
    day,
    exits,
    grant,
    joins,
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
from tracker.projects.operations import Loss

NAME = "青禾县中医医院迁建住院楼 Qinghe County Hospital, ward building"
ADDRESS = "河南省洛阳市洛龙区青禾路与开元大道交叉口北侧"
OWNER = "青禾县中医医院（Qinghe County Hospital）"

FIRMS = (
    ("hospital", OWNER, "青禾中医院", "owner"),
    ("interior", "洛阳汐林装饰设计工程有限公司", "汐林装饰设计", "interior_designer"),
    ("builder", "河洛第三建筑工程有限公司", "河洛三建", "main_contractor"),
    ("supervision", "洛阳正衡建设监理有限公司", "正衡监理", "supervisor_firm"),
)
WINNER = (("ruicheng", "洛阳瑞成装饰工程有限公司（Ruicheng Interiors）", "瑞成装饰", "fitout_contractor"),)
PEOPLE = (
    ("director", "hospital", "贾广文", "基建科主任", "15412045601"),
    ("designer", "interior", "祁雨", "精装负责人", "15412045602"),
    ("ward", "hospital", "白春梅", "护理部代表", "15412045603"),
    ("overseer", "supervision", "荆志刚", "总监理工程师", "15412045604"),
    ("foreman", "builder", "郝建", "项目经理", "15412045605"),
)
SUCCESSOR = (("successor", "hospital", "宁致中", "基建科主任", "15412045606"),)
BUYER = (("buyer", "ruicheng", "康丽", "采购经理", "15412045607"),)

FOUND = (
    scene(
        "B01", "2025-09-16",
        meet("sales", *FIRMS),
        capture("B", "sales", "扫街：概况牌拍全，楼体 6/15 层。\n"
                "Street canvassing: notice board, floor 6 of 15.", "structure",
                name=NAME, source="street_canvassing", kind="hospital", step="structure", address=ADDRESS,
                developer=OWNER),
    ),
    scene(
        "B02", "2025-09-16",
        note("B", "dealer_mgmt", "internal_review", "查重：相似名报备已于 {2025-06-30} 过期，不冲突。\n"
             "Duplicate check: a similar registration expired on {2025-06-30}."),
    ),
    scene(
        "B03", "2025-09-17",
        note("B", "sales", "internal_review", "评分：有效性 76，可行性 56，转正。\n"
             "Validity 76, feasibility 56: convert."),
    ),
    scene(
        "B04", "2025-09-18",
        convert("B", "sales", (("builder", "main_contractor"), ("interior", "interior_designer"),
                               ("supervision", "supervisor_firm")),
                name=NAME, kind="hospital", route="public_tender",
                categories=("gypsum_board", "flooring", "interior_coating"), building="住院楼 Ward building", floors=15,
                value=6_400_000, address=ADDRESS,
                note="财政投资，精装另行招标（public money, separate fit-out tender）"),
        lines("B", "sales", gypsum_board=3_900_000, flooring=1_600_000, interior_coating=900_000),
        team("B", "sales", "design_promo", "technical", "bidding", "logistics", "finance"),
        log("B", "sales", "site_visit", "整楼正面照，标注 6/15 层。\n"
            "Full-height photo, floor 6 of 15.", pictures=("structure",),
            floor=6, closes=("T.qualify.structure.1",), hints=("H.qualify.structure.1",)),
    ),
    scene(
        "B04", "2025-09-24",
        circle("B", "sales"),
        chores("B", leave=("T.qualify.structure.3",)),
    ),
    scene(
        "B05", "2025-09-30",
        meet("sales", people=PEOPLE),
        circle("B", "sales", ("director", "decision_maker", "neutral"), ("designer", "influencer", "supportive"),
               ("ward", "user", "supportive"), ("overseer", "gatekeeper", "neutral")),
        log("B", "sales", "office_visit", "三方单位齐，品类、用量、窗口已填，路线公开招标。\n"
            "Parties, scope and windows entered; public tender.", pictures=("structure", "document"), met=("foreman",
            "designer"),
            floor=7, closes=(*exits("qualify", "parties_known", "progress_proved", "scope_estimated", "windows_checked",
                                    "route_team_set", "credit_screened"), "T.qualify.structure.3")),
        move("B", "sales", "map"),
    ),
    scene(
        "B05", "2025-10-10",
        log("B", "sales", "office_visit", "基建科贾主任、精装祁雨、护理部、总监四方都见了。\n"
            "Met all four: director, designer, ward, site supervisor.", met=("director", "designer", "ward",
            "overseer"),
            closes=("T.map.structure.1", *exits("map", "decision_maker", "role_coverage", "buying_path",
            "decision_dates")),
            hints=("H.map.structure.1",)),
        log("B", "sales", "call", "教练是祁雨：肯给图，愿意替我们约人。\n"
            "The designer is our coach: gives drawings, arranges meetings.",
            met=("designer",), closes=("T.map.structure.2", *exits("map", "coach"))),
    ),
    scene(
        "B06", "2025-10-13",
        ask("B", "design_promo", "specify", "精装图未盖章，祁雨答应一周内可改做法表，口子还在。\n"
            "Interior drawings are unstamped; the schedule can still be changed this week."),
    ),
    scene("B06", "2025-10-14", grant("B", "supervisor",
          "同意，盖章前拿到做法表页。Agreed; get the schedule page before the stamp.")),
    scene("B06", "2025-10-20", chores("B")),
    scene(
        "B08", "2025-11-03",
        log("B", "technical", "technical_exchange", "取得装修做法表页：耐火 1 h、隔声 50 dB，三家同档次。\n"
            "Finish schedule page: fire 1 h, sound 50 dB, three comparable brands.", pictures=("drawing",),
            met=("designer",),
            closes=exits("specify", "spec_clause")),
    ),
)  # fmt: skip

STOPPED = (
    scene(
        "B10", "2025-11-20",
        log("B", "sales", "site_visit", "工地因资金停工，塔吊停转。复查日 {2026-02-10}。\n"
            "Site stopped for money; review on {2026-02-10}.",
            pictures=("structure",), floor=9, following="复查停工", within=82),
        suspended("B", "sales", "funding_stop", "2026-02-10", "工地因资金停工。\nStopped for money."),
    ),
    scene(
        "B11", "2026-02-10",
        log("B", "sales", "site_visit", "仍停工，改到 {2026-04-30} 复查。\n"
            "Still stopped; next review on {2026-04-30}.", following="复查停工",
            within=79),
        suspended("B", "sales", "funding_stop", "2026-04-30", "仍停工。\nStill stopped."),
    ),
    scene(
        "B12", "2026-05-06",
        log("B", "sales", "progress_photo", "复工，9/15 层。联系人、窗口、信用重核过。\n"
            "Work resumed, floor 9 of 15; contacts, windows and credit checked again.", pictures=("structure",),
            floor=9,
            met=("foreman",)),
        revived("B", "sales", "复工，三项已重核。\nWork goes on; all three looked at again."),
    ),
    scene(
        "B13", "2026-05-08",
        meet("sales", people=SUCCESSOR),
        circle("B", "sales", ("director", None, "unknown"), ("successor", "decision_maker", "unknown")),
        log("B", "sales", "call", "基建科主任换人，新主任姓宁，态度未知，要重新认识。\n"
            "The director was replaced; attitude of the new one unknown.", cell="map/structure",
            following="约宁主任见面"),
    ),
    scene(
        "B13", "2026-05-19",
        log("B", "sales", "office_visit", "见到宁主任，愿意按做法表走。\n"
            "Met the new director; he keeps to the schedule.",
            cell="map/structure", met=("successor",)),
        circle("B", "sales", ("successor", "decision_maker", "neutral")),
    ),
    scene(
        "B14", "2026-08-03",
        reach("B", "sales", "masonry", "封顶（07-30）。\nTopped out on 07-30.", pictured="2026-07-30"),
    ),
    scene(
        "B15", "2026-08-04",
        chores("B"),
        log("B", "bidding", "quotation", "目标成本与降配价核对，同档三家差异表归档。\nTarget cost and rivals compared.",
            pictures=("quote", "document"), closes=exits("specify", "budget_fit", "alternates_known")),
        move("B", "bidding", "shortlist"),
    ),
)  # fmt: skip

TENDERED = (
    scene(
        "B16", "2026-08-11",
        log("B", "technical", "technical_exchange", "检测报告覆盖招标要求。\n"
            "Test reports cover the tender.", pictures=("document",),
            closes=("T.shortlist.masonry.3", *exits("shortlist", "tests_ready"))),
        log("B", "sales", "sample_delivery", "板、地材、涂料小样送审，祁雨签收。\nSamples submitted, receipt signed.",
            pictures=("sample",), met=("designer",), closes=("T.shortlist.masonry.1", "T.shortlist.masonry.2")),
    ),
    scene(
        "B16", "2026-08-25",
        log("B", "bidding", "meeting", "精装招标发出，截标 {2026-09-18}；参考品牌页有我司。\n"
            "Fit-out tender out, closes {2026-09-18}; we are on the reference list.", pictures=("document",),
            closes=exits("shortlist", "on_list")),
        dated("B", "bidding", "tender_issued", "2026-08-25"),
        dated("B", "bidding", "bid_deadline", "2026-09-18"),
    ),
    scene(
        "B17", "2026-08-26",
        ask("B", "bidding", "bid", "公开招标中标后才封样，先投标，{2026-11-15} 前补齐。\n"
            "Public tenders seal after award; sealing by {2026-11-15}.", complete_by="2026-11-15"),
        grant("B", "supervisor", "特批一次，{2026-11-15} 前补四方封样。Once; the four-party seal by {2026-11-15}."),
    ),
    scene(
        "B19", "2026-08-29",
        log("B", "bidding", "quotation", "报价获批，同价发五家投标单位。\n"
            "Quote approved, the same price to five bidders.",
            pictures=("quote",), closes=("T.bid.masonry.1", *exits("bid", "quote_approved", "submitted")),
            hints=("H.bid.masonry.1",)),
    ),
    scene(
        "B21", "2026-09-11",
        log("B", "sales", "internal_review", "对手盘点：两家同档，一家地材价低。\n"
            "Rivals reviewed: one is cheap on flooring.",
            closes=("T.bid.masonry.2",)),
    ),
    scene(
        "B22", "2026-09-21",
        log("B", "sales", "call", "评标动态：瑞成排第一。\nRuicheng is ahead.", closes=("T.bid.masonry.3",)),
    ),
    scene(
        "B22", "2026-09-25",
        meet("sales", *WINNER, people=BUYER),
        joins("B", "sales", "ruicheng", "fitout_contractor"),
        circle("B", "sales", ("buyer", "gatekeeper", "supportive")),
        log("B", "sales", "call", "瑞成装饰中标，约采购康丽。\nRuicheng won the fit-out.", met=("buyer",),
            following="见康丽谈供货"),
        dated("B", "bidding", "award_notice", "2026-09-25"),
    ),
    scene(
        "B23", "2026-10-09",
        reach("B", "sales", "envelope", "外墙吊篮上墙，窗框到 6 层。\n"
              "Cradles up, frames to floor 6.", pictured="2026-10-08"),
    ),
    scene(
        "B24", "2026-10-12",
        log("B", "bidding", "negotiation", "对方压价 8%，我方 v2 让 3%，v1 保留。\n"
            "Pressed for 8 %, we give 3 % in version 2.",
            pictures=("quote",), met=("buyer",), closes=("T.bid.envelope.1",), hints=("H.bid.envelope.1",)),
        log("B", "logistics", "internal_review", "交期承诺已出。\nLead time promised.", pictures=("document",),
            closes=("T.bid.envelope.2",)),
    ),
    scene(
        "B25", "2026-10-14",
        log("B", "sales", "call", "地材丢单：价差 11%，板和涂料继续。\n"
            "Flooring lost on price, gap 11 %; board and coating go on.",
            met=("buyer",)),
        lost("B", "supervisor", "flooring", Loss("price_high", winner="瑞安", gap_percent=Decimal(11),
             reason="价差 11%，板和涂料继续。\nGap of 11 %; board and coating go on.")),
    ),
    scene(
        "B26", "2026-10-16",
        log("B", "bidding", "call", "瑞成来定标函。\n"
            "Selection letter from Ruicheng.", pictures=("document",), met=("buyer",),
            closes=exits("bid", "result_known")),
        move("B", "bidding", "contract"),
    ),
    scene(
        "B26", "2026-10-19",
        log("B", "bidding", "negotiation", "退回背靠背条款，要求六十日付款。\n"
            "Pay-when-paid sent back; sixty days asked for.",
            met=("buyer",), hints=("H.contract.ground.3",) , following="等回签稿", within=6),
        log("B", "finance", "internal_review", "信用额度 80 万、停供线 30 天已录入。\n"
            "Credit limit and stop line entered.",
            pictures=("document",), closes=("T.contract.envelope.2", *exits("contract", "payer_checked"))),
    ),
    scene(
        "B27", "2026-10-28",
        log("B", "key_accounts", "executive_visit", "陪总经理拜访宁主任与瑞成。\n"
            "Executive visit to the director and Ruicheng.",
            cell="map/structure", met=("successor", "buyer"), closes=("T.map.structure.3",)),
        log("B", "bidding", "contract_signing", "合同盖章，签收授权书在附件。\nSigned, receiving authority annexed.",
            pictures=("contract",), met=("buyer",),
            closes=("T.contract.envelope.1", *exits("contract", "signed", "effective"))),
    ),
    scene(
        "B28", "2026-11-05",
        log("B", "sales", "sample_sealing", "四方封样补齐，早于 {2026-11-15}。\n"
            "Four-party seal done before {2026-11-15}.",
            cell="shortlist/envelope", pictures=("sample",), met=("successor", "designer", "overseer", "buyer"),
            closes=exits("shortlist", "sample_sealed", "sample_code"), following="报到货计划，锁排产", within=14),
    ),
    scene(
        "B28", "2026-11-11",
        log("B", "logistics", "meeting", "分层到货计划初稿，等瑞成确认。\n"
            "Delivery plan by floor drafted, Ruicheng to confirm.",
            met=("buyer",), following="补齐合同附件，转供货", within=8),
    ),
)  # fmt: skip

HOSPITAL = Story(
    key="B",
    first=day("2025-09-16"),
    last=day("2028-01-10"),
    parts={
        "sales": "sales1", "dealer_mgmt": "dealermgmt", "design_promo": "designpromo", "technical": "technical",
        "bidding": "bidding", "logistics": "logistics", "finance": "finance", "supervisor": "supervisor",
        "key_accounts": "keyaccount", "marketing": "marketing", "service": "service",
    },
    place=(34.6121, 112.4702),
    scenes=(*FOUND, *STOPPED, *TENDERED),
)  # fmt: skip
