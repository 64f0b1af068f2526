"""The plain values of which a deployment profile (部署) consists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from commandcenter.domain.roles import CLOCK_LABELS, GRADE_LABELS, ROLE_LABELS
from commandcenter.domain.wall import WallPlan
from commandcenter.profiles.camera_model import NO_CAMERAS, CameraPlan
from commandcenter.profiles.whistle_model import NO_WHISTLES, Scenario, Team, WhistleRules

ORG_KINDS: Final = frozenset(
    {"city", "district", "street", "community", "department", "agency", "section", "utility", "enterprise"}
)
GRID_KINDS: Final = frozenset({"basic", "unit", "dedicated", "micro"})
STAGES: Final = ("accept", "file", "dispatch", "receive", "handle", "verify", "close")
CLOCKS: Final = MappingProxyType(CLOCK_LABELS)
ITEM_KINDS: Final = MappingProxyType({"component": "部件", "event": "事件"})
TEAM_ROLES: Final = MappingProxyType(
    {"leader": "网格长", "worker": "网格员", "volunteer": "自治力量", "specialist": "专业网格员", "partner": "联动力量"}
)
GRADES: Final = MappingProxyType(GRADE_LABELS)
ROLES: Final = MappingProxyType({role: label for role, label in ROLE_LABELS.items() if role != "duty"})


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """One node of the organisation: territory (块), line (条), or both.

    ``key`` is stable across loads (a national division code for territory). ``line`` is the
    responsible-line key that the catalogue names; only the unit that answers for a line has it.
    An agency (派出机构) hangs under its department and ``serves_key`` names its street.
    """

    key: str
    parent_key: str | None
    kind: str
    name: str
    short_name: str
    serves_key: str | None = None
    line: str | None = None
    sample: bool = False


def homes_of(org: Iterable[OrgUnit]) -> dict[str, str]:
    """Unit's key → key of the district it lies in, or of the city whose own it is; parents before children."""
    found: dict[str, str] = {}
    for unit in org:
        whole = unit.kind in ("city", "district")
        found[unit.key] = unit.key if whole else found[unit.parent_key or ""]
    return found


@dataclass(frozen=True, slots=True)
class GridCell:
    """A grid (网格) with its outline: WGS-84 (lon, lat) degrees, first point not repeated."""

    key: str
    parent_key: str | None
    street_key: str
    community_key: str
    kind: str
    code: str
    name: str
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in which a problem arrives (渠道); ``proactive`` = 主动发现, ``citizen`` = 群众诉求."""

    code: str
    name: str
    proactive: bool
    citizen: bool
    short_name: str


@dataclass(frozen=True, slots=True)
class StageLimit:
    """Time limit of one stage in minutes of its clock (working minutes except for ``urgent``)."""

    stage: str
    minutes: int
    clock: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One row of the list of components and events (部件/事件), after GB/T 30428.2.

    ``danger``, ``visibility`` and ``disorder`` (危险性, 直观性, 无序性) run from 1, low, to 3, high.
    ``fallback`` is ``"street"`` (属地) or the key of the line that must act when ``line`` cannot.
    ``return_window_minutes`` counts on the clock of the ``receive`` stage.
    """

    code: str
    kind: str
    domain: str
    major_code: str
    major: str
    minor_code: str
    minor: str
    name: str
    danger: int
    visibility: int
    disorder: int
    urgent: bool
    grade_hint: str
    line: str
    fallback: str
    limits: tuple[StageLimit, ...]
    filing_condition: str
    closing_standard: str
    return_window_minutes: int
    photo_required: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """A person or connected system with a login; ``duties`` are (role, key of the scope's node)."""

    login: str
    name: str
    duties: tuple[tuple[str, str], ...]
    phone: str


@dataclass(frozen=True, slots=True)
class OfficeWindow:
    """Minutes after midnight between which a clock runs; a clock may have several windows a day."""

    clock: str
    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of a grid's people: of one grid, or (``grid_key`` None) of a whole street or community.

    ``line``: a specialist's (专业网格员) line key, a partner's (联动力量) profession such as 法官.
    """

    grid_key: str | None
    org_key: str | None
    role: str
    name: str
    phone: str
    line: str | None
    sample: bool


@dataclass(frozen=True, slots=True)
class Compound:
    """A residential compound (居民小区) and the community it lies in."""

    key: str
    community_key: str
    name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A figure the deployment has published and which its loaded data must reproduce."""

    metric: str
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A deployment as data; parents come before their children in ``org`` and ``grids``.

    The first unit is the whole: a district, or a city above its districts, which share catalogue,
    channels, office hours, scenarios, whistle rules and standing teams.

    ``published`` are the self-check; ``statistics`` are published results of a past period, which no
    loaded row reproduces. ``sample`` says that part of the rows stand in for lists not published.
    """

    name: str
    title: str
    crs: str
    sample: bool
    office_windows: tuple[OfficeWindow, ...]
    reopen_days: int
    org: tuple[OrgUnit, ...]
    grids: tuple[GridCell, ...]
    channels: tuple[Channel, ...]
    catalogue: tuple[CatalogueItem, ...]
    operators: tuple[Operator, ...]
    published: tuple[Published, ...]
    scenarios: tuple[Scenario, ...] = ()
    whistle: WhistleRules = NO_WHISTLES
    teams: tuple[Team, ...] = ()
    grid_team: tuple[TeamMember, ...] = ()
    compounds: tuple[Compound, ...] = ()
    cameras: CameraPlan = NO_CAMERAS
    wall: WallPlan | None = None
    statistics: tuple[Published, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def top(self) -> OrgUnit:
        """The unit above all others: the only district, or the city."""
        return self.org[0]
