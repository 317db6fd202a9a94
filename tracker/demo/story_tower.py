"""Story A: a residential tower of a strategic developer, with the waterproofing of its basement beside it.

The events are numbered as in the story; what the story takes for granted (the proofs that a phase asks for on the
way out) is told between them.
"""

from __future__ import annotations

from tracker.demo.scenes import (
    assign,
    capture,
    chores,
    circle,
    convert,
    day,
    exits,
    joins,
    lines,
    log,
    meet,
    move,
    note,
    open_beside,
    reach,
    scene,
    team,
)
from tracker.demo.stage import Story
from tracker.demo.story_tower_site import BUILT, TENDERED

ADDRESS = "河南省郑州市郑东新区龙湖外环路与云栖街交叉口东侧"
KIND = "residential_fitted"

FIRMS = (
    ("hengyue", "郑州恒岳置地集团有限公司（Hengyue Land）", "恒岳置地", "owner"),
    ("institute", "郑州岑原建筑设计研究院有限公司", "岑原设计院", "design_institute"),
    ("interior", "上澜室内设计有限公司（Shanglan Interiors）", "上澜室内", "interior_designer"),
    ("builder", "中原筑成建设集团有限公司", "筑成建设", "main_contractor"),
    ("sealers", "郑州固渊防水工程有限公司", "固渊防水", "waterproofing_sub"),
)
INVESTOR = (("investor", "hengyue", "沈岚", "投资发展部经理", "15412034501"),)
CIRCLE = (
    ("buyer", "hengyue", "龚立群", "成本招采总监", "15412034502"),
    ("designer", "interior", "蒲溪", "主案设计师", "15412034503"),
    ("engineer", "institute", "冉志伟", "建筑专业负责人", "15412034504"),
    ("site", "builder", "阎俊", "材料主管", "15412034505"),
    ("coach", "hengyue", "尹若薇", "设计部经理", "15412034506"),
    ("crew", "sealers", "骆成海", "项目经理", "15412034507"),
)

QUALIFY = ("parties_known", "progress_proved", "scope_estimated", "windows_checked", "route_team_set")
MAP = ("decision_maker", "role_coverage", "buying_path", "decision_dates", "coach")


FOUND = (
    scene(
        "A01", "2025-03-12",
        meet("marketing", *FIRMS[:1]),
        capture(
            "A",
            "marketing",
            "土拍成交公示：恒岳置地竞得龙湖地块，容积率 2.8，附公示截图。\n"
            "Land-sale notice: Hengyue Land took the Longhu plot; screenshot attached.",
            "document",
            name="云栖江湾3号楼 Riverside Tower 3",
            source="media_land",
            kind=KIND,
            step="land",
            plot_number="ZD-2025-017",
            address=ADDRESS,
            developer="郑州恒岳置地集团有限公司（Hengyue Land）",
        ),
    ),
    scene(
        "A02", "2025-03-13",
        note(
            "A",
            "key_accounts",
            "internal_review",
            "集采协议 HY-2024-JC-017 含瓷砖、卫浴，不含防水。评分：有效性 70，可行性 94，转正。\n"
            "The frame agreement covers tiles and sanitary ware, not waterproofing. Scores 70 and 94: convert.",
        ),
    ),
    scene(
        "A03", "2025-03-14",
        assign("A", "director", "key_accounts"),
        convert(
            "A",
            "key_accounts",
            name="云栖江湾3号楼 Riverside Tower 3",
            kind=KIND,
            route="central_procurement",
            categories=("tiles", "sanitary_ware"),
            building="3#",
            floors=30,
            value=12_600_000,
            plot_number="ZD-2025-017",
            address=ADDRESS,
            note="集采协议 HY-2024-JC-017（Frame agreement）",
        ),
        lines("A", "key_accounts", tiles=8_100_000, sanitary_ware=4_500_000),
        team("A", "key_accounts", "sales", "design_promo", "technical", "bidding", "logistics", "finance"),
        open_beside(
            "A-W",
            "sales",
            "land",
            (("hengyue", "owner"),),
            name="云栖江湾3号楼地下防水 Riverside Tower 3, basement waterproofing",
            kind=KIND,
            route="contractor_buy",
            categories=("waterproofing_basement",),
            building="3#",
            floors=30,
            value=860_000,
            source="media_land",
            plot_number="ZD-2025-017",
            address=ADDRESS,
            note="由云栖江湾3号楼拆出（split off from Riverside Tower 3）",
        ),
        team("A-W", "sales", "key_accounts", "design_promo", "technical", "bidding", "logistics", "finance"),
    ),
    scene(
        "A03", "2025-03-17",
        log("A", "sales", "call", "地块四要素已登记，名称、地址、定位查重无冲突。\nPlot facts recorded, no duplicate.",
            closes=("T.qualify.land.1",), hints=("H.qualify.land.1",)),
        log("A-W", "sales", "internal_review", "与主项目同地块，拆出防水单列。\n"
            "Same plot as the main project; waterproofing apart.",
            closes=("T.qualify.land.1",)),
    ),
    scene(
        "A04", "2025-03-18",
        log("A-W", "sales", "call", "总包未定就有人来问防水价，投标走不通，先做关系布局。\n"
            "Asked for a price already; a bid is out of reach here, people come first.", hints=("H.qualify.land.4",),
            following="关系布局：先认识设计院", within=14),
    ),
    scene(
        "A03", "2025-03-20",
        log("A", "marketing", "message", "土拍成交公示原件归档。\nLand-sale notice filed.", pictures=("document",),
            closes=("T.qualify.land.2",), hints=("H.qualify.land.3",)),
        log("A-W", "marketing", "message", "同上，公示归档。\nThe same notice filed.", pictures=("document",),
            closes=("T.qualify.land.2",)),
    ),
    scene(
        "A05", "2025-03-26",
        meet("key_accounts", people=INVESTOR),
        log("A", "key_accounts", "office_visit", "见恒岳投资部沈岚，拿到开发节奏表。\n"
            "Met the owner's investment manager; got the programme.", met=("investor",), closes=("T.qualify.land.3",)),
        log("A-W", "key_accounts", "office_visit", "沈岚确认防水由总包采购。\n"
            "Waterproofing will be bought by the contractor.",
            met=("investor",), closes=("T.qualify.land.3",)),
        circle("A", "key_accounts", ("investor", "influencer", "neutral")),
    ),
    scene(
        "A06", "2025-04-02",
        log("A", "key_accounts", "site_visit", "围挡已立，无施工单位名称；设计、总包未定，已登记。\n"
            "Hoarding up; designer and contractor not appointed, recorded so.", pictures=("land",),
            pictured="2025-04-01",
            met=("investor",), closes=exits("qualify", *QUALIFY, "credit_screened")),
        move("A", "key_accounts", "map"),
    ),
)  # fmt: skip

