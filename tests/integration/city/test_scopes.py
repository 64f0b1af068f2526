"""Sixteen districts in one database: who sees what, who may act where, and what the city has in common."""

from __future__ import annotations

import json

import pytest
from places import A, B, filed, grid_of, point_in, reported

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from tests.support.hands import Hands

pytestmark = pytest.mark.database

OTHERS = ("q07_s1", "q07_d1", "q07_z1", "q07_cg", "q07_j01_unit", "q07_j01_gw", "q07_admin", "sj_kj")
OWN = ("q01_s1", "q01_d1", "q01_z1", "q01_cg", "q01_j01_unit", "sj_d1", "sj_z1")
ABOUT = ("cases", "case_detail", "case_event", "case_stage", "feed", "case_reporter", "seal")


@pytest.fixture(scope="module")
def case(hands: Hands) -> int:
    """A case of A at its own bureau, told by a citizen."""
    lon, lat = point_in(hands, A)
    caller = {"name": "张三丰", "phone": "13912345678"}
    case = reported(hands, A, channel="hotline12345", lon=lon, lat=lat, reporter=caller)
    hands.act("q01_s1", case, "accept", item_id=hands.item("道路积水"))
    hands.act("q01_s1", case, "file")
    hands.act("q01_d1", case, "dispatch", unit_id=hands.org(f"D-{A}-城管"))
    return case


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("table", ABOUT)
def test_nobody_of_another_district_reads_a_row_about_a_case(hands: Hands, case: int, who: str, table: str) -> None:
    district = hands.org(A)
    assert hands.as_person(who, f"select count(*) from cc.{table} where district_id = %s", district) == 0


@pytest.mark.parametrize("who", OWN)
def test_the_district_its_units_and_the_city_see_it(hands: Hands, case: int, who: str) -> None:
    assert hands.as_person(who, "select count(*) from cc.cases where id = %s", case) == 1


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_of_another_district_acts_on_a_case(hands: Hands, case: int, who: str) -> None:
    for action, args in (("note", {"text": "x"}), ("receive", {}), ("supervise", {"leader": "x", "reason": "y"})):
        with pytest.raises(NotFound):
            hands.act(who, case, action, **args)


def test_a_case_goes_to_units_of_its_district_and_of_the_city_only(hands: Hands) -> None:
    case = filed(hands, A)
    with pytest.raises(NotAllowed):
        hands.act("sj_d1", case, "dispatch", unit_id=hands.org(f"D-{B}-城管"))
    with pytest.raises(NotAllowed):
        hands.act("q01_d1", case, "dispatch", unit_id=hands.org("D-通信"))
    assert hands.act("sj_d1", case, "dispatch", unit_id=hands.org("D-通信"))["state"] == "dispatched"


def test_an_instruction_names_no_unit_of_another_district(hands: Hands) -> None:
    case = filed(hands, A)
    words = {"leader": "李市长", "text": "从速"}
    with pytest.raises(InvalidInput):
        hands.act("sj_z1", case, "instruct", unit_id=hands.org(f"D-{B}-城管"), **words)
    hands.act("sj_z1", case, "instruct", unit_id=hands.org("D-通信"), **words)


def test_a_municipal_department_sees_what_it_handles_in_every_district(hands: Hands) -> None:
    cases = [filed(hands, district) for district in (A, B)]
    for case in cases:
        hands.act("sj_d1", case, "dispatch", unit_id=hands.org("D-气象"))
    assert hands.as_person("sj_qx", "select array_agg(id order by id) from cc.cases") == sorted(cases)


def test_a_case_goes_round_with_a_municipal_department_as_its_unit(hands: Hands) -> None:
    case = reported(hands, A, "ch_tv", channel="tv", grid_id=None, district_id=hands.org(A))
    hands.act("q01_s1", case, "accept", item_id=hands.item("通信信号差"), grid_id=grid_of(hands, A))
    hands.act("sj_s1", case, "file")
    hands.act("sj_d1", case, "dispatch", unit_id=hands.org("D-通信"))
    hands.act("sj_tx", case, "receive")
    hands.attach("sj_tx", case, "after")
    hands.act("sj_tx", case, "feedback", result="已加装基站")
    hands.act("q01_h1", case, "verify")
    hands.act("q01_f1", case, "reply", text="已处理")
    hands.act("sj_f1", case, "follow_up", satisfied="satisfied", solved="yes")
    assert hands.act("q01_s1", case, "close")["state"] == "closed"
    assert hands.row(case)["district_id"] == hands.org(A)


