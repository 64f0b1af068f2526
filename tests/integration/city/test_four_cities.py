"""包河, 任城, 历下 and 屯溪 come out of the database as published; what is particular to each works there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from fasteners import InterProcessLock

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.recommend import first_choice
from commandcenter.profiles.check import compare
from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import read_profile
from db.embedded import Server
from db.gateways.directory import read_directory
from db.gateways.profile_counts import loaded_counts
from tests.support.case_rows import case_row
from tests.support.hands import Hands
from tests.support.servers import run_home
from tests.support.town import Town, build_template, copied

pytestmark = pytest.mark.database
CITIES = ("baohe", "rencheng", "lixia", "tunxi")
# Passwords are half of the loading.
PEOPLE = ("s0001", "d0032", "z0001", "xuzhuang_lead", "xuzhuang_c1", "xuzhuang_gw1")


@dataclass(frozen=True)
class Loaded:
    """A deployment and the database that was loaded from it."""

    profile: Profile
    town: Town
    hands: Hands


@pytest.fixture(scope="module", params=CITIES)
def loaded(request: pytest.FixtureRequest, server: Server) -> Iterator[Loaded]:
    """One of the cities at a time."""
    yield from _loaded(server, request.param)


@pytest.fixture(scope="module")
def rencheng(server: Server) -> Iterator[Loaded]:
    yield from _loaded(server, "rencheng")


@pytest.fixture(scope="module")
def tunxi(server: Server) -> Iterator[Loaded]:
    yield from _loaded(server, "tunxi")


def _loaded(server: Server, name: str) -> Iterator[Loaded]:
    profile = read_profile(name)
    profile = replace(profile, operators=tuple(o for o in profile.operators if o.login in PEOPLE))
    with InterProcessLock(run_home() / "template.lock"):
        build_template(server, f"{name}_template", profile)
    with copied(server, f"{name}_template") as town:
        yield Loaded(profile, town, Hands(town, named=str))


def test_the_published_figures_come_out_of_the_database(loaded: Loaded) -> None:
    with loaded.town.owner.connect() as connection:
        lines = compare(loaded.profile.published, loaded_counts(connection))
    assert [(line.metric, line.published, line.loaded) for line in lines if not line.ok] == []
    assert len(lines) >= 3


def test_people_are_stored_with_their_grid_or_place_and_half_a_phone(loaded: Loaded) -> None:
    stored = loaded.hands.rows("""select g.key, o.key, t.role, t.name, t.line from cc.grid_team t
      left join cc.grid g on g.id = t.grid_id left join cc.org o on o.id = t.org_id""")
    told = [(m.grid_key, m.org_key, m.role, m.name, m.line) for m in loaded.profile.grid_team]
    assert sorted(stored, key=str) == sorted(told, key=str)
    shown = {phone for (phone,) in loaded.hands.rows("select phone_masked from cc.grid_team")}
    assert not shown & {m.phone for m in loaded.profile.grid_team}
    assert all("*" in phone for phone in shown)


def test_teams_and_scenarios_are_stored_as_written(loaded: Loaded) -> None:
    lines = loaded.hands.rows("""select t.code, l.line, l.heads, l.lead from cc.team_line l
      join cc.team t on t.id = l.team_id order by t.code, l.position""")
    assert lines == [(t.code, x.line, x.heads, x.lead) for t in loaded.profile.teams for x in t.lines]
    stored = loaded.hands.rows("""select code, parties, level, confirm_minutes, arrive_minutes, handle_hours
      from cc.whistle_scenario order by code""")
    assert stored == sorted(
        (s.code, "|".join(s.parties), s.level, s.confirm_minutes, s.arrive_minutes, s.handle_hours)
        for s in loaded.profile.scenarios
    )


def test_a_point_in_a_dedicated_grid_belongs_to_the_grid_around_it(rencheng: Loaded) -> None:
    """专属网格 are found by name; every point has one unit grid."""
    site = next(grid for grid in rencheng.profile.grids if grid.kind == "dedicated")
    lon, lat = (sum(axis) / len(axis) for axis in zip(*site.polygon, strict=True))
    case = int(rencheng.hands.report_answer("s0001", _told(lon=lon, lat=lat))["case_id"])
    found = rencheng.hands.rows(
        "select g.kind, c.key from cc.cases k join cc.grid g on g.id = k.grid_id join cc.org c on c.id = k.community_id"
        " where k.id = %s", case,
    )  # fmt: skip
    assert found == [("unit", site.community_key)]


# 许庄街道, its first community, a grid of that community, and who drafts there.
STREET, COMMUNITY = "370811002", "370811002001"
CALLERS = [
    ("grid", STREET, "xuzhuang_gw1", ("D-供电", "D-住建", "A-370811002-派出所"), ("A-370811005-派出所", "370811005")),
    ("community", COMMUNITY, "xuzhuang_c1", ("A-370811002-派出所", "D-供水"), ("D-公安", "A-370811005-派出所")),
    ("street", STREET, "xuzhuang_lead", ("D-公安", "A-370811002-派出所", "D-供热"), ("370811005", COMMUNITY)),
    ("district", "370811", "z0001", ("D-公安", "D-供气", STREET), ("370811", COMMUNITY)),
]


@pytest.mark.parametrize(("kind", "caller", "login", "called", "refused"), CALLERS)
def test_in_rencheng_every_level_whistles_for_its_own(
    kind: str, caller: str, login: str, called: tuple[str, ...], refused: tuple[str, ...], rencheng: Loaded
) -> None:
    """任城: a grid worker calls the specialists' units, a community its agencies, a street the departments under its
    head's signature, the district everybody."""
    hands = rencheng.hands
    grid = hands.sql("select min(id) from cc.grid where community_id = %s and kind = 'unit'", hands.org(COMMUNITY))
    facts = {"caller_id": hands.org(caller), "caller_kind": kind, "scope": "综合执法", "title": "占道经营"}
    facts |= {"grid_id": grid} if kind == "grid" else {}

    def whistle(*units: str) -> dict[str, Any]:
        args = facts | {"parties": [{"unit_id": hands.org(unit)} for unit in units]}
        statement = "select cc.open_summons(%s, 'whistle', %s)"
        answer: dict[str, Any] = hands.as_person(login, statement, str(uuid4()), json.dumps(args, ensure_ascii=False))
        return answer

    for unit in refused:
        with pytest.raises(InvalidInput, match="召集"):
            whistle(unit)
    answer = whistle(*called)
    assert answer["state"] == ("draft" if kind == "street" else "issued")
    lanes = hands.rows(
        "select o.key from cc.summons_party p join cc.org o on o.id = p.unit_id where p.summons_id = %s order by p.no",
        answer["entity_id"],
    )
    assert [key for (key,) in lanes] == list(called)


