"""What may be read says the same on the replica as on its primary, to everybody; nothing can be written there."""

from collections.abc import Callable, Iterator

import psycopg2
import pytest
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name

from commandcenter.domain.errors import NotAllowed
from db.cli import audit_words
from db.cli.station import Station
from db.engine import dsn, with_login
from db.gateways.audit import faults
from db.reader import Reader
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.standby import Standby, ask
from tests.support.town import TEMPLATE, Town
from tests.support.town_profile import OPERATORS, password_of

pytestmark = pytest.mark.database

# An argument of each type with which most functions find something.
SAMPLES = {
    "bigint": "(select min(id) from cc.cases)", "bigint[]": "(select array_agg(id) from cc.cases)",
    "integer": "2", "integer[]": "(select array_agg(id) from cc.org)", "text": "'closed'", "text[]": "'{dispatcher}'",
    "uuid": "gen_random_uuid()", "timestamp with time zone": "'-infinity'", "interval": "interval '7 days'",
    "double precision": "116.0025", "boolean": "true", "pg_snapshot": "pg_current_snapshot()",
}  # fmt: skip
TELLS_TIME = {"city_now", "clock_state", "duty_state", "feed_since", "replay_limits"}  # another one at each call
# Who looks at which case is not kept for a replica: these are asked of the primary only.
LOOKS_AT_PRESENCE = {"viewers", "case_file"}


@pytest.fixture(scope="module", autouse=True)
def worked(capital: Town, standby: Standby) -> Iterator[None]:
    """Cases in several states, sealed, replayed on the replica."""
    hands = Hands(capital)
    for goal in ("closed", "in_progress", "returned", "verified", "reported"):
        Paths(hands).to(goal)
    hands.sql("select cc.run_duty()")
    standby.catch_up()
    yield


class Both:
    """One person's connections to the primary and to the replica."""

    def __init__(self, login: str, *urls: str) -> None:
        self._open = [psycopg2.connect(dsn(with_login(url, login, password_of(login)))) for url in urls]
        for one in self._open:
            one.autocommit = True

    def ask(self, statement: str) -> list[object]:
        """What the one and the other answer; a refusal by its code and words."""
        return [self._answer(one, statement) for one in self._open]

    def close(self) -> None:
        for one in self._open:
            one.close()

    @staticmethod
    def _answer(connection: PgConnection, statement: str) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()
        except psycopg2.Error as error:
            return error.pgcode, error.diag.message_primary


@pytest.fixture(params=[o.login for o in OPERATORS])
def both(request: pytest.FixtureRequest, capital: Town, standby: Standby) -> Iterator[Both]:
    made = Both(request.param, capital.url, standby.url(TEMPLATE))
    yield made
    made.close()


def reading_functions(town: Town) -> dict[str, str]:
    """Every function that a person may call and that only reads, as a call with sample arguments."""
    found = Hands(town).rows(
        "select p.proname, array(select format_type(t, null)"
        " from unnest(p.proargtypes) with ordinality x(t, n) order by n)"
        " from pg_proc p where p.pronamespace = 'cc'::regnamespace and p.provolatile <> 'v'"
        " and has_function_privilege('cc_operator', p.oid, 'execute')"
    )
    return {name: f"cc.{name}({', '.join(SAMPLES[kind] for kind in kinds)})" for name, kinds in found}


def test_every_function_that_reads_answers_everybody_the_same_there(capital: Town, both: Both) -> None:
    functions = reading_functions(capital)
    assert {"unit_figures", "figures", "audit_faults", "shift_figures", "trace_check"} <= functions.keys()
    for name, call in functions.items():
        if name not in TELLS_TIME:
            asked = f"select regexp_replace(x::text, '\"as_of\": [0-9.]+', '') as x from {call} x"
            here, there = both.ask(f"select string_agg(x, ';' order by x) from ({asked}) y")
            assert there == here or (name in LOOKS_AT_PRESENCE and there[0] == "0A000"), name
    for name in TELLS_TIME:
        here, there = both.ask(f"select count(*) from {functions.get(name, f'cc.{name}()')}")
        assert here == there and here[0] in (0, 1), name


