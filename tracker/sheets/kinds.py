"""The kinds of things that sheets may bring: leads, projects, firms and people, each described by its fields."""

from __future__ import annotations

from tracker.i18n import _l
from tracker.sheets.fields import Field, Holds, RowKey, Schema

_NUMBER = Field("number", _l("Plot or permit number"), (
    "number", "permit number", "permit#", "permit #", "permit no", "permit", "plot number", "plot no", "plot",
    "record number", "record no", "rec no", "case number", "external id", "reference", "id", "地块编号", "宗地编号",
    "地块号", "宗地号", "许可证号", "施工许可证号", "项目编号", "项目代码", "编号"), Holds.CODE, 80)  # fmt: skip
_SITE_NAMES = ("name", "project", "project name", "site name", "building", "title", "项目名称", "工程名称", "楼盘名称",
               "案名", "项目", "名称")  # fmt: skip
_ADDRESS = Field("address", _l("Address"), (
    "address", "site address", "project address", "street address", "location", "site", "宗地位置", "项目地址",
    "建设地点", "地块位置", "地址", "位置", "坐落", "地点"), longest=300)  # fmt: skip
_VALUE = Field("value", _l("Value"), (
    "value", "cost", "reported cost", "estimated cost", "project cost", "project value", "contract value", "budget",
    "price", "amount", "成交价格", "成交价", "成交总价", "成交金额", "起始价格", "起始价", "起拍价", "合同金额",
    "合同价格", "总投资", "投资额", "工程造价", "造价", "价格", "金额", "投资"), Holds.MONEY)  # fmt: skip
_AREA = Field("area", _l("Area"), (
    "area", "size", "floor area", "site area", "plot area", "land area", "gross floor area", "gfa", "地块面积",
    "宗地面积", "出让面积", "土地面积", "建筑面积", "用地面积", "面积"), Holds.AREA)  # fmt: skip
_LATITUDE = Field("latitude", _l("Latitude"), ("latitude", "lat", "纬度", "ylatitude"), Holds.LATITUDE)
_LONGITUDE = Field("longitude", _l("Longitude"), ("longitude", "lon", "lng", "long", "经度", "xlongitude"),
                   Holds.LONGITUDE)  # fmt: skip
_PLACE = Field("place", _l("Latitude and longitude"), (
    "coordinates", "location coordinates", "coordinate", "lat/lon", "lat lon", "latlng", "gps", "geo", "经纬度",
    "坐标", "定位"), Holds.PLACE)  # fmt: skip
_DEVELOPER = Field("developer", _l("Developer"), (
    "developer", "developer name", "owner", "owner name", "buyer", "client", "受让单位", "受让人", "建设单位",
    "竞得单位", "竞得人", "开发商", "开发单位", "业主", "买受人", "甲方"), Holds.FIRM)  # fmt: skip
_CONTRACTORS = Field("contractors", _l("Contractors"), (
    "contractor", "contractors", "general contractor", "general contractors", "main contractor", "gc", "builder",
    "总包", "总包单位", "施工总承包", "施工单位", "承建单位", "承包商"), Holds.FIRMS)  # fmt: skip
_DESIGNER = Field("designer", _l("Designer"), (
    "designer", "architect", "design institute", "设计单位", "设计院", "设计师"), Holds.FIRM)  # fmt: skip
_PHONE_NAMES = ("phone", "phone number", "contact phone", "contact phone number", "telephone", "tel", "mobile",
                "联系电话", "联系人电话", "联系方式", "手机", "手机号", "电话")  # fmt: skip
_NOTE_NAMES = ("note", "notes", "description", "work description", "remarks", "remark", "comment", "备注", "说明",
               "描述", "工程内容")  # fmt: skip
_NOTE = Field("note", _l("Note"), _NOTE_NAMES, longest=5000)
_FOUND_ON = ("date", "issue date", "issued", "issued date", "date issued", "found on", "permit date", "deal date",
             "成交时间", "成交日期", "发布日期", "发布时间", "发证日期", "公告时间", "日期")  # fmt: skip

