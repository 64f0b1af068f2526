"""Reminders by attack: read by their addressees and the supervisors above, acknowledged by the addressees only."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.security.conftest import Cases, Psql
from tests.support.hands import Hands

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
ACKNOWLEDGE = "select cc.acknowledge_notices(%s, %s)"


@dataclass(frozen=True)
class Said:
    """Reminders by whom they are addressed to; the absent one was never made."""

    unit: int  # 区城管委, of a case in 甲一
    dispatchers: int  # of the same case's territory
    district: int  # supervisors of the district, of the same case
    other: int  # 公安分局, of a case in 乙一
    absent: int


@pytest.fixture(scope="module")
def said(hands: Hands, cases: Cases) -> Said:
    def remind(case: int, kind: str, role: str, org: str | None) -> int:
        hands.sql(
            "select cc.remind(c, %s, %s, %s, '请尽快办结', cc.city_now()) from cc.cases c where id = %s",
            kind, role, hands.org(org) if org else None, case,
        )  # fmt: skip
        return int(hands.sql("select max(id) from cc.notice"))

    unit = remind(cases.in_a, "near_limit", "handler", "D-CG")
    dispatchers = remind(cases.in_a, "near_limit", "dispatcher", None)
    district = remind(cases.in_a, "escalation", "supervisor", "T")
    other = remind(cases.in_b, "near_limit", "handler", "D-GA")
    return Said(unit, dispatchers, district, other, other + 1000)


def seen(clerk: Psql) -> set[int]:
    return {row[0] for row in clerk("select id from cc.notice")}


@pytest.mark.parametrize(("login", "sees"), [
    ("cg", ["unit"]), ("ga", ["other"]), ("sw", []), ("street_a", []), ("community", []),
    ("dispatcher", ["dispatchers"]), ("street_dispatcher", ["dispatchers"]), ("acceptor", []), ("verifier", []),
    ("supervisor", ["unit", "dispatchers", "district", "other"]),
    ("screen", []), ("admin", []), ("auditor", []), ("leader", []),
])  # fmt: skip
def test_a_reminder_is_seen_by_its_addressees_and_the_supervisors_of_the_territory(
    login: str, sees: list[str], psql: Open, said: Said
) -> None:
    assert seen(psql(login)) == {getattr(said, name) for name in sees}


def test_a_clerk_of_a_section_does_not_read_what_its_department_must_do(psql: Open, hands: Hands, said: Said) -> None:
    with hands.trying():
        hands.sql("update cc.duty set org_id = %s where org_id = %s and role = 'handler'",
                  hands.org("CG-1"), hands.org("D-CG"))  # fmt: skip
        assert hands.as_person("cg", "select count(*) from cc.notice") == 0
        with pytest.raises(Exception, match="没有这条提醒"):
            hands.as_person("cg", ACKNOWLEDGE, str(uuid.uuid4()), [said.unit])


def test_a_supervisor_of_a_street_sees_that_of_his_street_alone(hands: Hands, said: Said) -> None:
    with hands.trying():
        hands.sql("update cc.duty set org_id = %s where role = 'supervisor'", hands.org("A"))
        rows = hands.as_person("supervisor", "select array_agg(id order by id) from cc.notice")
        assert rows == [said.unit, said.dispatchers, said.district]
        with pytest.raises(Exception, match="没有这条提醒"):
            hands.as_person("supervisor", ACKNOWLEDGE, str(uuid.uuid4()), [said.district])


@pytest.mark.parametrize("login", ["ga", "supervisor", "dispatcher", "screen", "admin"])
def test_anothers_reminder_and_an_absent_one_are_refused_in_the_same_words(
    login: str, psql: Open, hands: Hands, said: Said
) -> None:
    clerk = psql(login)
    another, absent = (clerk.refused(ACKNOWLEDGE, str(uuid.uuid4()), [which]) for which in (said.unit, said.absent))
    assert another.pgcode == absent.pgcode == "CC404"
    assert another.diag.message_primary == absent.diag.message_primary
    assert another.diag.message_detail == absent.diag.message_detail
    assert hands.sql("select closed_at is null from cc.notice where id = %s", said.unit)


def test_one_that_is_anothers_spoils_the_whole_call(psql: Open, hands: Hands, said: Said) -> None:
    assert psql("cg").refused(ACKNOWLEDGE, str(uuid.uuid4()), [said.unit, said.other]).pgcode == "CC404"
    assert hands.sql("select closed_at is null from cc.notice where id = %s", said.unit)


@pytest.mark.parametrize("ids", [None, [], [None], list(range(1, 502))])
def test_nothing_and_too_much_at_once_are_refused(ids: Any, psql: Open, said: Said) -> None:
    error = psql("cg").refused("select cc.acknowledge_notices(%s, %s::bigint[])", str(uuid.uuid4()), ids)
    assert error.pgcode == "CC422"


def test_a_command_id_of_somebody_else_tells_nothing(psql: Open, hands: Hands, said: Said) -> None:
    command = str(uuid.uuid4())
    note = "select cc.act(%s, id, version, 'note', '{\"text\": \"x\"}') from cc.cases limit 1"
    hands.as_person("verifier", note, command)
    error = psql("cg").refused(ACKNOWLEDGE, command, [said.unit])
    assert error.pgcode == "CC422"
    assert hands.sql("select closed_at is null from cc.notice where id = %s", said.unit)


@pytest.mark.parametrize("statement", [
    "insert into cc.notice (district_id, case_id, case_no, stage_seq, kind, to_role, words, due, clock, made_at,"
    " answer_by) select district_id, case_id, case_no, stage_seq, 'overdue', to_role, '假的', due, clock, made_at,"
    " answer_by from cc.notice",
    "update cc.notice set closed_at = now()",
    "update cc.notice set acknowledged_by = 1",
    "delete from cc.notice",
    "select cc.remind(c, 'overdue', 'handler', null, '假的', now()) from cc.cases c",
    "select cc.escalate_notices(now() + interval '1 year')",
    "select cc.drop_old_notices(now() + interval '1 year')",
    "select cc.acknowledge_of_case(1, 1, '{1}', cc.me(), now())",
])  # fmt: skip
@pytest.mark.parametrize("login", ["cg", "supervisor", "admin"])
def test_nobody_forges_closes_or_drops_one_by_hand(login: str, statement: str, psql: Open, said: Said) -> None:
    assert psql(login).refused(statement).pgcode == "42501"


@pytest.mark.parametrize("statement", [
    "select * from cc.notice where words::int = 0",
    "select * from cc.notice where 1 / (id - {unit}) = 0",
    "select * from cc.notice order by case_no::date",
])
def test_a_leaky_condition_is_asked_of_visible_reminders_only(statement: str, psql: Open, said: Said) -> None:
    assert psql("sw")(statement.format(unit=said.unit)) == []


def test_the_feed_of_reminders_reaches_its_scope_alone(psql: Open, hands: Hands, said: Said) -> None:
    told = "select array_agg(distinct entity_id) from cc.feed where kind = 'notice'"
    assert psql("cg").one(told) == [said.unit]
    assert psql("ga").one(told) == [said.other]
    assert psql("sw").one(told) is None


def test_a_reminder_names_nobody(hands: Hands, cases: Cases, said: Said) -> None:
    words = [r[0] for r in hands.rows("select words from cc.notice")]
    people = [r[0] for r in hands.rows("select name from cc.reporter union select phone from cc.reporter")]
    assert words and people
    assert not [w for w in words for p in people if p and p in w]


def test_a_disabled_person_acknowledges_nothing(hands: Hands, said: Said) -> None:
    with hands.trying():
        hands.sql("update cc.operator set active = false where login = 't_cg'")
        assert hands.as_person("cg", "select count(*) from cc.notice") == 0
        with pytest.raises(Exception, match="停用"):
            hands.as_person("cg", ACKNOWLEDGE, str(uuid.uuid4()), [said.unit])


def test_an_acknowledgement_under_repeatable_read_is_refused(psql: Open, said: Said) -> None:
    clerk = psql("cg")
    clerk("begin isolation level repeatable read")
    assert clerk.refused(ACKNOWLEDGE, str(uuid.uuid4()), [said.unit]).pgcode == "CC422"
    clerk("rollback")
