"""定责记录: from whom to whom a case was ruled, as the trace says, for whoever sees the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.gateways.case_queries import PgCaseQueries
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
EVER = (0.0, 4e9)
RETURN = {"reason": "不属于本单位", "legal_basis": "三定方案"}


def listed(town: Town, login: str, since: float = EVER[0], until: float = EVER[1]) -> dict[int, tuple[str, ...]]:
    """By case: who lost it, who won it, by whom, why."""
    session = town.session(login)
    keys = {org.id: org.key for org in session.directory.orgs.values()}
    return {r.case_id: (keys[r.from_unit or 0], keys[r.to_unit], r.by_name, r.reason)
            for r in session.queries.rulings(since, until)}  # fmt: skip


def test_a_ruling_names_who_gave_the_case_back_and_who_got_it(shared_town: Town, hands: Hands, paths: Paths) -> None:
    case = paths.to("returned")
    loser = hands.sql("select o.key from cc.case_unit_return r join cc.org o on o.id = r.unit_id"
                      " where r.case_id = %s", case)  # fmt: skip
    # A dispatch that was undone is no return.
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
    hands.act("dispatcher", case, "undo_dispatch")
    hands.act("supervisor", case, "rule", unit_id=hands.org("D-SW"), reason="按三定方案属水务")
    name = shared_town.session("supervisor").person.name
    assert listed(shared_town, "supervisor")[case] == (loser, "D-SW", name, "按三定方案属水务")
    (found,) = [r for r in shared_town.session("supervisor").queries.rulings(*EVER) if r.case_id == case]
    row = hands.row(case)
    at = hands.sql("select at from cc.case_event where case_id = %s and action = 'rule'", case)
    assert (found.case_no, found.street_id, found.item_id) == (row["no"], row["street_id"], row["item_id"])
    assert found.at == pytest.approx(at.timestamp(), abs=1e-3)
    before = (at - timedelta(seconds=1)).timestamp()
    assert case not in listed(shared_town, "supervisor", 0, before)
    assert case in listed(shared_town, "supervisor", before)


def test_every_ruling_of_the_trace_is_listed_newest_first_to_whoever_sees_the_case(
    shared_town: Town, hands: Hands, paths: Paths
) -> None:
    for unit in ("D-CG", "D-SW"):
        hands.act("supervisor", paths.to("returned"), "rule", unit_id=hands.org(unit), reason=f"属{unit}")
    found = shared_town.session("supervisor").queries.rulings(*EVER)
    by_sql = hands.rows("select case_id, seq from cc.case_event where action = 'rule' order by at desc, case_id desc")
    assert [r.key for r in found] == by_sql
    winner = next(r for r in found if r.to_unit == hands.org("D-SW"))
    assert winner.case_id in listed(shared_town, "sw")
    assert winner.case_id not in listed(shared_town, "leader_b"), "another street's"
    assert listed(shared_town, "screen") == {}, "the hall screen reads no reasons"


def test_a_list_of_rulings_reads_their_index_alone(shared_town: Town) -> None:
    assert isinstance(shared_town.session("supervisor").queries, PgCaseQueries)
    with shared_town.owner.connect() as connection:
        defined = connection.exec_driver_sql(
            "select indexdef from pg_indexes where schemaname = 'cc' and indexname = 'case_event_ruling'"
        ).scalar_one()
    assert "WHERE (action = 'rule'" in defined
