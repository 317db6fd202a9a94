"""Cities and districts of the demo with their WGS-84 centres, and invented addresses scattered about them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SPREAD = 0.018  # degrees, standard deviation of a site around its district's centre: about 2 km


@dataclass(frozen=True, slots=True)
class City:
    """A city: its province, whether it belongs to the northern region, its districts (latitude, longitude)."""

    province: str
    north: bool
    weight: int
    districts: dict[str, tuple[float, float]]
    streets: tuple[str, ...]


CITIES: dict[str, City] = {
    "郑州市": City(
        "河南省",
        True,
        9,
        {
            "金水区": (34.8003, 113.6605), "中原区": (34.7484, 113.6130), "二七区": (34.7242, 113.6400),
            "管城回族区": (34.7538, 113.6774), "惠济区": (34.8674, 113.6169), "郑东新区": (34.7651, 113.7290),
            "经开区": (34.7210, 113.7430), "高新区": (34.8120, 113.5560),
        },
        ("花园路", "农业路", "文化路", "中原路", "航海路", "金水东路", "商都路", "科学大道", "长江路", "龙湖外环路"),
    ),
    "洛阳市": City(
        "河南省",
        True,
        3,
        {"洛龙区": (34.6190, 112.4637), "涧西区": (34.6577, 112.3957), "西工区": (34.6600, 112.4273)},
        ("开元大道", "龙门大道", "中州路", "王城大道", "南昌路", "学府街"),
    ),
    "济南市": City(
        "山东省",
        True,
        4,
        {"历下区": (36.6665, 117.0768), "历城区": (36.6800, 117.0653), "槐荫区": (36.6513, 116.9010),
         "章丘区": (36.6812, 117.5340)},
        ("经十路", "旅游路", "工业北路", "奥体中路", "二环南路", "北园大街"),
    ),
    "西安市": City(
        "陕西省",
        True,
        4,
        {"雁塔区": (34.2225, 108.9486), "未央区": (34.2928, 108.9468), "长安区": (34.1580, 108.9070),
         "灞桥区": (34.2730, 109.0645)},
        ("科技路", "长安南路", "凤城五路", "太白南路", "丈八东路", "世博大道"),
    ),
    "合肥市": City(
        "安徽省",
        False,
        7,
        {"蜀山区": (31.8512, 117.2606), "包河区": (31.7933, 117.3096), "庐阳区": (31.8786, 117.2646),
         "瑶海区": (31.8580, 117.3091), "滨湖新区": (31.7350, 117.2870), "高新区": (31.8280, 117.1350)},
        ("长江西路", "徽州大道", "黄山路", "望江西路", "马鞍山路", "锦绣大道", "习友路", "庐州大道"),
    ),
    "苏州市": City(
        "江苏省",
        False,
        7,
        {"姑苏区": (31.3114, 120.6173), "吴中区": (31.2622, 120.6320), "相城区": (31.3690, 120.6425),
         "虎丘区": (31.2953, 120.5723), "吴江区": (31.1385, 120.6450), "工业园区": (31.3170, 120.7130)},
        ("人民路", "干将路", "现代大道", "太湖东路", "狮山路", "澄阳路", "中山南路", "星湖街"),
    ),
    "杭州市": City(
        "浙江省",
        False,
        5,
        {"余杭区": (30.4190, 119.9780), "萧山区": (30.1850, 120.2640), "滨江区": (30.2086, 120.2118),
         "拱墅区": (30.3190, 120.1420)},
        ("文一西路", "江南大道", "市心路", "石祥路", "莫干山路", "江陵路"),
    ),
    "武汉市": City(
        "湖北省",
        False,
        5,
        {"洪山区": (30.5045, 114.3437), "江汉区": (30.6015, 114.2708), "汉阳区": (30.5548, 114.2180),
         "东西湖区": (30.6200, 114.1370)},
        ("珞喻路", "雄楚大道", "建设大道", "龙阳大道", "金山大道", "光谷大道"),
    ),
    "南京市": City(
        "江苏省",
        False,
        4,
        {"江宁区": (31.9530, 118.8400), "建邺区": (32.0034, 118.7317), "浦口区": (32.0590, 118.6280),
         "栖霞区": (32.0965, 118.9090)},
        ("双龙大道", "河西大街", "江东中路", "浦滨路", "仙林大道", "将军大道"),
    ),
}  # fmt: skip


def address(random: Random) -> tuple[str, float, float, str]:
    """An invented address: its text, latitude and longitude (WGS-84 degrees) and its city."""
    name = random.choices(list(CITIES), weights=[city.weight for city in CITIES.values()])[0]
    return address_in(random, name)


def address_in(random: Random, name: str) -> tuple[str, float, float, str]:
    """An invented address in one of `CITIES`."""
    city = CITIES[name]
    district, (latitude, longitude) = random.choice(list(city.districts.items()))
    street = random.choice(city.streets)
    other = random.choice([each for each in city.streets if each != street])
    where = random.choice(
        (
            f"{street}{random.randint(8, 688)}号",
            f"{street}与{other}交叉口{random.choice('东西南北')}侧",
            f"{street}{random.randint(8, 688)}号",
        )
    )
    return (
        f"{city.province}{name}{district}{where}",
        round(random.gauss(latitude, SPREAD), 6),
        round(random.gauss(longitude, SPREAD * 1.15), 6),
        name,
    )
