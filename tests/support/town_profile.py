"""A town small enough to know by heart: two streets, four communities, three departments, everybody's role."""

from __future__ import annotations

from commandcenter.profiles.model import (
    CatalogueItem,
    Channel,
    GridCell,
    OfficeWindow,
    Operator,
    OrgUnit,
    Profile,
    StageLimit,
)
from tests.support.town_cameras import CAMERAS
from tests.support.town_whistles import COMPOUNDS, GRID_TEAM, SCENARIOS, TEAMS, WHISTLE

DISTRICT = "T"
ORG = (
    OrgUnit("T", None, "district", "测试区", "测试区"),
    OrgUnit("A", "T", "street", "甲街道", "甲"),
    OrgUnit("B", "T", "street", "乙街道", "乙"),
    OrgUnit("A1", "A", "community", "甲一社区", "甲一"),
    OrgUnit("A2", "A", "community", "甲二社区", "甲二"),
    OrgUnit("B1", "B", "community", "乙一社区", "乙一"),
    OrgUnit("B2", "B", "community", "乙二社区", "乙二"),
    OrgUnit("D-CG", "T", "department", "区城管委", "区城管委", line="城管委"),
    OrgUnit("D-GA", "T", "department", "公安分局", "公安分局", line="公安"),
    OrgUnit("D-SW", "T", "department", "区水务局", "区水务局", line="水务"),
    OrgUnit("CG-1", "D-CG", "section", "市容科", "市容科"),
    OrgUnit("PCS-A", "D-GA", "agency", "甲派出所", "甲派出所", serves_key="A"),
    OrgUnit("PCS-B", "D-GA", "agency", "乙派出所", "乙派出所", serves_key="B"),
    OrgUnit("A-CGK", "A", "section", "城市管理科", "城市管理科"),
)
CHANNELS = (Channel("patrol", "巡查", True, False, "巡查"), Channel("hotline", "12345 热线", False, True, "12345"))
WINDOWS = (
    OfficeWindow("hours", 8 * 60, 20 * 60),
    OfficeWindow("days", 9 * 60, 12 * 60),
    OfficeWindow("days", 13 * 60, 18 * 60),
)
_STAGES = ("accept", "file", "dispatch", "receive", "handle", "verify", "close")


def _limits(handle: StageLimit) -> tuple[StageLimit, ...]:
    return tuple(StageLimit(s, 30, "urgent") for s in _STAGES if s != "handle") + (handle,)


def _item(code: str, kind: str, name: str, line: str, handle: StageLimit, **more: object) -> CatalogueItem:
    facts: dict[str, object] = {
        "code": code, "kind": kind, "domain": "城市管理", "major_code": "01", "major": "市容环境", "minor_code": code,
        "minor": name, "name": name,
        "danger": 2, "visibility": 2, "disorder": 1, "urgent": False, "grade_hint": "clear",
        "line": line, "fallback": "street", "limits": _limits(handle),
        "filing_condition": "存在", "closing_standard": "消除",
        "return_window_minutes": 60, "photo_required": False, "sample": True,
    }  # fmt: skip
    return CatalogueItem(**{**facts, **more})  # type: ignore[arg-type]


CATALOGUE = (
    _item("0101", "event", "暴露垃圾", "城管委", StageLimit("handle", 240, "urgent")),
    _item(
        "0102", "component", "井盖缺失", "水务", StageLimit("handle", 120, "urgent"), urgent=True, photo_required=True
    ),
    _item("0103", "event", "私搭乱建", "城管委", StageLimit("handle", 15 * 480, "days")),
    _item("0104", "event", "夜间施工噪声", "公安", StageLimit("handle", 300, "hours"), grade_hint="cross"),
)


def _square(x: float, y: float, side: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def _grids() -> tuple[GridCell, ...]:
    """Each community one basic grid of four unit grids; communities in a row from 116.00 E, 0.01° wide."""
    cells: list[GridCell] = []
    for n, (street, community) in enumerate((("A", "A1"), ("A", "A2"), ("B", "B1"), ("B", "B2"))):
        x = 116.0 + n * 0.01
        basic = f"G-{community}"
        cells.append(
            GridCell(basic, None, street, community, "basic", f"{n:02d}", f"{community}基础网格", _square(x, 40, 0.01))
        )
        for k in range(4):
            corner = _square(x + (k % 2) * 0.005, 40 + (k // 2) * 0.005, 0.005)
            cells.append(
                GridCell(
                    f"{basic}-{k}", basic, street, community, "unit", f"{n:02d}-{k}", f"{community}单元{k}", corner
                )
            )
    return tuple(cells)


def _who(login: str, name: str, *duties: tuple[str, str]) -> Operator:
    return Operator(login, name, duties, "13900000000")


OPERATORS = (
    _who("t_acceptor", "受理甲", ("acceptor", "T")),
    _who("t_dispatcher", "派遣甲", ("dispatcher", "T")),
    _who("t_dispatcher2", "派遣乙", ("dispatcher", "T")),
    _who("t_street_dispatcher", "街道派遣", ("dispatcher", "A")),
    _who("t_verifier", "核查甲", ("verifier", "T")),
    _who("t_followup", "回访甲", ("followup", "T")),
    _who("t_supervisor", "值班长甲", ("supervisor", "T")),
    _who("t_leader", "街道负责人甲", ("street_leader", "A")),
    _who("t_evaluator", "考评甲", ("evaluator", "T")),
    _who("t_screen", "大屏", ("screen", "T")),
    _who("t_auditor", "审计甲", ("auditor", "T")),
    _who("t_admin", "管理甲", ("admin", "T")),
    _who("t_grid_worker", "网格员甲", ("grid_worker", "A")),
    _who("t_channel", "热线接入", ("channel", "T")),
    _who("t_cg", "城管委处置", ("handler", "D-CG")),
    _who("t_ga", "公安处置", ("handler", "D-GA")),
    _who("t_sw", "水务处置", ("handler", "D-SW")),
    _who("t_pcs", "甲派出所处置", ("handler", "PCS-A")),
    _who("t_street_a", "甲街道处置", ("handler", "A")),
    _who("t_street_b", "乙街道处置", ("handler", "B")),
    _who("t_community", "甲一社区处置", ("handler", "A1")),
    _who("t_leader_b", "街道负责人乙", ("street_leader", "B")),
    _who("t_grid_a1", "网格员甲一", ("grid_worker", "A1")),
    _who("t_gateway", "短信网关", ("gateway", "T")),
)


def town_profile() -> Profile:
    """The town as a profile."""
    return Profile(
        name="town",
        title="测试区指挥中心",
        crs="WGS-84",
        sample=True,
        office_windows=WINDOWS,
        reopen_days=15,
        org=ORG,
        grids=_grids(),
        channels=CHANNELS,
        catalogue=CATALOGUE,
        operators=OPERATORS,
        published=(),
        scenarios=SCENARIOS,
        whistle=WHISTLE,
        teams=TEAMS,
        grid_team=GRID_TEAM,
        compounds=COMPOUNDS,
        cameras=CAMERAS,
    )


def password_of(login: str) -> str:
    """Everybody's password in the town."""
    return f"town-{login}-password"
