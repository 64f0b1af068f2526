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

# What a person may call that only reads, with arguments that find something.
READS = {
    "is_active()": "", "has_role(text[])": "'{dispatcher}'", "my_districts()": "", "my_homes()": "",
    "my_areas()": "", "my_units()": "", "my_posts()": "", "me()": "", "reads_text()": "", "who_am_i()": "",
    "unit_figures()": "", "shift_figures(timestamp with time zone)": "'-infinity'",
    "near_cases(double precision,double precision,integer,interval)": "116.0025, 40.0025, null, '7 days'",
    "audit_faults()": "", "audit_head()": "", "trace_check(bigint)": "(select min(id) from cc.cases)",
    "command_outcome(uuid)": "gen_random_uuid()",
}  # fmt: skip
MOVES = {"city_now()", "clock_state()"}  # says another time at each call


@pytest.fixture(scope="module", autouse=True)
def worked(capital: Town, standby: Standby) -> Iterator[None]:
    """Cases in several states, sealed, replayed on the replica."""
    hands = Hands(capital)
    for goal in ("closed", "in_progress", "returned", "verified", "reported"):
        Paths(hands).to(goal)
    hands.sql("select cc.seal_events()")
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


def _granted(hands: Hands, more: str) -> set[str]:
    return {r[0].removeprefix("cc.") for r in hands.rows(
        "select oid::regprocedure::text from pg_proc where pronamespace = 'cc'::regnamespace"
        f" and has_function_privilege('cc_operator', oid, 'execute') and {more}"
    )}  # fmt: skip


def test_every_function_that_only_reads_is_tried_here(capital: Town) -> None:
    assert _granted(Hands(capital), "provolatile <> 'v'") - READS.keys() == set()
    assert _granted(Hands(capital), "true") >= MOVES


def test_every_function_answers_everybody_the_same_there(capital: Town, both: Both) -> None:
    known = _granted(Hands(capital), "true")
    for name, arguments in READS.items():
        if name in known:
            call = f"cc.{name.partition('(')[0]}({arguments})"
            here, there = both.ask(f"select string_agg(x::text, ';' order by x::text) from {call} x")
            assert here == there, name
    for name in MOVES:
        assert both.ask(f"select count(*) from cc.{name}") == [(1,), (1,)]


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
    hands.sql("select cc.seal_events()")
    hands.sql("alter table cc.case_event disable trigger user")
    hands.sql("update cc.case_event set what = '{\"forged\": true}' where case_id = %s and seq = 2", case)
    standby.catch_up()
    station = Station(capital.url, standby.url(TEMPLATE))
    answer = audit_words.verify(station)
    assert not answer.ok
    assert [(f["kind"], f["case"], f["event"]) for f in answer.figures["faults"]] == [("changed", case, 2)]
    assert answer.figures["reader"]["source"] == "replica"
    assert any("由报表库回答，数据截至" in line for line in answer.lines)
    assert audit_words.head(station).figures["heads"] == audit_words.head(Station(capital.url)).figures["heads"]
    station.close()


def test_an_auditor_verifies_there_and_a_dispatcher_may_not(
    make_reader: Callable[..., Reader], standby: Standby
) -> None:
    auditor = make_reader(standby.url(TEMPLATE), "t_auditor")
    assert len(auditor.answer(faults)) == 1 and auditor.state.source == "replica"
    with pytest.raises(NotAllowed):
        make_reader(standby.url(TEMPLATE), "t_dispatcher").answer(faults)