# ------------------------------------------------------------------ where a report belongs
def test_the_city_must_say_where_a_case_lies(hands: Hands) -> None:
    with pytest.raises(InvalidInput, match="区县") as refusal:
        reported(hands, A, "sj_s1", grid_id=None)
    assert refusal.value.detail["field"] == "grid_id"


@pytest.mark.parametrize("told", ["grid", "point", "district"])
def test_the_city_reports_into_the_district_that_the_place_tells(hands: Hands, told: str) -> None:
    lon, lat = point_in(hands, B)
    place = {"grid": {"grid_id": grid_of(hands, B)}, "point": {"lon": lon, "lat": lat},
             "district": {"district_id": hands.org(B)}}[told]  # fmt: skip
    case = reported(hands, A, "sj_s1", **{"grid_id": None, **place})
    assert hands.row(case)["district_id"] == hands.org(B)


@pytest.mark.parametrize("named", ["990100", "D-通信", "990101001"])
def test_only_a_district_can_be_named(hands: Hands, named: str) -> None:
    with pytest.raises(InvalidInput):
        reported(hands, A, "sj_s1", grid_id=None, district_id=hands.org(named))


def test_a_district_reports_for_itself_whatever_it_names(hands: Hands) -> None:
    case = reported(hands, A, "q01_s1", grid_id=None, district_id=hands.org(B))
    assert hands.row(case)["district_id"] == hands.org(A)
    with pytest.raises(InvalidInput):
        reported(hands, A, "q01_s1", grid_id=grid_of(hands, B))


def test_a_clerk_of_one_unit_reports_nothing_elsewhere(hands: Hands) -> None:
    """An acceptor whose scope is a department of the city takes in no case of a district."""
    with hands.trying():
        hands.sql("insert into cc.duty select district_id, id, 'acceptor', %s from cc.operator where login = 'sj_kj'",
                  hands.org("D-科技"))  # fmt: skip
        with pytest.raises(NotAllowed):
            reported(hands, A, "sj_kj", grid_id=None, district_id=hands.org(A))


def test_cases_of_two_districts_are_not_merged(hands: Hands) -> None:
    master, other = reported(hands, A), reported(hands, B)
    with pytest.raises(InvalidInput):
        hands.act("sj_s1", other, "merge", master_id=master)


def test_near_cases_are_those_one_may_see(hands: Hands) -> None:
    lon, lat = point_in(hands, A)
    near = reported(hands, A, lon=lon, lat=lat)
    ask = "select array_agg(case_id) from cc.near_cases(%s, %s, null)"
    assert near in hands.as_person("sj_s1", ask, lon, lat)
    assert hands.as_person("q07_s1", ask, lon, lat) is None


def test_who_looks_from_the_city_is_seen_in_the_district(hands: Hands, case: int) -> None:
    hands.as_person("sj_d1", "select cc.look_at(%s)", case)
    count = "select count(*) from cc.presence where case_id = %s"
    assert (hands.as_person("q01_d1", count, case), hands.as_person("q07_d1", count, case)) == (1, 0)
    hands.as_person("sj_d1", "select cc.look_at(null)")
    assert hands.as_person("q01_d1", count, case) == 0


def test_a_channels_number_becomes_one_case_in_the_whole_city(hands: Hands) -> None:
    told = {"channel": "hotline12345", "source_no": "HX-2026-1"}
    first = reported(hands, A, "ch_hotline12345", **told)
    assert reported(hands, B, "ch_hotline12345", **told) == first
    with pytest.raises(InvalidInput, match="已登记"):
        reported(hands, B, "q07_s1", **told)


# ------------------------------------------------------------------ figures
def test_figures_of_units_stay_in_the_district_and_reach_the_city(hands: Hands, case: int) -> None:
    unit = hands.org(f"D-{A}-城管")
    ask = "select open_cases from cc.unit_figures() where unit_id = %s"
    assert hands.as_person("q01_d1", ask, unit) == hands.as_person("sj_d1", ask, unit) >= 1
    assert hands.as_person("q07_d1", ask, unit) is None