LEADS = Schema(
    kind="leads",
    fields=(
        Field("name", _l("Name"), _SITE_NAMES),
        _ADDRESS,
        _NUMBER,
        Field("found_on", _l("Date"), _FOUND_ON, Holds.DAY),
        _VALUE,
        _AREA,
        _LATITUDE,
        _LONGITUDE,
        _PLACE,
        _DEVELOPER,
        _CONTRACTORS,
        _DESIGNER,
        Field("contact", _l("Contact person"), ("contact", "contact name", "contact person", "联系人", "负责人")),
        Field("phone", _l("Phone"), _PHONE_NAMES, Holds.PHONE),
        Field("use", _l("Use"), ("use", "land use", "type of use", "用途", "土地用途", "规划用途"), longest=1000),
        _NOTE,
    ),
    needs=(("name", "address"),),
    needs_message=_l("A lead needs a name or an address. Say which column holds it."),
    keys=(
        RowKey("number", _l("plot or permit number"), ("number",), usual=True),
        RowKey("name_developer", _l("name and developer"), ("name", "developer")),
        RowKey("name_address", _l("name and address"), ("name", "address")),
        RowKey("phone", _l("phone"), ("phone",)),
    ),
    profiles=(
        # Chicago's building permits as published in short: the letters mean nothing outside this set of headers
        {"n": "number", "a": "address", "d": "found_on", "c": "value", "lat": "latitude", "lon": "longitude",
         "gc": "contractors", "gp": "phone", "x": "note"},
    ),
    instead={"name": "address"},
)  # fmt: skip

PROJECTS = Schema(
    kind="projects",
    fields=(
        Field("name", _l("Name"), _SITE_NAMES),
        _NUMBER,
        _ADDRESS,
        Field("kind", _l("What is being built"), ("kind", "type", "project type", "building type", "项目类型",
              "建筑类型", "业态", "类型"), Holds.CHOICE, choices="project_types"),
        Field("route", _l("How they buy"), ("route", "sales route", "成交路线", "采购方式", "路线"), Holds.CHOICE,
              choices="routes"),
        Field("phase", _l("Our phase"), ("phase", "project phase", "stage", "项目阶段", "销售阶段", "阶段"),
              Holds.CHOICE, choices="phases"),
        Field("step", _l("Construction progress"), ("step", "construction progress", "construction step", "progress",
              "施工进度", "工程进度", "形象进度", "进度"), Holds.CHOICE, choices="steps"),
        Field("categories", _l("Material categories"), ("categories", "category", "material categories", "materials",
              "品类", "材料品类", "产品品类"), Holds.CHOICES, choices="categories"),
        Field("since", _l("Seen on"), ("since", "seen on", "date", "start date", "issue date", "permit date",
              "开始日期", "立项日期", "发证日期", "日期"),
              Holds.DAY),
        Field("building", _l("First building"), ("first building", "building name", "楼栋", "楼号", "栋号"),
              longest=80),
        Field("floors", _l("Floors"), ("floors", "storeys", "stories", "层数", "楼层数"), Holds.WHOLE),
        _VALUE,
        _LATITUDE,
        _LONGITUDE,
        _PLACE,
        _DEVELOPER,
        _CONTRACTORS,
        _DESIGNER,
        Field("dealer", _l("Dealer"), ("dealer", "distributor", "经销商"), Holds.FIRM),
        _NOTE,
    ),
    needs=(("name", "address"),),
    needs_message=_l("A project needs a name or an address. Say which column holds it."),
    instead={"name": "address"},
    participants=True,
    keys=(
        RowKey("number", _l("plot or permit number"), ("number",), usual=True),
        RowKey("name_developer", _l("name and developer"), ("name", "developer"), usual=True),
        RowKey("name_address", _l("name and address"), ("name", "address"), usual=True),
        RowKey("name", _l("name"), ("name",)),
    ),
)  # fmt: skip

_FIRM_NAMES = ("company", "company name", "firm", "firm name", "organisation", "organization", "公司", "公司名称",
               "单位", "单位名称", "企业名称", "客户名称")  # fmt: skip

