"""The line or the backend breaks in mid-command, at every point: done once or not at all, and it is known which."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg2
import pytest

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from commandcenter.domain.model import Command, Done, NewAttachment, NewReport
from commandcenter.services.commands import Performer
from db.gateways.session import PgSession
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import PNG, Town
from tests.support.wire import Fault, Wire

pytestmark = pytest.mark.database
LogIn = Callable[[str], PgSession]
PATIENCE_S = 60.0
PAUSES_S = (0.01, 0.02, 0.05, *(0.1,) * 100)


def performer(session: PgSession) -> Performer:
    return Performer(session.commands, pauses=PAUSES_S)


def note(hands: Hands, case: int, text: str = "已电话联系") -> Command:
    return Command(uuid.uuid4(), case, hands.version(case), "note", {"text": text})


def dispatch(hands: Hands, case: int) -> Command:
    return Command(uuid.uuid4(), case, hands.version(case), "dispatch", {"unit_id": hands.org("D-CG")})


def in_background(deed: Callable[[], Any]) -> Future[Any]:
    pool = ThreadPoolExecutor(1)
    future = pool.submit(deed)
    pool.shutdown(wait=False)
    return future


def waiting_backend(hands: Hands, words: str) -> int:
    """The backend that waits for a lock with this statement, as soon as there is one."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = hands.sql(
            "select min(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            " and position(%s in query) > 0 and pid <> pg_backend_pid()", words)  # fmt: skip
        if found is not None:
            return int(found)
        hands.sql("select pg_sleep(0.01)")
    raise AssertionError("nobody waits")


def locked(town: Town, case: int) -> Any:
    """A stranger's transaction that holds the case."""
    holder = psycopg2.connect(town.url)
    holder.cursor().execute("select from cc.cases where id = %s for update", (case,))
    return holder


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.UNDER_WAY, Fault.ANSWERED, Fault.HELD])
def test_an_action_whose_line_breaks_is_done_once(
    fault: Fault, hands: Hands, paths: Paths, wire: Wire, over: LogIn
) -> None:
    case = paths.to("filed")
    session = over("dispatcher")
    command = dispatch(hands, case)
    wire.order(b"cc.act", fault)
    done = performer(session).perform(command)
    assert wire.met.is_set()
    wire.release()
    assert (done.case_id, done.state) == (case, "dispatched")
    assert performer(session).perform(command).replayed
    assert hands.events(case).count("dispatch") == 1


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.UNDER_WAY, Fault.ANSWERED, Fault.HELD])
def test_a_report_and_an_attachment_whose_line_breaks_arrive_once(
    fault: Fault, hands: Hands, wire: Wire, over: LogIn
) -> None:
    session = over("acceptor")
    report = NewReport(uuid.uuid4(), "patrol", f"路灯不亮 {fault.name}", lon=116.0025, lat=40.0025)
    wire.order(b"cc.report_case", fault)
    case = performer(session).report(report).case_id
    assert wire.met.is_set()
    wire.order(b"cc.attach", fault)
    photo = NewAttachment(uuid.uuid4(), case, "scene", "a.png", "image/png", PNG)
    assert performer(session).attach(photo).case_id == case
    assert wire.met.is_set()
    wire.release()
    assert performer(session).report(report).case_id == performer(session).attach(photo).case_id == case
    assert hands.sql("select count(*) from cc.case_detail where description = %s", report.description) == 1
    assert hands.events(case) == ["report", "attach"]


def test_a_backend_killed_while_its_command_waits_for_a_lock_has_done_nothing_and_the_second_sending_does_it(
    town: Town, hands: Hands, paths: Paths
) -> None:
    case = paths.to("filed")
    holder = locked(town, case)
    waiting = in_background(lambda: performer(town.session("dispatcher")).perform(dispatch(hands, case)))
    hands.sql("select pg_terminate_backend(%s, 10000)", waiting_backend(hands, "cc.act"))
    assert hands.state(case) == "filed"
    waiting_backend(hands, "cc.act")
    holder.rollback()
    assert waiting.result(PATIENCE_S).state == "dispatched"
    assert hands.events(case).count("dispatch") == 1
    holder.close()


def test_the_second_sending_waits_for_a_first_that_is_still_at_work(
    town: Town, hands: Hands, paths: Paths, wire: Wire, over: LogIn
) -> None:
    """The client's side broke; the server's first backend does not know and goes on."""
    case = paths.to("filed")
    holder = locked(town, case)
    wire.order(b"cc.act", Fault.UNDER_WAY)
    session = over("dispatcher")
    waiting = in_background(lambda: performer(session).perform(dispatch(hands, case)))
    end = time.monotonic() + PATIENCE_S
    both = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%%cc.act%%'"
    while hands.sql(f"{both} and datname = current_database() and pid <> pg_backend_pid()") < 2:
        assert time.monotonic() < end
    holder.rollback()
    done = waiting.result(PATIENCE_S)
    assert done.replayed and done.state == "dispatched"
    assert hands.events(case).count("dispatch") == 1
    holder.close()


