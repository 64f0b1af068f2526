"""A small invented city as a Directory: two streets, communities, grids, lines, agencies, a short catalogue."""

from dataclasses import replace
from typing import Any

from commandcenter.domain.model import Calendar, CaseRow, CatalogueItem, Channel, Directory, Grid, Org

DISTRICT, HEPINGLI, JINGSHAN = 1, 10, 11
QINGNIANHU, HEPING, LONGFUSI = 20, 21, 22
CHENGGUAN, CHENGGUANWEI, SHUIWU, OLD = 30, 31, 32, 33
TEAM_HPL, TEAM_JS, SECTION = 40, 41, 42
GRID_05, GRID_05_3, GRID_JS, OFFICE = 50, 51, 52, 53
LID, PEDDLER, LEAK, NOISE = 1, 2, 3, 4


def org(id_: int, parent: int | None, kind: str, name: str, short: str = "", **more: Any) -> Org:
    """A unit; short name defaults to the name."""
    given: dict[str, Any] = {"serves_id": None, "line": None, "active": True} | more
    return Org(id_, f"K{id_}", parent, kind, name, short or name, district_id=DISTRICT, **given)


def orgs() -> dict[int, Org]:
    """The organisation, parents first."""
    made = [
        org(DISTRICT, None, "district", "示范区"),
        org(HEPINGLI, DISTRICT, "street", "和平里街道", "和平里"),
        org(JINGSHAN, DISTRICT, "street", "景山街道", "景山"),
        org(QINGNIANHU, HEPINGLI, "community", "青年湖社区"),
        org(HEPING, HEPINGLI, "community", "和平里社区"),
        org(LONGFUSI, JINGSHAN, "community", "隆福寺社区"),
        org(CHENGGUAN, DISTRICT, "department", "区城市管理综合行政执法局", "区城管执法局", line="城管执法"),
        org(CHENGGUANWEI, DISTRICT, "department", "区城市管理委员会", "区城管委", line="城管委"),
        org(SHUIWU, DISTRICT, "utility", "自来水公司", line="自来水"),
        org(OLD, DISTRICT, "department", "已撤销的局", line="旧线", active=False),
        org(TEAM_HPL, CHENGGUAN, "agency", "和平里综合行政执法队", serves_id=HEPINGLI),
        org(TEAM_JS, CHENGGUAN, "agency", "景山综合行政执法队", serves_id=JINGSHAN),
        org(SECTION, CHENGGUANWEI, "section", "市政设施科"),
    ]
    return {o.id: o for o in made}


def grids() -> dict[int, Grid]:
    """A basic grid with one unit grid, a unit grid elsewhere, an office building."""
    made = [
        Grid(GRID_05, "b05", None, HEPINGLI, QINGNIANHU, "basic", "G-05", "青年湖社区 05"),
        Grid(GRID_05_3, "u053", GRID_05, HEPINGLI, QINGNIANHU, "unit", "G-053", "青年湖社区 05-3"),
        Grid(GRID_JS, "u023", None, JINGSHAN, LONGFUSI, "unit", "G-JS", "隆福寺社区 02-3"),
        Grid(OFFICE, "d1", None, JINGSHAN, LONGFUSI, "dedicated", "G-D1", "东方大厦"),
    ]
    return {g.id: g for g in made}


def item(
    id_: int, kind: str, major: str, minor: str, name: str, line: str, fallback: str, **more: Any
) -> CatalogueItem:
    """A catalogue row of the second grade."""
    given: dict[str, Any] = {"grade": "clear", "urgent": False, "photo_required": False} | more
    return CatalogueItem(
        id_, f"C{id_}", kind, "城市管理", major, minor, name, line=line, fallback=fallback,
        return_window_minutes=120, filing_condition="", closing_standard="", **given,
    )  # fmt: skip


def items() -> dict[int, CatalogueItem]:
    """A component, events with and without territory, one whose line has no unit."""
    made = [
        item(LID, "component", "公用设施", "污水井盖", "污水井盖缺失", "城管委", "城管委"),
        item(PEDDLER, "event", "街面秩序", "无照经营游商", "背街小巷无照经营游商", "城管执法", "street"),
        item(LEAK, "event", "突发事件", "自来水管破裂", "胡同自来水管破裂", "自来水", "城管委", grade="cross"),
        item(NOISE, "event", "施工管理", "施工扰民", "夜间施工扰民", "旧线", "城管执法"),
        item(5, "component", "公用设施", "雨水井盖", "雨水井盖移位", "城管委", "城管委"),
        item(6, "event", "街面秩序", "机动车乱停放", "胡同内机动车乱停放", "城管执法", "street"),
        item(7, "event", "市容环境", "暴露垃圾", "居民小区暴露垃圾", "城管委", "street"),
    ]
    return {i.id: i for i in made}


def channels() -> dict[int, Channel]:
    """One of each kind."""
    made = [
        Channel(1, "patrol", "监督员/网格员巡查", True, False, "巡查"),
        Channel(2, "hotline12345", "12345 热线", False, True, "12345"),
    ]
    return {c.id: c for c in made}


def city(**changed: Any) -> Directory:
    """The whole directory; fields may be replaced."""
    days = tuple((f"2026-10-{d:02d}", True) for d in range(1, 31))
    made = Directory(
        DISTRICT, "示范区", "Asia/Shanghai", True, 15, orgs(), grids(), channels(), items(), {},
        Calendar("Asia/Shanghai", {"hours": ((28800, 72000),), "days": ((32400, 43200),)}, days),
    )  # fmt: skip
    return replace(made, **changed)


def case(**changed: Any) -> CaseRow:
    """A filed case in 和平里, 青年湖社区 05-3; any field may be changed."""
    made = CaseRow(
        id=1001, no="2610-001001", version=3, state="filed", grade="clear", priority=5, urgent=False,
        item_id=LID, channel_id=2, citizen=True, street_id=HEPINGLI, community_id=QINGNIANHU, grid_id=GRID_05_3,
        lon=None, lat=None,
        unit_id=None, handler_id=None, ruled=False, reported_at=0.0, changed_at=0.0, stage_since=0.0, deadline=None,
        warn_at=None, clock=None, paused_left_s=None, resume_at=None, dispatched_by=None, dispatched_at=None,
        returns=0, reworks=0, asked=None, supervised=False, on_ledger=False,
        answered=False, followed_up=False, photos=0, open=True,
        summary="污水井盖缺失",
    )  # fmt: skip
    return replace(made, **changed)
