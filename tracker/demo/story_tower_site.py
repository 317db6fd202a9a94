"""The second half of story A: from the main tender to the fit-out."""

from __future__ import annotations

from tracker.demo.outcomes import won
from tracker.demo.scenes import (
    chores,
    dated,
    exits,
    joins,
    log,
    move,
    reach,
    scene,
)

TENDERED = (
    scene(
        "A13", "2025-11-03",
        reach("A", "sales", "tender", "总包招标公告已发。\nThe main tender is out.", pictured="2025-11-03"),
        reach("A-W", "sales", "tender", "总包招标，防水归总包采购。\nMain tender; the contractor buys waterproofing.",
              pictured="2025-11-03"),
    ),
    scene(
        "A14", "2025-11-04",
        chores("A-W"),
        move("A-W", "bidding", "shortlist"),
        log("A-W", "bidding", "meeting", "品牌表里产地写错，已发更正函。\n"
            "Origin misspelt in the brand list; letter sent.",
            pictures=("document",), hints=("H.shortlist.tender.1",), closes=("T.shortlist.tender.1",)),
    ),
    scene(
        "A14", "2025-11-06",
        log("A-W", "bidding", "office_visit", "更正页拿到，产地无误。\n"
            "Corrected page received.", pictures=("document",),
            closes=("T.shortlist.tender.2", *exits("shortlist", "on_list"))),
        chores("A"),
    ),
    scene(
        "A16", "2025-11-21",
        log("A", "logistics", "delivery_check", "售楼处 320 m² 瓷砖：小批量另建单，主管与财务双批，已发运。\n"
            "Sales office, 320 m2: small-lot order approved by both, dispatched.", pictures=("receipt",)),
    ),
    scene(
        "A18", "2026-01-06",
        log("A-W", "technical", "sample_sealing", "性能封样签字完成，编号 W-01…W-03。\n"
            "Performance samples sealed, W-01 to W-03.",
            pictures=("sample",), met=("site",), closes=exits("shortlist", "sample_sealed", "sample_code")),
    ),
    scene(
        "A17", "2026-01-08",
        reach("A", "sales", "ground", "概况牌与基坑照片。\nNotice board and pit.", pictured="2026-01-08"),
        reach("A-W", "sales", "ground", "基坑见底，卷材未铺。\n"
              "Pit at its bottom, no membrane yet.", pictured="2026-01-08"),
    ),
    scene(
        "A18", "2026-01-09",
        chores("A-W"),
        move("A-W", "bidding", "bid"),
        log("A-W", "sales", "call", "总包标内价与两家对手已摸清。\n"
            "Contractor's own rate and two rivals known.", met=("site",),
            closes=("T.bid.ground.2",), hints=("H.bid.ground.1",)),
    ),
    scene("A17", "2026-01-12", joins("A", "sales", "builder", "main_contractor"), joins("A-W", "sales", "builder",
          "main_contractor"), chores("A", leave=("T.specify.ground.2",))),
    scene(
        "A18", "2026-01-13",
        log("A-W", "bidding", "quotation", "报价获批，v1 发出。\nQuote approved, version 1 sent.", pictures=("quote",),
            met=("site",), closes=("T.bid.ground.1", *exits("bid", "quote_approved", "submitted"))),
    ),
    scene(
        "A19", "2026-02-02",
        log("A-W", "bidding", "call", "总包来函定标。\nSelection letter received.", pictures=("document",),
            closes=exits("bid", "result_known")),
        move("A-W", "bidding", "contract"),
    ),
    scene(
        "A19", "2026-02-06",
        log("A-W", "finance", "internal_review", "总包信用报告归档，额度 100 万。\n"
            "Credit report filed, limit one million.",
            pictures=("document",), closes=("T.contract.ground.1", *exits("contract", "payer_checked"))),
    ),
    scene(
        "A20", "2026-02-12",
        log("A-W", "bidding", "contract_signing", "合同盖章，付款六十日，无背靠背。\n"
            "Signed: sixty days, no pay-when-paid.",
            pictures=("contract",), met=("site",), closes=("T.contract.ground.2", *exits("contract", "signed",
            "effective"))),
    ),
    scene(
        "A21", "2026-03-09",
        log("A-W", "logistics", "meeting", "封样表、到货计划、签收授权齐全，锁排产。\n"
            "Annexes complete, production locked.",
            pictures=("contract",), closes=exits("contract", "annexes")),
        move("A-W", "logistics", "deliver"),
    ),
    scene(
        "A21", "2026-03-16",
        dated("A-W", "logistics", "arrival", "2026-03-16"),
        log("A-W", "logistics", "delivery_check", "底板卷材首批 4 200 m² 到场，已签收。\n"
            "First membrane on site, signed for.",
            pictures=("receipt", "ground"), closes=("T.deliver.ground.1",), hints=("H.deliver.ground.1",)),
        log("A-W", "technical", "training", "现场取样，给班组交底。\n"
            "Sampled on site, crew briefed.", pictures=("ground",),
            met=("crew",), closes=("T.deliver.ground.2", "T.deliver.ground.3")),
    ),
    scene(
        "A22", "2026-04-22",
        log("A", "design_promo", "office_visit", "物料书盖章版含我司货号。\n"
            "The sealed material book carries our codes.",
            pictures=("document",), met=("designer",), closes=(*exits("specify", "spec_clause"), "T.specify.ground.2")),
    ),
    scene(
        "A22", "2026-05-06",
        log("A", "design_promo", "meeting", "框架价即目标成本，同档两家差异表已交。\n"
            "Frame price meets the target; rivals compared.",
            pictures=("quote",), met=("buyer",), closes=exits("specify", "budget_fit", "alternates_known",
            "owner_informed")),
        move("A", "design_promo", "shortlist"),
    ),
    scene("A22", "2026-05-14", chores("A")),
)  # fmt: skip

