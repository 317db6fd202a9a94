"""Invented names for the demo: firms, projects, people, telephone numbers. Every draw comes from the given `random`.

No name is meant to be anybody's: firm names are put together from rare characters, telephone numbers begin with 154,
which is allotted to no network.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tracker.demo.places import CITIES, address, address_in
from tracker.demo.record_sentences import SURNAMES, record_sentence

__all__ = [
    "address", "address_in", "distinct", "email", "firm_name", "person_name", "phone", "post", "project_name",
    "record_sentence", "short_firm_name",
]  # fmt: skip

_FIRST = "栖砚岑蔚澜渡榆鹭汐樾屿棠苇筠霁溯岫珩茗昀翊沐煦峤漪芷"
_SECOND = "川原岭汀舟石桥林庭野台湾谷峰衡远泽安成和景润辰"
_GIVEN_FIRST = "建志文晓海玉春国永金丽秀明庆少宏思佳雨子俊天立小家振东美伟红"
_GIVEN_SECOND = "军华明辉强平杰涛磊斌超敏静芳燕玲娟霞婷洁峰鹏波宁飞凯欣怡楠博"
_GIVEN_SINGLE = "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩敏静丽娟艳洁婷颖琳雪"
_LATIN = {
    "栖": "Qi", "砚": "Yan", "岑": "Cen", "蔚": "Wei", "澜": "Lan", "渡": "Du", "榆": "Yu", "鹭": "Lu", "汐": "Xi",
    "樾": "Yue", "屿": "Yu", "棠": "Tang", "苇": "Wei", "筠": "Yun", "霁": "Ji", "溯": "Su", "岫": "Xiu",
    "珩": "Heng", "茗": "Ming", "昀": "Yun", "翊": "Yi", "沐": "Mu", "煦": "Xu", "峤": "Qiao", "漪": "Yi", "芷": "Zhi",
    "川": "chuan", "原": "yuan", "岭": "ling", "汀": "ting", "舟": "zhou", "石": "shi", "桥": "qiao", "林": "lin",
    "庭": "ting", "野": "ye", "台": "tai", "湾": "wan", "谷": "gu", "峰": "feng", "衡": "heng",
    "远": "yuan", "泽": "ze", "安": "an", "成": "cheng", "和": "he", "景": "jing", "润": "run", "辰": "chen",
}  # fmt: skip

_TRADES: dict[str, tuple[str, ...]] = {
    "owner": ("置业有限公司", "房地产开发有限公司", "城市发展有限公司", "地产集团有限公司", "建设投资有限公司"),
    "operator": ("酒店管理有限公司", "商业运营管理有限公司", "文旅运营有限公司"),
    "agent_builder": ("项目代建有限公司", "工程建设管理有限公司"),
    "concept_designer": ("建筑设计事务所", "规划设计有限公司"),
    "design_institute": ("建筑设计研究院有限公司", "建筑设计院有限公司", "工程设计研究院"),
    "interior_designer": ("室内设计有限公司", "空间设计事务所", "装饰设计工程有限公司"),
    "specialist_consultant": ("照明设计有限公司", "幕墙顾问有限公司", "声学顾问有限公司"),
    "cost_consultant": ("工程造价咨询有限公司", "造价师事务所有限公司"),
    "tender_agent": ("招标代理有限公司", "工程招标咨询有限公司"),
    "supervisor_firm": ("建设监理有限公司", "工程监理咨询有限公司"),
    "main_contractor": ("建设集团有限公司", "建筑工程有限公司", "建工有限公司", "第三建筑工程有限公司"),
    "fitout_contractor": ("建筑装饰工程有限公司", "装饰集团有限公司", "装修工程有限公司"),
    "facade_sub": ("幕墙工程有限公司", "门窗系统有限公司"),
    "waterproofing_sub": ("防水工程有限公司", "防水保温技术有限公司"),
    "electrical_sub": ("机电安装有限公司", "机电设备工程有限公司"),
    "painting_sub": ("涂装劳务有限公司", "建筑劳务有限公司"),
    "dealer": ("建材有限公司", "装饰材料商行", "陶瓷经营部", "建材贸易有限公司"),
    "property_manager": ("物业服务有限公司", "物业管理有限公司"),
    "competitor": ("新型建材股份有限公司", "陶瓷股份有限公司", "卫浴科技有限公司"),
}
_LATIN_TRADES = {
    "owner": "Land", "operator": "Hotels", "concept_designer": "Architects", "design_institute": "Design",
    "interior_designer": "Interiors", "specialist_consultant": "Consulting",
}  # fmt: skip

_POSTS: dict[str, tuple[str, ...]] = {
    "owner": ("成本经理", "招采经理", "设计部经理", "工程部经理", "项目总经理", "精装主管", "副总经理"),
    "design_institute": ("项目负责人", "建筑专业负责人", "结构工程师", "院总工", "材料工程师"),
    "interior_designer": ("主案设计师", "设计总监", "物料设计师"),
    "main_contractor": ("项目经理", "材料员", "技术负责人", "商务经理", "生产经理"),
    "fitout_contractor": ("项目经理", "采购经理", "深化设计师", "施工员"),
    "supervisor_firm": ("总监理工程师", "专业监理工程师"),
    "dealer": ("总经理", "业务经理", "店长"),
    "property_manager": ("项目经理", "工程主管"),
}
_OTHER_POSTS = ("总经理", "业务负责人", "技术负责人", "经办人")

_HOMES = ("花园", "雅苑", "华府", "云庭", "里", "和园", "公馆", "名邸", "上院", "学府")
_PROJECTS: dict[str, tuple[str, ...]] = {
    "residential_fitted": _HOMES,
    "residential_shell": _HOMES,
    "affordable_housing": ("人才公寓", "安置小区", "保障性住房", "青年家园"),
    "rental_apartment": ("长租公寓", "青年社区"),
    "office": ("中心", "国际大厦", "总部大楼", "金融广场", "科创大厦"),
    "retail_mall": ("广场", "天地", "购物中心", "生活汇"),
    "hotel": ("大酒店", "度假酒店", "国际酒店"),
    "hospital": ("医院", "人民医院新院区", "妇幼保健院", "康复医院"),
    "school": ("实验小学", "中学新校区", "职业学院图书馆", "外国语学校"),
    "government": ("政务服务中心", "市民之家", "档案馆"),
    "transport": ("高铁站综合枢纽", "地铁车辆段上盖", "客运枢纽"),
    "industrial": ("智造产业园", "数据中心", "标准厂房", "物流园"),
    "senior_care": ("康养中心", "颐养社区"),
    "culture_sport": ("文化艺术中心", "体育馆", "博物馆"),
    "urban_renewal": ("老旧小区改造", "片区城市更新", "历史街区改造"),
    "chain_store": ("连锁门店", "旗舰店"),
    "overseas": ("海外工业园", "海外公寓"),
}
_MOST_BUILT = ("residential_fitted", "residential_shell", "office", "retail_mall", "hospital", "school", "hotel")
_PHASES = ("一期", "二期", "三期", "A地块", "B地块", "南区", "北区", "1号楼", "3号楼")


def firm_name(random: Random, kind: str) -> str:
    """An invented firm of a participant kind, mostly with its city; now and then with a Latin name behind it."""
    brand = _brand(random)
    name = brand + random.choice(_TRADES[kind])
    if random.random() < 0.75:
        name = random.choice(list(CITIES)).removesuffix("市") + name
    if kind in _LATIN_TRADES and random.random() < 0.15:
        name = f"{name}（{_latin(brand)} {_LATIN_TRADES[kind]}）"
    return name


def short_firm_name(name: str) -> str:
    """What people call the firm: its brand and its trade without city and legal form."""
    short = name.partition("（")[0]
    for city in CITIES:
        short = short.removeprefix(city.removesuffix("市"))
    for legal in ("股份有限公司", "集团有限公司", "有限公司", "事务所"):
        short = short.removesuffix(legal)
    return short


def project_name(random: Random, project_type: str | None = None) -> str:
    """An invented project, of any type or of one of the definition's project types."""
    if project_type is None:
        project_type = random.choice(_MOST_BUILT) if random.random() < 0.7 else random.choice(list(_PROJECTS))
    brand = _brand(random)
    name = brand + random.choice(_PROJECTS[project_type])
    if project_type in ("office", "retail_mall", "hotel") and random.random() < 0.2:
        name = f"{name} {_latin(brand)} {'Hotel' if project_type == 'hotel' else 'Center'}"
    elif random.random() < 0.7:
        name += random.choice(_PHASES)
    return name


