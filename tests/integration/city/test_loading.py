"""无极 comes out of the database as published; what its districts share is stored once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from places import A, B, filed

from commandcenter.domain.errors import DomainError
from commandcenter.profiles.check import compare
from commandcenter.profiles.model import Profile
from db.gateways.directory import read_directory
from db.gateways.people import People
from db.gateways.profile_counts import loaded_counts
from db.gateways.profile_loading import load_profile
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database
SHARED = ("catalogue_item", "catalogue_limit", "catalogue_version", "channel", "office_window", "calendar_day",
          "whistle_scenario", "whistle_level", "whistle_caller", "whistle_rule", "team", "team_line")  # fmt: skip


def test_the_published_figures_come_out_of_the_database(wuji: Town, wuji_profile: Profile) -> None:
    with wuji.owner.connect() as connection:
        lines = compare(wuji_profile.published, loaded_counts(connection))
    assert {line.metric: line.loaded for line in lines if line.metric != "channels_at_least"} == {
        "levels": 5, "districts": 16, "municipal_departments": 55, "county_bureaus": 563, "streets": 173,
        "communities": 1329, "grids": 8358, "classes": 11, "catalogue_items": 282,
        "whistle_levels": 3,
    }  # fmt: skip
    assert all(line.ok for line in lines)


@pytest.mark.parametrize("table", SHARED)
def test_what_districts_share_is_stored_once_under_the_citys_id(hands: Hands, table: str) -> None:
    assert hands.rows(f"select distinct district_id from cc.{table}") == [(hands.org("990100"),)]


def test_every_unit_grid_and_person_belongs_to_the_district_it_lies_in(hands: Hands) -> None:
    assert hands.rows("select count(distinct district_id) from cc.grid") == [(16,)]
    strays = """select count(*) from cc.grid g join cc.org s on s.id = g.street_id
      where s.parent_id <> g.district_id or s.district_id <> g.district_id"""
    assert hands.sql(strays) == 0
    homes = dict(hands.rows("select login, district_id from cc.operator where login in ('q01_cg', 'sj_cg', 'ch_tv')"))
    assert homes == {"q01_cg": hands.org(A), "sj_cg": hands.org("990100"), "ch_tv": hands.org("990100")}


def test_a_second_profile_is_refused(wuji: Town, wuji_profile: Profile) -> None:
    with pytest.raises(DomainError, match="已有部署方案 wuji"):
        load_profile(wuji.owner, wuji_profile, {})


def test_a_district_reads_its_own_and_the_citys_units(wuji: Town, hands: Hands) -> None:
    with wuji.owner.connect() as connection:
        own = read_directory(connection, hands.org(A))
        whole = read_directory(connection, hands.org("990100"))
    assert {org.district_id for org in own.orgs.values()} == {hands.org(A), hands.org("990100")}
    assert {hands.sql("select district_id from cc.grid where id = %s", min(own.grids))} == {hands.org(A)}
    assert (len(whole.orgs), len(whole.grids)) == (2137, 8358)
    assert len(own.grids) < 1000
    assert own.items.keys() == whole.items.keys()
    assert own.calendar == whole.calendar
    assert own.title == f"{whole.title} · 明湖区"


@pytest.mark.parametrize("clock", ["hours", "days"])
def test_every_district_counts_by_the_citys_calendar(hands: Hands, clock: str) -> None:
    friday = datetime(2026, 9, 25, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    due = {
        hands.sql("select cc.work_add(%s, %s, %s, 7200)", hands.org(key), clock, friday) for key in (A, B, "990100")
    }
    assert len(due) == 1
    assert due.pop() > friday + timedelta(hours=1)


def test_the_clock_of_a_case_runs_by_the_catalogue_and_calendar_of_the_city(hands: Hands) -> None:
    case = filed(hands, B, "广告招牌破损")
    hands.act("q07_d1", case, "dispatch", unit_id=hands.org(f"D-{B}-城管"))
    hands.act("q07_cg", case, "receive")
    stage = """select s.deadline = cc.work_add(%s, s.clock, s.since, s.limit_s), s.clock, s.limit_s from cc.case_stage s
      where s.case_id = %s and s.stage = 'handle'"""
    limit = """select l.minutes * 60 from cc.catalogue_limit l join cc.catalogue_item i on i.id = l.item_id
      where i.name = '广告招牌破损' and l.stage = 'handle'"""
    assert hands.rows(stage, hands.org("990100"), case) == [(True, "days", hands.sql(limit))]


def test_a_scope_that_several_units_are_called_must_be_told_by_its_key(wuji: Town) -> None:
    people = People(wuji.owner)
    with pytest.raises(DomainError, match="有多个单位叫 和平"):
        people.add("w_newcomer", "新来的", "ein-langes-passwort", [("handler", "和平")])