PARTIES = Schema(
    kind="parties",
    fields=(
        Field("name", _l("Name"), ("name", "party", "party name", *_FIRM_NAMES, "招聘单位", "名称", "全称"),
              Holds.FIRM),
        Field("short_name", _l("Short name"), ("short name", "short", "abbreviation", "简称", "公司简称", "单位简称"),
              longest=80),
        Field("kind", _l("Kind"), ("kind", "type", "party type", "role", "单位类型", "企业类型", "类型", "角色"),
              Holds.CHOICE, choices="participant_kinds"),
        Field("credit_code", _l("Unified social credit code"), ("unified social credit code", "credit code", "uscc",
              "统一社会信用代码", "信用代码", "社会信用代码"), longest=40),
        Field("address", _l("Address"), ("address", "street address", "registered address", "地址", "注册地址",
              "办公地址", "联系地址"), longest=300),
        Field("phone", _l("Phone"), _PHONE_NAMES, Holds.PHONE, 60),
        _NOTE,
    ),
    needs=(("name",),),
    needs_message=_l("A party needs a name. Say which column holds it."),
    keys=(
        RowKey("name", _l("name of the firm, folded"), ("name",), usual=True),
        RowKey("credit_code", _l("credit code"), ("credit_code",), usual=True),
        RowKey("phone", _l("phone"), ("phone",)),
    ),
)  # fmt: skip

CONTACTS = Schema(
    kind="contacts",
    fields=(
        Field("name", _l("Name"), ("name", "contact", "contact name", "contact person", "full name", "person", "姓名",
              "联系人", "联系人姓名", "名字"), longest=80),
        Field("party", _l("Firm"), ("party", *_FIRM_NAMES, "employer", "所属单位", "所在单位", "工作单位"),
              Holds.FIRM),
        Field("post", _l("Post"), ("post", "position", "job title", "title", "role", "profession", "职务", "职位",
              "岗位"), longest=80),
        Field("phone", _l("Phone"), _PHONE_NAMES, Holds.PHONE, 60),
        Field("email", _l("E-mail"), ("email", "e-mail", "email address", "mail", "邮箱", "电子邮箱", "电子邮件"),
              Holds.EMAIL),
        _NOTE,
    ),
    needs=(("name",), ("party",)),
    needs_message=_l("A contact needs a name and the firm. Say which columns hold them."),
    keys=(
        RowKey("firm_name", _l("firm and name"), ("party", "name"), usual=True),
        RowKey("phone", _l("phone"), ("phone",)),
        RowKey("email", _l("e-mail"), ("email",)),
    ),
)  # fmt: skip

STOCK = Schema(
    kind="stock",
    fields=(
        Field("dealer", _l("Dealer"), ("dealer", "distributor", "经销商", "经销商名称", *_FIRM_NAMES), Holds.FIRM),
        Field("month", _l("Month"), ("month", "period", "月份", "年月", "期间"), Holds.MONTH),
        Field("category", _l("Category"), ("category", "material", "品类", "类别", "产品品类"), Holds.CHOICE,
              choices="categories"),
        Field("product", _l("Product"), ("product", "product name", "item", "model", "产品", "产品名称", "型号",
              "品名"), longest=80),
        Field("unit", _l("Unit"), ("unit", "单位", "计量单位"), longest=16),
        Field("opening", _l("Opening"), ("opening", "opening stock", "beginning", "期初", "期初库存", "上月结存"),
              Holds.QUANTITY),
        Field("bought", _l("Bought"), ("bought", "purchase", "purchases", "purchased", "in", "进货", "本月进货", "购进",
              "入库"), Holds.QUANTITY),
        Field("sold", _l("Sold"), ("sold", "sale", "sales", "out", "销售", "本月销售", "销货", "出库"), Holds.QUANTITY),
        Field("stock", _l("Stock"), ("stock", "closing", "closing stock", "ending", "库存", "期末", "期末库存", "结存"),
              Holds.QUANTITY),
        Field("projects", _l("To projects"), ("to projects", "to project", "projects", "project", "went to", "流向项目",
              "销往项目", "项目", "项目名称", "去向"), longest=500),
    ),
    needs=(("dealer",), ("month",), ("category",), ("unit",), ("opening",), ("bought",), ("sold",), ("stock",)),
    needs_message=_l("A row needs dealer, month, category, unit and the four figures. Say which columns hold them."),
    keys=(
        RowKey("line", _l("dealer, month, category, product and unit"), ("dealer", "month", "category"), usual=True),
    ),
)  # fmt: skip

SCHEMAS = {schema.kind: schema for schema in (LEADS, PROJECTS, PARTIES, CONTACTS, STOCK)}
