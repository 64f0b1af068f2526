"""A profile's whistle rules, teams and grid people come out of the database as written, and can be brought anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commandcenter.domain.errors import DomainError
from commandcenter.profiles.check import count_profile
from commandcenter.profiles.whistle_model import NO_WHISTLES
from db.gateways.profile_counts import loaded_counts
from db.gateways.session import PgSession
from db.gateways.whistle_loading import replace_rules
from db.upgrade import upgrade
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_profile import password_of, town_profile

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


def test_every_figure_of_the_profile_is_counted_alike_in_the_database(shared_town: Town) -> None:
    with shared_town.owner.connect() as connection:
        loaded = loaded_counts(connection)
    in_memory = count_profile(town_profile())
    assert loaded == {metric: value for metric, value in in_memory.items() if metric != "area_km2"}


def test_levels_callers_and_figures_stand_as_in_the_profile(hands: Hands) -> None:
    whistle = town_profile().whistle
    levels = hands.rows("select code, label, confirm_minutes, clock, arrive_minutes, escalate_hours, adds"
                        " from cc.whistle_level order by confirm_minutes desc, code")  # fmt: skip
    expected = sorted(whistle.levels, key=lambda level: (-level.confirm_minutes, level.code))
    assert levels == [
        (x.code, x.label, x.confirm_minutes, x.clock, x.arrive_minutes, x.escalate_hours, list(x.adds))
        for x in expected
    ]
    callers = {kind: (tuple(calls), signed) for kind, calls, signed in hands.rows(
        "select kind, calls, signed from cc.whistle_caller"
    )}  # fmt: skip
    assert callers == {x.kind: (x.calls, x.signed) for x in whistle.callers}
    assert hands.rows(
        "select radius_m, early_minutes, late_minutes, raise_on_missed_confirm, raise_on_missed_arrival,"
        " respond_late, arrive_on_time, weight_citizen, reason_below, objection_days, rectification_days"
        " from cc.whistle_rule"
    ) == [(200, 30, 15, True, False, 15, 40, 0.2, 60, 3, 5)]


def test_scenarios_teams_and_people_stand_as_in_the_profile(hands: Hands) -> None:
    assert hands.rows("select code, parties, level, confirm_minutes, arrive_minutes, handle_hours"
                      " from cc.whistle_scenario order by code") == [
        ("K01", "城管委|公安|水务", "normal", None, None, None),
        ("Y01", "水务|城管委", "key", 15, 60, 24), ("Z01", "城管委|公安", "key", None, 120, None),
    ]  # fmt: skip
    assert hands.rows("select t.code, l.position, l.line, l.heads, l.lead, t.made_by from cc.team t"
                      " join cc.team_line l on l.team_id = t.id order by 2") == [
        ("T1", 1, "城管委", 3, True, None), ("T1", 2, "公安", 2, False, None), ("T1", 3, "水务", 1, False, None),
    ]  # fmt: skip
    assert hands.rows("select g.key, o.key, m.role, m.phone_masked from cc.grid_team m left join cc.grid g"
                      " on g.id = m.grid_id left join cc.org o on o.id = m.org_id order by m.id") == [
        ("G-A1", None, "leader", "139****0101"), ("G-A1", None, "worker", "139****0102"),
        (None, "A", "specialist", "139****0103"), (None, "A1", "partner", "139****0104"),
    ]  # fmt: skip


def test_rules_are_brought_anew_and_what_people_saved_stays(town: Town) -> None:
    hands, profile = Hands(town), town_profile()
    hands.sql("insert into cc.team (district_id, code, name, template, made_by) values (1, 'M1', '自建', '1+X', 1)")
    fewer = replace(profile, scenarios=profile.scenarios[:1], compounds=())
    replace_rules(town.owner, replace(fewer, whistle=replace(profile.whistle, radius_m=500)))
    assert hands.sql("select radius_m from cc.whistle_rule") == 500
    assert hands.rows("select code from cc.whistle_scenario") == [("Z01",)]
    assert hands.rows("select code, made_by is null from cc.team order by 1") == [("M1", False), ("T1", True)]
    assert hands.sql("select count(*) from cc.team_line") == 3
    assert (hands.sql("select count(*) from cc.compound"), hands.sql("select count(*) from cc.grid_team")) == (0, 4)
    assert hands.rows("select action, subject from cc.admin_log where action = 'rules'") == [("rules", "town")]


def test_a_city_from_before_whistles_works_without_rules_and_is_given_them(town: Town) -> None:
    hands = Hands(town)
    for table in ("whistle_rule", "whistle_level", "whistle_caller", "team_line", "team", "grid_team", "compound"):
        hands.sql(f"delete from cc.{table}")
    upgrade(town.owner)
    assert hands.sql("select count(*) from cc.whistle_rule") == 0
    assert town.act("cg", town.dispatched(), "receive").state == "in_progress"
    replace_rules(town.owner, town_profile())
    assert hands.sql("select count(*) from cc.whistle_level") == 3


def test_rules_of_another_city_or_for_units_that_are_not_there_are_refused_whole(town: Town) -> None:
    profile = town_profile()
    strange = replace(profile, compounds=(replace(profile.compounds[0], community_key="X9"),), scenarios=())
    for wrong, words in (
        (replace(profile, name="other"), "数据库中的部署方案是 town"),
        (replace(profile, whistle=NO_WHISTLES), "没有吹哨规则"),
        (strange, "没有 X9"),
    ):
        with pytest.raises(DomainError, match=words):
            replace_rules(town.owner, wrong)
    assert Hands(town).sql("select count(*) from cc.whistle_scenario") == 3


@pytest.mark.parametrize(("machine", "warned"), [("party", True), ("", False)])
def test_a_client_with_another_workflow_of_whistles_is_warned(machine: str, warned: bool, town: Town) -> None:
    Hands(town).sql("update cc.jw_digest set digest = 'other' where machine = %s", machine)
    session = PgSession(town.url, "t_cg", password_of("t_cg"))
    assert any("流程文件" in warning for warning in session.warnings) == warned
    session.close()