DESIGNED = (
    scene(
        "A06", "2025-04-21",
        log("A", "key_accounts", "executive_visit", "带集团产品标准拜访恒岳产品研发中心。\n"
            "Took our standard details to Hengyue's product centre.", pictures=("document",),
            closes=("T.map.land.1",), hints=("H.map.land.1",)),
    ),
    scene(
        "A06", "2025-04-28",
        log("A-W", "sales", "site_visit", "地块仍空置，保安说勘察下月进场。\n"
            "Plot still empty; soil investigation next month.",
            pictures=("land",)),
        log("A", "key_accounts", "call", "沈岚透露方案已委托，规划公示在下月。\n"
            "Scheme commissioned, planning notice next month.",
            met=("investor",), closes=("T.map.land.2",)),
    ),
    scene(
        "A07", "2025-06-10",
        reach("A", "sales", "concept", "规划公示牌已挂出：3 号楼 30 层。\n"
              "Planning notice is up: tower 3 has 30 storeys.",
              pictured="2025-06-08"),
        reach("A-W", "sales", "concept", "规划公示牌已挂出，地下两层。\nPlanning notice is up: two basement levels.",
              pictured="2025-06-08"),
    ),
    scene(
        "A08", "2025-06-15",
        meet("design_promo", *FIRMS[1:4], people=CIRCLE[:5]),
        joins("A", "key_accounts", "interior", "interior_designer"),
        joins("A", "key_accounts", "institute", "design_institute"),
        circle("A", "key_accounts", ("designer", "influencer", "neutral"), ("engineer", "gatekeeper", "neutral")),
        chores("A"),
        chores("A-W"),
    ),
    scene(
        "A08", "2025-07-01",
        circle("A", "key_accounts", ("buyer", "decision_maker", "supportive"), ("coach", "coach", "champion")),
        log("A", "design_promo", "design_presentation", "恒岳龚总、上澜蒲溪到场，五类角色到四类，采购路径为集采甲供。\n"
            "Decision maker and four roles in place; central purchasing, owner-supplied.", met=("buyer", "designer",
            "coach"),
            closes=exits("map", *MAP),
            hints=("H.map.concept.1",)),
        move("A", "design_promo", "specify"),
    ),
    scene(
        "A09", "2025-07-10",
        log("A", "technical", "technical_exchange", "提交薄贴节点图与检测依据。\nDetails and standards handed over.",
            pictures=("drawing",), closes=("T.specify.concept.2",)),
    ),
    scene(
        "A09", "2025-07-14",
        log("A", "design_promo", "sample_delivery", "小样 6 块送上澜，蒲溪签收。\n"
            "Six samples delivered, receipt signed.",
            pictures=("sample", "receipt"), met=("designer",), closes=("T.specify.concept.1", "T.specify.concept.3")),
    ),
    scene(
        "A10", "2025-08-20",
        reach("A", "sales", "drawings", "拿到图纸目录，精装图单列。\nDrawing list in hand; interiors are separate.",
              pictured="2025-08-20", picture="drawing"),
        reach("A-W", "sales", "drawings", "图纸目录里防水做法在建施 06。\nWaterproofing is on sheet A-06.",
              pictured="2025-08-20"),
    ),
    scene(
        "A10b", "2025-08-22",
        meet("sales", FIRMS[4], people=CIRCLE[5:]),
        joins("A-W", "sales", "institute", "design_institute"),
        joins("A-W", "sales", "sealers", "waterproofing_sub"),
        circle("A-W", "sales", ("engineer", "decision_maker", "neutral"), ("site", "gatekeeper", "neutral"),
               ("crew", "user", "supportive"), ("coach", "influencer", "supportive")),
        log("A-W", "sales", "office_visit", "设计院、总包、防水分包都已登记，品类与用量填好。\n"
            "Designer, contractor and installer recorded, quantities entered.", pictures=("drawings",), met=("engineer",
            "crew"),
            closes=exits("qualify", *QUALIFY)),
        chores("A-W"),
        move("A-W", "sales", "map"),
    ),
    scene(
        "A11", "2025-08-25",
        log("A-W", "sales", "meeting", "采购路径：总包采购，设计院定参数。四个日期已填。\n"
            "Bought by the contractor to the designer's parameters; dates entered.", met=("engineer", "site", "crew",
            "coach"),
            closes=exits("map", *MAP)),
        chores("A-W"),
        move("A-W", "technical", "specify"),
        log("A-W", "technical", "technical_exchange", "递交防水技术条款，图上不写厂名。\n"
            "Clause handed over; no maker is named on drawings.", pictures=("document",), met=("engineer",),
            hints=("H.specify.drawings.4",), closes=("T.specify.drawings.1",)),
    ),
    scene(
        "A11", "2025-08-27",
        log("A", "technical", "technical_exchange", "深化条款两处补正。\n"
            "Two clauses put right.", pictures=("document",),
            closes=("T.specify.drawings.1",), hints=("H.specify.drawings.1",)),
        log("A", "bidding", "quotation", "框架价折算成户型单方。\n"
            "Frame price per unit worked out.", pictures=("quote",),
            closes=("T.specify.drawings.3",)),
    ),
    scene("A11", "2025-09-02", chores("A"), chores("A-W", leave=("T.specify.drawings.2",))),
    scene(
        "A12", "2025-09-22",
        log("A-W", "design_promo", "office_visit", "取得防水做法页，含我司参数。\n"
            "The drawing page with our parameters is in hand.", pictures=("drawing",), met=("engineer",),
            closes=("T.specify.drawings.2", *exits("specify", "spec_clause"))),
        log("A", "design_promo", "office_visit", "精装做法表第二版含我司规格。\n"
            "Finish schedule, second issue, carries our sizes.",
            pictures=("drawing",), met=("designer",)),
    ),
    scene(
        "A12", "2025-10-14",
        log("A-W", "bidding", "quotation", "目标成本 92 元，我司 95 元；同档两家差异表已列。\n"
            "Target cost 92, ours 95; rivals compared.", pictures=("quote", "document"), following="等总包招标公告",
            within=21,
            closes=exits("specify", "budget_fit", "alternates_known")),
    ),
)  # fmt: skip

TOWER = Story(
    key="A",
    first=day("2025-03-12"),
    last=day("2029-12-30"),
    parts={
        "marketing": "marketing", "key_accounts": "keyaccount", "sales": "sales2", "design_promo": "designpromo",
        "technical": "technical", "bidding": "bidding", "logistics": "logistics", "finance": "finance",
        "service": "service",
    },
    place=(34.7812, 113.7405),
    scenes=(*FOUND, *DESIGNED, *TENDERED, *BUILT),
)  # fmt: skip