def test_the_shift_of_a_city_dispatcher_counts_what_he_sent(hands: Hands) -> None:
    ask = "select dispatched from cc.shift_figures(now() - interval '1 day')"
    before = hands.as_person("sj_d2", ask)
    hands.act("sj_d2", filed(hands, B), "dispatch", unit_id=hands.org(f"D-{B}-水务"))
    assert hands.as_person("sj_d2", ask) == before + 1


# ------------------------------------------------------------------ people, catalogue, audit
def _create(hands: Hands, who: str, district: str, org: str, role: str = "handler") -> None:
    scram = f"SCRAM-SHA-256$4096:{'A' * 22}==${'B' * 43}=:{'C' * 43}="
    duties = json.dumps([{"role": role, "org_id": hands.org(org)}])
    with hands.trying():
        create = "select cc.create_operator(%s, 'w_newcomer', '新来的', %s, %s)"
        hands.as_person(who, create, hands.org(district), scram, duties)


@pytest.mark.parametrize(
    ("home", "scope", "error"),
    [(B, f"D-{B}-城管", NotAllowed), ("990100", "D-通信", NotAllowed), (A, f"D-{B}-城管", InvalidInput),
     (A, "D-通信", InvalidInput), (A, "990100", InvalidInput), (A, B, InvalidInput)],
)  # fmt: skip
def test_a_districts_administrator_makes_nobody_beside_or_above_it(
    hands: Hands, home: str, scope: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _create(hands, "q01_admin", home, scope)


@pytest.mark.parametrize(("home", "scope"), [(B, f"D-{B}-城管"), ("990100", "D-通信"), ("990100", B)])
def test_the_citys_administrator_makes_people_anywhere_in_it(hands: Hands, home: str, scope: str) -> None:
    _create(hands, "sj_admin", home, scope)


@pytest.mark.parametrize("target", ["q07_d1", "sj_d1", "sj_admin"])
def test_a_districts_administrator_disables_nobody_elsewhere(hands: Hands, target: str) -> None:
    with pytest.raises(NotFound):
        hands.as_person("q01_admin", "select cc.set_operator_active(%s, false)", target)


def test_the_citys_administrator_disables_people_of_a_district(hands: Hands) -> None:
    with hands.trying():
        hands.as_person("sj_admin", "select cc.set_operator_active('q07_d1', false)")
        assert hands.sql("select active from cc.operator where login = 'q07_d1'") is False


def test_the_catalogue_is_the_citys(hands: Hands) -> None:
    rows = hands.sql("select jsonb_agg(to_jsonb(i) || '{\"limits\": []}') from cc.catalogue_item i where id < 3")
    load = "select cc.load_catalogue('neu', %s)"
    with pytest.raises(NotAllowed, match="全市共用"):
        hands.as_person("q01_admin", load, json.dumps(rows))
    with hands.trying():
        assert hands.as_person("sj_admin", load, json.dumps(rows)) == 2
        current = "select district_id from cc.catalogue_version where current"
        assert hands.rows(current) == [(hands.org("990100"),)]


def test_an_auditor_reads_the_records_of_his_district(hands: Hands) -> None:
    logs = "select array_agg(distinct district_id) from cc.admin_log"
    assert hands.as_person("q01_audit", logs) == [hands.org(A)]
    assert hands.org(B) in hands.as_person("sj_audit", logs)
    heads = "select count(*) from cc.audit_head()"
    assert (hands.as_person("q01_audit", heads), hands.as_person("sj_audit", heads)) == (1, 17)


def test_an_auditor_is_told_the_faults_of_his_district(hands: Hands) -> None:
    case = reported(hands, A)
    faults = "select count(*) from cc.audit_faults() where event_case = %s"
    with hands.trying():
        hands.sql("select cc.seal_events()")
        hands.sql("update cc.seal_leaf set digest = 'x' where case_id = %s", case)
        assert hands.as_person("q01_audit", faults, case) == 1
        assert hands.as_person("q07_audit", faults, case) == 0
