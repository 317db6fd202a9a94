"""What people of Anhe would write about their key accounts."""

from __future__ import annotations

PRODUCTS: dict[str, tuple[str, str, str]] = {
    "tiles": ("抛釉砖 600×600 Glazed tile 600×600", "m²", "68.00"),
    "sanitary_ware": ("智能坐便器 Smart toilet", "套 set", "1680.00"),
    "gypsum_board": ("耐水石膏板 9.5 Water-resistant board 9.5", "m²", "16.50"),
    "lighting": ("筒灯 7 W Downlight 7 W", "只 pc", "28.00"),
}
"""A product of each category: name, unit, price in yuan."""
GROUNDS = (
    "采购总监口头透露，与平米数核对。 Told by procurement, checked against square metres.",
    "年报与招标公告汇总。 From the annual report and tender notices.",
    "按开工面积估算。 Estimated from started floor area.",
)
TO_DO: tuple[tuple[tuple[str, str, int, str], ...], ...] = (
    (
        ("meeting", "与集团采购总监谈明年框架 Talk next year's frame with procurement", 12, "keyaccount"),
        ("action", "把样板楼参观路线发给产品研发 Send the reference tour to product development", -3, "designpromo"),
        ("meeting", "总经理年中拜访 Mid-year visit by our general manager", -80, "keyaccount"),
    ),
    (
        ("action", "续签谈判前整理两年下单数据 Collect two years of call-offs for the renewal", 6, "keyaccount"),
        ("action", "补签质保函 Have the warranty letter signed", -40, "bidding"),
    ),
    (
        ("meeting", "区域公司产品宣讲 Product talk at the regional company", 20, "designpromo"),
        ("action", "催回应收尾款 Collect the open balance", -9, "finance"),
    ),
)
"""(kind, text, days from today, who) of meetings and actions."""
DONE = "已完成，纪要已发双方。 Done, minutes sent to both."
REVIEWS = (
    "份额在瓷砖上升，卫浴停滞：对手给了更长账期。下季度带技术部去讲施工节拍。\n"
    "Tiles up, sanitary ware flat: a rival gives longer credit. Bring technical next quarter.",
    "区域公司各买各的，集团协议没人知道。先让三个区域采购见面。\n"
    "Regional companies buy on their own. Let three buyers meet first.",
)
SIGNS: tuple[tuple[tuple[str, int, str, str | None], ...], ...] = (
    (
        ("reference", 160, "带合肥客户看云栖样板间。 Showed the sample flat to others.", "参观签到表 Visitors' list"),
        ("introduction", 90, "把我们介绍给南京公司。 Introduced us to Nanjing.", None),
    ),
    (("complaint", 45, "色号混批，业主书面投诉。 Mixed shades, written complaint.", "投诉函 Letter"),),
    (
        ("praise", 120, "交付准时，书面表扬。 Written praise for punctual delivery.", None),
        ("rival_preferred", 30, "新项目先约了对手打样。 A rival was asked for the next mock-up.", None),
    ),
    (("person_left", 75, "支持我们的设计总监离职。 The design director who backed us left.", None),),
)
"""(kind, days ago, in whose words, proof) of what lifted or lowered an account's loyalty."""
RELATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("suppliers", "main_contractor", "growing", "总包收货与仓库 Receives and stores our goods"),
    ("referrers", "interior_designer", "strong", "主动推荐我们的砖 Recommends our tiles"),
    ("referrers", "design_institute", "growing", "图纸写我们的参数 Puts our values on drawings"),
    ("influencers", "supervisor_firm", "cold", "验收口径 Decides how it is accepted"),
    ("influencers", "cost_consultant", "none", "造价口径 Sets the cost frame"),
)
"""(market, role in their projects, how we stand, why)."""