def test_everybody_sees_the_same_rows_there(capital: Town, both: Both) -> None:
    tables = Hands(capital).rows(
        "select relname, relpersistence from pg_class where relnamespace = 'cc'::regnamespace and relkind in ('r', 'p')"
        " and has_table_privilege('cc_operator', oid, 'select')"
    )
    assert len(tables) > 25
    for table, persistence in tables:
        rows = f"select md5(string_agg(t::text, '' order by t::text)) from cc.{table} t"
        here, there = both.ask(rows)
        # Who looks at which case is not kept for a replica: no report may need it.
        assert there == here if persistence == "p" else there[0] == "0A000", table


@pytest.mark.parametrize("call", [
    "cc.act(gen_random_uuid(), (select min(id) from cc.cases), 1, 'accept', '{}')",
    "cc.report_case(gen_random_uuid(), '{\"channel\": \"patrol\", \"description\": \"x\"}')",
    "cc.ask_reveal((select min(case_id) from cc.case_reporter), 1, '查看理由')",
    "cc.look_at((select min(id) from cc.cases))",
    "cc.run_duty()",
])  # fmt: skip
def test_nothing_can_be_done_there(standby: Standby, call: str) -> None:
    login = "t_supervisor"
    with pytest.raises(psycopg2.Error) as refused:
        ask(dsn(with_login(standby.url(TEMPLATE), login, password_of(login))), f"select {call}")
    assert refused.value.pgcode in ("25006", "0A000", "CC403", "CC422", "55000")


def test_the_reports_of_a_session_come_from_the_replica(capital, standby, open_session) -> None:
    plain = capital.session("supervisor")
    session = open_session("t_supervisor", standby.url(TEMPLATE))
    for ask_one in (lambda q: q.closed_cases(None, 10), lambda q: q.unit_figures()):
        session.reader.state = None
        assert ask_one(session.queries) == ask_one(plain.queries) != []
        assert session.reader.state.source == "replica" and not session.reader.state.alone


def test_what_an_action_follows_upon_comes_from_the_primary(capital, standby, open_session) -> None:
    session = open_session("t_supervisor", standby.url(TEMPLATE))
    with standby.paused():
        case = Paths(Hands(capital)).to("filed")
        assert [row.id for row in session.queries.cases([case])] == [case]
        assert case in {row.id for part in session.queries.open_cases() for row in part}
        file = session.queries.case_file(case)
        assert file.row.version == Hands(capital).version(case) and file.row.state == "filed"
        assert session.queries.case_by_no(file.row.no).id == case
        assert session.reader.state is None


def test_the_command_line_verifies_the_seals_there(capital: Town, standby: Standby) -> None:
    hands = Hands(capital)
    case = Paths(hands).to("dispatched")
    hands.sql("select cc.run_duty()")
    hands.sql("alter table cc.case_event disable trigger user")
    hands.sql("update cc.case_event set what = '{\"forged\": true}' where case_id = %s and seq = 2", case)
    hands.sql("alter table cc.case_event enable trigger user")
    standby.catch_up()
    station = Station(capital.url, standby.url(TEMPLATE))
    answer = audit_words.verify(station)
    assert not answer.ok
    forged = [(f["kind"], f["case"], f["event"]) for f in answer.figures["faults"] if f["case"]]
    assert forged == [("changed", case, 2)]
    assert answer.figures["reader"]["source"] == "replica"
    assert any("由报表库回答，数据截至" in line for line in answer.lines)
    assert audit_words.head(station).figures["heads"] == audit_words.head(Station(capital.url)).figures["heads"]
    station.close()
    alone = Station(standby.url(TEMPLATE))  # the primary is down: the replica as the database itself
    assert audit_words.verify(alone).figures["faults"] == answer.figures["faults"]
    alone.close()


def test_an_auditor_verifies_there_and_a_dispatcher_may_not(
    make_reader: Callable[..., Reader], standby: Standby
) -> None:
    auditor = make_reader(standby.url(TEMPLATE), "t_auditor")
    assert len(auditor.answer(faults)) == 1 and auditor.state.source == "replica"
    with pytest.raises(NotAllowed):
        make_reader(standby.url(TEMPLATE), "t_dispatcher").answer(faults)