def test_backends_killed_at_any_moment_leave_every_command_done_once_or_not_at_all(
    town: Town, hands: Hands, paths: Paths
) -> None:
    case, dice = paths.to("filed"), random.Random(5)
    session = town.session("dispatcher")
    known = []
    for n in range(30):
        under_way = in_background(partial(_known, session, note(hands, case, f"第 {n} 次联系")))
        time.sleep(dice.random() * 0.02)
        hands.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database()"
                  " and application_name = 'commandcenter t_dispatcher'")  # fmt: skip
        known.append(under_way.result(PATIENCE_S))
    texts = hands.rows("select what->>'text' from cc.case_event where case_id = %s and action = 'note'", case)
    assert sorted(text for (text,) in texts) == sorted(text for text, done in known if done is not None)


def _known(session: PgSession, command: Command) -> tuple[str, Done | None]:
    """What the user is told in the end: done, or not done."""
    text = str(command.args["text"])
    try:
        return text, performer(session).perform(command)
    except OutcomeUnknown:
        pass
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            return text, session.commands.give_up(command.id)
        except ServerUnavailable:
            continue
    raise AssertionError("never known")


# ------------------------------------------------------------------ the last word
def test_the_last_word_on_what_was_done_is_its_answer(town: Town, hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    commands = town.session("dispatcher").commands
    command = dispatch(hands, case)
    done = commands.act(command)
    assert commands.give_up(command.id) == Done(**{**_fields(done), "replayed": True})
    assert hands.state(case) == "dispatched"


def test_what_was_given_up_is_never_done_though_it_arrives_later(
    hands: Hands, paths: Paths, wire: Wire, over: LogIn
) -> None:
    """A line may hold a command back longer than anybody waits."""
    case = paths.to("filed")
    commands = over("dispatcher").commands
    command = dispatch(hands, case)
    wire.order(b"cc.act", Fault.HELD)
    with pytest.raises(OutcomeUnknown):
        commands.act(command)
    assert commands.give_up(command.id) is None
    arrived = threading.Event()
    wire.on_answer = lambda message: arrived.set() if b"given_up" in message else None
    wire.release()
    assert arrived.wait(PATIENCE_S)
    assert hands.state(case) == "filed" and hands.events(case).count("dispatch") == 0
    assert commands.give_up(command.id) is None and commands.outcome(command.id) is None
    assert commands.act(dispatch(hands, case)).state == "dispatched"


def test_the_last_word_waits_for_a_command_that_is_still_at_work(
    town: Town, hands: Hands, paths: Paths, wire: Wire, over: LogIn
) -> None:
    case = paths.to("filed")
    holder = locked(town, case)
    commands = over("dispatcher").commands
    command = dispatch(hands, case)
    wire.order(b"cc.act", Fault.UNDER_WAY)
    with pytest.raises(OutcomeUnknown):
        commands.act(command)
    waiting_backend(hands, "cc.act")
    asked = in_background(lambda: commands.give_up(command.id))
    waiting_backend(hands, "cc.give_up_command")
    holder.rollback()
    assert asked.result(PATIENCE_S).state == "dispatched"
    assert hands.events(case).count("dispatch") == 1
    holder.close()


def test_nobody_learns_of_anothers_command_by_giving_it_up(town: Town, hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    command = dispatch(hands, case)
    mine = town.session("dispatcher").commands
    done = mine.act(command)
    assert town.session("dispatcher2").commands.give_up(command.id) is None
    assert mine.outcome(command.id).event == done.event


# ------------------------------------------------------------------ a server that says nothing
def test_a_server_that_takes_a_command_and_says_nothing_is_not_waited_for_for_ever(
    hands: Hands, paths: Paths, wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TCP is content: every packet is acknowledged. The line is silent for as long as a person would wait."""
    monkeypatch.setattr("db.gateways.session.ANSWER_WITHIN_S", 0.5)
    case = paths.to("filed")
    session = over("dispatcher")
    command = dispatch(hands, case)
    wire.order(b"cc.act", Fault.SWALLOWED)
    with pytest.raises(OutcomeUnknown):
        session.commands.act(command)
    assert performer(session).perform(command).state == "dispatched"
    assert hands.events(case).count("dispatch") == 1


def test_a_question_to_a_server_that_says_nothing_ends_too(
    paths: Paths, wire: Wire, over: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.gateways.session.ANSWER_WITHIN_S", 0.5)
    case = paths.to("filed")
    queries = over("dispatcher").queries
    assert [row.id for row in queries.cases([case])] == [case]
    wire.silence()
    with pytest.raises(ServerUnavailable, match="断开"):
        queries.cases([case])
    wire.speak()
    assert [row.id for row in queries.cases([case])] == [case]


def _fields(done: Done) -> dict[str, Any]:
    return {name: getattr(done, name) for name in Done.__dataclass_fields__}