def person_name(random: Random) -> str:
    """An ordinary Chinese name of two or three characters."""
    if random.random() < 0.22:
        return random.choice(SURNAMES) + random.choice(_GIVEN_SINGLE)
    return random.choice(SURNAMES) + random.choice(_GIVEN_FIRST) + random.choice(_GIVEN_SECOND)


def post(random: Random, kind: str) -> str:
    """What somebody does at a firm of a kind."""
    return random.choice(_POSTS.get(kind, _OTHER_POSTS))


def phone(random: Random) -> str:
    """A mobile number of eleven digits in a range no network uses."""
    return f"154{random.randint(0, 99_999_999):08d}"


def email(random: Random) -> str:
    """An address under a domain that is reserved for examples."""
    head = _LATIN[random.choice(_FIRST)].lower() + _LATIN[random.choice(_SECOND)]
    return f"{head}{random.randint(1, 999)}@{random.choice(('example.com', 'example.net', 'example.org'))}"


def distinct(count: int, draw: Callable[[], str]) -> list[str]:
    """The first `count` different results of `draw`; raises ValueError where it repeats itself without end."""
    found: dict[str, None] = {}
    for _ in range(count * 20):
        found.setdefault(draw())
        if len(found) == count:
            return list(found)
    raise ValueError(f"only {len(found)} of {count} are different")


def _brand(random: Random) -> str:
    return random.choice(_FIRST) + random.choice(_SECOND)


def _latin(brand: str) -> str:
    return "".join(_LATIN[character] for character in brand)
