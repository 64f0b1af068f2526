"""A directory like that of 东城, read from the profile's own files, with a small catalogue."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import lru_cache

from commandcenter.domain.model import Calendar, CatalogueItem, Channel, Directory, Grid, Org
from commandcenter.resources import RESOURCES

PROFILE = RESOURCES / "profiles" / "dongcheng"

# kind, major, minor, grade, urgent, line, share of the cases
CATALOGUE = (
    ("event", "街面秩序", "占道经营", "clear", False, "城管执法", 9),
    ("event", "街面秩序", "非机动车乱停放", "clear", False, "交通支队", 10),
    ("event", "街面秩序", "机动车乱停放", "clear", False, "交通支队", 8),
    ("event", "市容环境", "暴露垃圾", "clear", False, "环卫", 9),
    ("event", "市容环境", "油烟扰民", "cross", False, "生态环境", 5),
    ("event", "市容环境", "道路积水", "clear", False, "排水", 3),
    ("event", "宣传广告", "乱张贴", "simple", False, "城管执法", 6),
    ("event", "宣传广告", "违规牌匾标识", "clear", False, "城管执法", 3),
    ("event", "施工管理", "夜间施工噪声", "cross", False, "生态环境", 4),
    ("event", "施工管理", "工地扬尘", "clear", False, "住建委", 3),
    ("event", "房屋土地", "违法建设", "cross", False, "城管执法", 4),
    ("event", "突发事件", "架空线坠落", "clear", True, "供电", 1),
    ("event", "突发事件", "路面塌陷", "clear", True, "市政养护", 1),
    ("event", "食品安全", "无证食品摊贩", "cross", False, "市场监管", 3),
    ("component", "公用设施", "井盖缺失", "clear", True, "城管委", 2),
    ("component", "公用设施", "路灯不亮", "clear", False, "路灯", 4),
    ("component", "公用设施", "消火栓损坏", "clear", False, "消防", 1),
    ("component", "道路交通", "交通护栏破损", "clear", False, "城管委", 4),
    ("component", "道路交通", "人行道破损", "clear", False, "市政养护", 4),
    ("component", "园林绿化", "树木倒伏", "clear", False, "园林绿化", 3),
    ("component", "园林绿化", "绿地设施破损", "clear", False, "园林养护", 2),
    ("component", "市容环境", "垃圾箱满冒", "simple", False, "环卫", 5),
    ("component", "水务设施", "雨水箅子堵塞", "clear", False, "水务", 3),
)


def _rows(name: str) -> list[dict[str, str]]:
    with (PROFILE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _orgs() -> dict[int, Org]:
    rows = _rows("org.csv")
    number = {row["key"]: position for position, row in enumerate(rows, 1)}
    return {
        number[row["key"]]: Org(
            number[row["key"]], row["key"], number.get(row["parent_key"]), row["kind"], row["name"],
            row["short_name"], number.get(row["serves_key"]), row["line"] or None, True, 1,
        )
        for row in rows
    }


def _grids(orgs: dict[int, Org]) -> dict[int, Grid]:
    number = {org.key: org.id for org in orgs.values()}
    rows = _rows("grids.csv")
    ids = {row["key"]: position for position, row in enumerate(rows, 1)}
    return {
        ids[row["key"]]: Grid(
            ids[row["key"]], row["key"], ids.get(row["parent_key"]), number[row["street_key"]],
            number.get(row["community_key"]), row["kind"], row["code"], row["name"],
        )
        for row in rows
    }


def _channels() -> dict[int, Channel]:
    return {
        position: Channel(
            position, row["code"], row["name"], row["proactive"] == "1", row["citizen"] == "1", row["short_name"]
        )
        for position, row in enumerate(_rows("channels.csv"), 1)
    }


def _item(number: int, kind: str, major: str, minor: str, grade: str, urgent: bool, line: str) -> CatalogueItem:
    return CatalogueItem(
        number, f"{number:06d}", kind, "城市管理", major, minor, minor, urgent, grade, line, "street", True, 120,
        "现场可见，位置明确", "恢复原状，现场整洁",
    )


def _items() -> dict[int, CatalogueItem]:
    return {n: _item(n, *facts[:6]) for n, facts in enumerate(CATALOGUE, 1)}


def _calendar(first: date, days: int) -> Calendar:
    dates = [first + timedelta(days=n) for n in range(days)]
    return Calendar("Asia/Shanghai", WINDOWS, tuple((d.isoformat(), d.weekday() < 5) for d in dates))


WINDOWS = {"hours": ((8 * 3600, 20 * 3600),), "days": ((9 * 3600, 12 * 3600), (13 * 3600, 18 * 3600))}

OPERATORS = {1: "王建国", 2: "李晓燕", 3: "赵敏", 4: "陈立", 5: "刘洋", 6: "孙倩", 7: "周航", 8: "吴桐", 9: "郑爽"}


@lru_cache(maxsize=1)
def dongcheng() -> Directory:
    """Orgs, grids and channels of the profile; 23 catalogue items; a calendar over 2025 and 2026 without holidays."""
    orgs = _orgs()
    return Directory(
        1, "东城区网格化综合监督指挥平台", "Asia/Shanghai", True, 15, orgs, _grids(orgs), _channels(), _items(),
        dict(OPERATORS), _calendar(date(2025, 1, 1), 730),
    )


def org_id(short_name: str) -> int:
    """The node with this short name."""
    return next(org.id for org in dongcheng().orgs.values() if org.short_name == short_name)