def test_in_lixia_the_streets_rating_weighs_thirty_percent(loaded: Loaded) -> None:
    """历下: 30 %, as data; the others weigh it as their own file says."""
    stored = loaded.hands.rows("select weight_response, weight_street, weight_citizen from cc.whistle_rule")
    weights = loaded.profile.whistle.weights
    assert stored == [(weights.response, weights.street, weights.citizen)]
    assert (stored[0][1] == 0.3) == (loaded.profile.name == "lixia")


def test_in_tunxi_events_go_to_the_street_and_components_to_the_line(tunxi: Loaded) -> None:
    with tunxi.town.owner.connect() as connection:
        directory = read_directory(connection, tunxi.hands.org("341002"))
    row = replace(case_row(), street_id=tunxi.hands.org("341002004"))
    chosen = {
        kind: {first_choice(row, item, directory) for item in directory.items.values() if item.kind == kind}
        for kind in ("event", "component")
    }
    assert chosen["event"] == {(row.street_id, "事件→属地")}
    assert {why for _, why in chosen["component"]} == {"部件→主管部门"}
    assert {directory.orgs[unit].kind for unit, _ in chosen["component"]} <= {"department", "utility", "enterprise"}


def _told(**facts: object) -> dict[str, object]:
    return {"channel": "patrol", "description": "有积水", **facts}
