"""Whom the sheet offers to be called is whom the database lets be called."""

from __future__ import annotations

import json

import pytest

from tests.integration.whistle.lanes import Whistles
from tests.support.town import Town
from ui.joint.calling import Calling, callers

_ASKED = """
select u.id, cc.callable_by(cc.caller_of_summons(jsonb_populate_record(null::cc.summons, '{"kind": "whistle"}'),
                                                 %s::jsonb), u.id)
  from cc.org u order by u.id"""
LOCAL = ("agency", "section")


@pytest.mark.parametrize(("key", "kind", "grid"), [
    ("T", "district", None), ("A", "street", None), ("B", "street", None), ("A1", "community", None),
    ("A1", "grid", "G-A1-0"), ("A", "grid", "G-A1-0"),
])  # fmt: skip
def test_every_unit_is_judged_as_in_the_database(
    shared_town: Town, whistles: Whistles, key: str, kind: str, grid: str | None
) -> None:
    session = shared_town.session("supervisor")
    args = {"caller_id": shared_town.org(key), "caller_kind": kind}
    args |= {"grid_id": shared_town.grid(grid)} if grid else {}
    calling = Calling(session.directory, session.joint_queries.whistle_rules(), shared_town.org(key), kind)
    told = dict(whistles.rows(_ASKED, json.dumps(args)))
    assert any(told.values())
    assert not all(told.values())
    for unit, may in told.items():
        offered = not calling.why_not(unit)
        # A department may have a specialist in the grid, which the directory does not say: offered, then judged.
        known = kind in ("district", "street") or session.directory.orgs[unit].kind in LOCAL
        assert offered == may if known else offered or not may, session.directory.orgs[unit].name


@pytest.mark.parametrize(("login", "kind", "keys"), [
    ("supervisor", "order", {"T"}), ("dispatcher", "order", set()), ("leader", "order", set()),
    ("cg", "whistle", set()),
    ("street_a", "whistle", {"A", "A1", "A2"}), ("community", "whistle", {"A1"}), ("grid_a1", "whistle", {"A1"}),
])  # fmt: skip
def test_a_person_drafts_for_those_that_the_database_lets_him(
    shared_town: Town, login: str, kind: str, keys: set[str]
) -> None:
    session = shared_town.session(login)
    found = callers(kind, session.person, session.directory, session.joint_queries.whistle_rules())
    assert {session.directory.orgs[org].key for org in found} == keys


def test_a_line_is_answered_by_the_unit_that_the_rules_name_first_and_below_the_street_by_one_that_serves_it(
    shared_town: Town,
) -> None:
    session = shared_town.session("supervisor")
    rules = session.joint_queries.whistle_rules()
    by_street = Calling(session.directory, rules, shared_town.org("A"))
    by_community = Calling(session.directory, rules, shared_town.org("A1"))
    assert by_street.unit_for("公安") == shared_town.org("D-GA")
    assert by_community.unit_for("公安") == shared_town.org("PCS-A")
    assert by_street.unit_for("没有这条线") is None