BUILT = (
    scene(
        "A23", "2026-06-18",
        reach("A", "sales", "structure", "楼体 3/30 层。\nFloor 3 of 30.", pictured="2026-06-18", floor=3),
        reach("A-W", "sales", "structure", "地下室外墙已回填。\n"
              "Basement walls are backfilled.", pictured="2026-06-18", floor=3),
    ),
    scene(
        "A23", "2026-06-24",
        dated("A-W", "logistics", "arrival", "2026-06-23"),
        chores("A-W"),
        chores("A", leave=("T.shortlist.structure.1",)),
    ),
    scene(
        "A23", "2026-06-30",
        log("A-W", "logistics", "delivery_check", "全部卷材签收，复验合格，无混批。\n"
            "All membrane signed for, re-test passed.",
            pictures=("receipt",), closes=exits("deliver", "all_delivered", "accepted", "no_open_batch_issue")),
        move("A-W", "logistics", "settle"),
        log("A-W", "finance", "reconciliation", "与筑成对账，无差异。\nStatement agreed with the contractor.",
            pictures=("document",), closes=("T.settle.structure.1",)),
    ),
    scene("A23", "2026-07-07", chores("A-W")),
    scene(
        "A25", "2026-08-20",
        log("A", "sales", "sample_sealing", "样板间完成，四方封样 S-01…S-07，货号一一对应。\n"
            "Mock-up done, four-party seal S-01 to S-07 matched to our codes.", pictures=("sample", "structure"),
            met=("buyer", "designer", "site"), floor=14, hints=("H.shortlist.structure.2",),
            closes=(*exits("shortlist", "sample_sealed", "sample_code", "on_list"), "T.shortlist.structure.1")),
        log("A", "technical", "technical_exchange", "封样检测报告齐。\nTest reports of the sealed samples complete.",
            pictures=("document",), closes=exits("shortlist", "tests_ready")),
    ),
    scene(
        "A25", "2026-10-16",
        log("A", "sales", "site_visit", "主体到 24 层，封样柜完好。\nFloor 24; the sealed samples are intact.",
            pictures=("structure",), floor=24, following="拍封顶照片", within=45),
        log("A-W", "finance", "call", "催结算资料，总包在走流程。\nAsked for the final account papers.", met=("site",)),
    ),
    scene(
        "A26", "2026-12-05",
        reach("A", "sales", "masonry", "封顶，横幅已挂。\nTopped out.", pictured="2026-12-05"),
        reach("A-W", "sales", "masonry", "封顶，地下室无渗。\nTopped out; the basement is dry.", pictured="2026-12-05"),
    ),
    scene("A26", "2026-12-11", chores("A"), chores("A-W")),
    scene(
        "A27", "2026-12-15",
        log("A", "sales", "call", "对手报低 6%，甲方来问。\n"
            "A rival offers 6 % less; the owner asks us.", cell="specify/masonry",
            met=("buyer",), hints=("H.specify.masonry.2",)),
    ),
    scene(
        "A27", "2026-12-16",
        log("A", "sales", "office_visit", "给甲方一页对比：检测、批次、交期。\n"
            "One page of comparison: tests, batches, lead time.",
            cell="specify/masonry", met=("buyer", "coach")),
    ),
    scene(
        "A28", "2027-01-18",
        move("A", "key_accounts", "contract",
             "框架价，集采协议编号视同报价已批准。Frame price: the agreement stands for the quote."),
    ),
    scene(
        "A29", "2027-02-03",
        log("A", "key_accounts", "contract_signing", "三方协议盖章（晚两天）。\n"
            "Three-party agreement sealed, two days late.",
            pictures=("contract",), met=("buyer", "site"),
            closes=("T.contract.masonry.1", "T.contract.masonry.2", *exits("contract", "signed", "payer_checked",
            "effective"))),
        won("A", "key_accounts", "sanitary_ware"),
    ),
    scene(
        "A31", "2027-02-05",
        log("A", "logistics", "meeting", "签收授权书补齐，锁排产。\nReceiving authority added, production locked.",
            pictures=("document",), closes=exits("contract", "annexes")),
        move("A", "logistics", "deliver"),
        log("A", "logistics", "meeting", "分层到货计划已定。\nDeliveries planned by floor.", pictures=("document",),
            closes=("T.deliver.masonry.1", "T.deliver.masonry.3")),
    ),
    scene("A31", "2027-03-02", dated("A", "logistics", "arrival", "2027-03-01"), chores("A")),
    scene(
        "A32", "2027-03-25",
        reach("A", "sales", "envelope", "吊篮上墙，外墙保温过半。\n"
              "Cradles up, insulation half done.", pictured="2027-03-25"),
        reach("A-W", "sales", "envelope", "外墙施工，结算书在总包审。\nFacade under way; the account is being checked.",
              pictured="2027-03-25"),
    ),
    scene("A32", "2027-04-01", dated("A", "logistics", "arrival", "2027-03-31"), chores("A"), chores("A-W")),
    scene(
        "A32", "2027-05-12",
        reach("A", "sales", "mep", "机电进场，水点图已核。\n"
              "Services under way, water points checked.", pictured="2027-05-12"),
        reach("A-W", "sales", "mep", "机电进场，底板无渗点。\n"
              "Services under way; no leak in the slab.", pictured="2027-05-12"),
    ),
    scene("A32", "2027-05-18", chores("A", leave=("T.deliver.mep.1", "T.deliver.mep.2")), chores("A-W")),
    scene(
        "A32", "2027-05-20",
        dated("A", "logistics", "arrival", "2027-05-20"),
        log("A", "logistics", "delivery_check", "暗装水箱 240 套到场签收。\n240 concealed cisterns signed for.",
            pictures=("receipt",), closes=("T.deliver.mep.2",)),
    ),
    scene(
        "A32", "2027-05-22",
        log("A", "technical", "delivery_check", "隐蔽件试压 0.9 MPa 合格。\nPressure test passed.", pictures=("mep",),
            met=("site",), closes=("T.deliver.mep.1",)),
        log("A-W", "finance", "reconciliation", "防水结算书双方盖章，待付 5% 尾款。\n"
            "Final account sealed, 5 % still to come.",
            pictures=("document",), closes=exits("settle", "final_account")),
    ),
    scene(
        "A33", "2027-07-20",
        reach("A", "sales", "fitout", "贴砖从 3 层往上走。\nTiling climbs from floor 3.", pictured="2027-07-20"),
        reach("A-W", "sales", "fitout", "装修进场，地下车库做地坪。\n"
              "Fit-out has begun; the garage floor is being laid.",
              pictured="2027-07-20"),
    ),
    scene(
        "A33", "2027-07-27",
        dated("A", "logistics", "arrival", "2027-07-27"),
        log("A", "logistics", "delivery_check", "墙砖第 4 批 18 托到场签收，色号 05。\n"
            "18 pallets of wall tiles, shade 05, signed for.",
            pictures=("receipt", "fitout"), met=("site",), closes=("T.deliver.fitout.1",),
            hints=("H.deliver.fitout.1",)),
        log("A", "service", "site_visit", "本周巡查：铺贴与封样一致。\n"
            "Weekly round: laid as sealed.", pictures=("fitout",),
            closes=("T.deliver.fitout.2",), following="下周复查色号批次", within=12),
    ),
    scene("A33", "2027-07-28", chores("A-W", leave=("T.settle.fitout.3",))),
    scene(
        "A33", "2027-08-03",
        log("A-W", "finance", "call", "尾款排在本月付款计划。\nThe balance is in this month's payments.", met=("site",),
            following="确认尾款到账", within=9),
    ),
)  # fmt: skip
