"""Invented people of the grids, compounds and dedicated grids: as many as the plan says, where it says."""

from __future__ import annotations

import pytest

from commandcenter.profiles.model import GridCell, OrgUnit
from commandcenter.profiles.sketch.dedicated import draw_dedicated
from commandcenter.profiles.sketch.grid_people import TeamPlan, draw_compounds, draw_team, team_plans

ORG = (
    OrgUnit("T", None, "district", "某区", "某区"),
    OrgUnit("A", "T", "street", "甲街道", "甲"),
    OrgUnit("A1", "A", "community", "一社区", "一"),
    OrgUnit("A2", "A", "community", "二社区", "二"),
)


def _grid(key: str, community: str, kind: str = "unit", side: float = 0.01) -> GridCell:
    ring = ((116.0, 40.0), (116.0 + side, 40.0), (116.0 + side, 40.0 + side), (116.0, 40.0 + side))
    return GridCell(key, None, "A", community, kind, key, key, ring)


GRIDS = (_grid("g1", "A1"), _grid("g2", "A1", side=0.02), _grid("g3", "A2"), _grid("z1", "A2", "dedicated", 0.001))


def test_the_same_number_at_every_grid_of_a_kind():
    team = draw_team([TeamPlan("leader", "unit", each=1), TeamPlan("worker", "grid", each=2)], ORG, GRIDS, 1)
    assert [m.grid_key for m in team if m.role == "leader"] == ["g1", "g2", "g3"]
    assert [m.grid_key for m in team if m.role == "worker"] == ["g1", "g1", "g2", "g2", "g3", "g3", "z1", "z1"]
    assert {m.org_key for m in team} == {None}


def test_a_total_is_spread_over_places_with_at_least_one_each():
    team = draw_team([TeamPlan("volunteer", "community", total=7)], ORG, GRIDS, 1)
    at = [m.org_key for m in team]
    assert (len(at), set(at)) == (7, {"A1", "A2"})


def test_lines_go_round():
    team = draw_team([TeamPlan("specialist", "street", total=5, lines=("公安", "住建"))], ORG, GRIDS, 1)
    assert [(m.org_key, m.line) for m in team] == [("A", x) for x in ("公安", "住建", "公安", "住建", "公安")]


def test_the_same_seed_draws_the_same_people():
    plans = [TeamPlan("worker", "unit", each=3)]
    assert draw_team(plans, ORG, GRIDS, 4) == draw_team(plans, ORG, GRIDS, 4) != draw_team(plans, ORG, GRIDS, 5)


def test_plans_are_read_from_the_settings():
    assert team_plans({}) == []
    entry = {"role": "partner", "of": "community", "each": 2, "lines": ["法官", "律师"]}
    assert team_plans({"grid_team": [entry]}) == [TeamPlan("partner", "community", 2, lines=("法官", "律师"))]


def test_compounds_are_spread_by_grids_with_names_of_their_own():
    compounds = draw_compounds(40, GRIDS, 1)
    assert len({c.name for c in compounds}) == len({c.key for c in compounds}) == 40
    assert {c.community_key for c in compounds} == {"A1", "A2"}


def test_a_site_is_drawn_inside_the_largest_grid_of_its_community():
    (site,) = draw_dedicated([{"community_key": "A1", "name": "车站"}], GRIDS)
    assert (site.key, site.kind, site.name, site.parent_key) == ("A1-Z01", "dedicated", "车站", None)
    assert max(lon for lon, _ in site.polygon) > 116.01  # inside g2, not g1


def test_more_sites_than_grids_are_refused():
    sites = [{"community_key": "A2", "name": name} for name in ("甲", "乙")]
    with pytest.raises(ValueError, match="乙: community A2 has 1 unit grids only"):
        draw_dedicated(sites, GRIDS)
