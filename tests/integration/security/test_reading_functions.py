"""Functions that read for the desk tell exactly what the tables show to the same person."""

from __future__ import annotations

from typing import Any

import pytest

from commandcenter.domain.errors import NotFound
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_profile import OPERATORS

pytestmark = pytest.mark.database

EVERYBODY = pytest.mark.parametrize("login", [o.login.removeprefix("t_") for o in OPERATORS])
_SEEN = "select coalesce(array_agg(id order by id), '{}') from cc.cases"


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    """A town with cases on both sides of every border: one by one unclassified, dispatched, merged, with evidence."""
    town = shared_town
    for n, grid in enumerate(("G-A1-0", "G-A2-1", "G-B1-2", "G-B2-3")):
        town.report(grid=grid, description=f"说明 {n}", channel="hotline")
        case = town.dispatched(("D-CG", "D-GA", "PCS-A", "D-SW")[n], grid=grid)
        town.photo(("cg", "ga", "pcs", "sw")[n], case, "scene")
        town.session("supervisor").commands.look_at(case)
    return Hands(town)


def _ids(hands: Hands, statement: str = _SEEN) -> list[int]:
    return list(hands.sql(statement))


def _told(hands: Hands, login: str, statement: str, *values: Any) -> Any:
    return hands.as_person(login, statement, *values)


@EVERYBODY
def test_a_file_opens_for_whoever_sees_the_case_and_holds_what_the_tables_show(login: str, hands: Hands) -> None:
    seen = _told(hands, login, _SEEN)
    for case in _ids(hands):
        if case not in seen:
            with pytest.raises(NotFound):
                _told(hands, login, "select cc.case_file(%s)", case)
            continue
        file = _told(hands, login, "select cc.case_file(%s)", case)
        for part, table in (("trace", "case_event"), ("stages", "case_stage"), ("attachments", "attachment"),
                            ("reporters", "case_reporter")):  # fmt: skip
            count = _told(hands, login, f"select count(*) from cc.{table} where case_id = %s", case)
            assert len(file.get(part) or ()) == count, (part, case)
        shown = _told(hands, login, "select description from cc.case_detail where case_id = %s", case)
        assert (file.get("detail") or [None])[0] == shown


@EVERYBODY
def test_evidence_and_viewers_stop_where_the_tables_do(login: str, hands: Hands) -> None:
    seen = _told(hands, login, _SEEN)
    for case, seq in hands.rows("select case_id, seq from cc.attachment"):
        if case not in seen:
            with pytest.raises(NotFound):
                _told(hands, login, "select cc.attachment_content(%s, %s)", case, seq)
        else:
            table = _told(hands, login, "select content from cc.attachment where case_id = %s and seq = %s", case, seq)
            assert _told(hands, login, "select cc.attachment_content(%s, %s)", case, seq) == table
        present = "select coalesce(array_agg(operator_id), '{}') from cc.presence where case_id = %s"
        assert _told(hands, login, "select cc.viewers(%s)", case) == _told(hands, login, present, case)


@EVERYBODY
def test_summaries_and_the_first_page_hold_nothing_out_of_scope(login: str, hands: Hands) -> None:
    table = _told(hands, login, "select coalesce(jsonb_object_agg(case_id, summary), '{}') from cc.case_detail")
    told = "select coalesce(jsonb_object_agg(case_id, summary), '{}') from cc.summaries(%s)"
    assert _told(hands, login, told, _ids(hands)) == table
    states = ["reported", "dispatched"]
    page = _told(hands, login, "select array_agg(id) from cc.first_cases(%s, null, 1000)", states) or []
    wanted = _told(hands, login, "select array_agg(id order by priority, deadline nulls last, id desc) from cc.cases"
                                 " where open and state = any(%s)", states)  # fmt: skip
    assert page == (wanted or [])


def test_the_first_page_can_be_bounded_by_handler_and_length(hands: Hands) -> None:
    unit = hands.org("D-CG")
    page = "select array_agg(id) from cc.first_cases('{dispatched}', %s, %s)"
    own = _told(hands, "supervisor", page, [unit], 10)
    assert own == hands.sql("select array_agg(id) from cc.cases where handler_id = %s and state = 'dispatched'", unit)
    assert len(_told(hands, "supervisor", page, None, 2)) == 2


def test_the_reporters_of_a_merged_case_are_told_with_the_masters(town: Town) -> None:
    master, child = town.filed(channel="hotline"), town.report(channel="hotline")
    town.act("acceptor", child, "accept", item_id=town.item("暴露垃圾"))
    town.act("acceptor", child, "merge", master_id=master)
    file = town.session("supervisor").queries.case_file(master)
    assert {reporter.case_id for reporter in file.reporters} == {master, child}
    assert town.session("supervisor").queries.case_file(child).master_id == master


def test_a_number_written_in_full_finds_its_case_in_its_month(town: Town) -> None:
    case = town.report()
    row = town.row(case)
    queries = town.session("supervisor").queries
    assert queries.case_by_no(row.no) == queries.case_by_no(row.no.partition("-")[2]) == row
    assert queries.case_by_no("0001-" + row.no.partition("-")[2]) is None
    assert queries.case_by_no("没有") is None
