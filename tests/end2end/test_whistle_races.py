"""吹哨: the second is told who was first; a server that dies under a signature costs none and makes no second one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import psycopg2
import pytest

from tests.end2end.conftest import OpenDesk
from tests.end2end.test_outage import kill_server
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.desktop import until
from tests.support.program import STREET_HEAD, SUPERVISOR, UNIT, ProgramHome

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and usename = %s"


@pytest.fixture
def head(open_desk: OpenDesk) -> Desk:
    """The street's head, whose signature a draft waits for."""
    return open_desk("--user", STREET_HEAD)


@contextmanager
def row_held(home: ProgramHome, number: str) -> Iterator[Callable[[str], None]]:
    """Nobody gets at the whistle until the block is left; gives `waits(login)`: until its command waits for it."""
    with closing(home.owner()) as holder, closing(home.owner()) as watcher, watcher.cursor() as watch:

        def waits(login: str) -> None:
            def look() -> bool:
                watch.execute(_WAITING, (login,))
                return bool(watch.fetchone()[0])

            until(look)

        held = holder.cursor()
        held.execute("begin; select from cc.summons where no = %s for update", (number,))
        yield waits
        with suppress(psycopg2.Error):  # the server may be gone, and with it the lock
            held.execute("commit")


def test_the_second_signature_is_refused_by_the_name_of_the_first(home: ProgramHome, head: Desk) -> None:
    number, winner = home.whistle(UNIT), home.session(SUPERVISOR).person.name
    head.ready()
    at.open_number(head, number)
    at.verb(head, "签批吹哨")
    first = Thread(target=lambda: home.on_summons(SUPERVISOR, number, "sign"))
    with row_held(home, number) as waits:
        first.start()
        waits(SUPERVISOR)
        at.press(head, "签批吹哨")
        waits(STREET_HEAD)
    first.join()
    assert "已签批吹哨" in head.hears("未能签批吹哨", winner)
    at.lane_is(head, "东城区城市管理委员会", "待响应")
    assert [step for step in home.steps(number) if step[0] == "sign"] == [("sign", SUPERVISOR)]


def test_a_server_killed_under_a_signature_is_told_truly_and_nothing_is_done_twice(
    home: ProgramHome, head: Desk
) -> None:
    number = home.whistle(UNIT, title="断电时签批")
    head.ready()
    at.open_number(head, number)
    with row_held(home, number) as waits:
        at.press(head, "签批吹哨")
        waits(STREET_HEAD)
        kill_server(home)
        head.until(lambda: head.state()["live"]["kind"] == "disconnected")
    head.until(lambda: head.state()["live"]["kind"] == "live" and not head.state()["banner"])
    told = head.until(lambda: settled(head))
    signed = [step for step in home.steps(number) if step[0] == "sign"]
    if "没有办成" in told:
        assert signed == []
        at.press(head, "签批吹哨")
    at.lane_is(head, "东城区城市管理委员会", "待响应")
    assert [step for step in home.steps(number) if step[0] == "sign"] == [("sign", STREET_HEAD)]


def settled(head: Desk) -> str:
    """What the notices say of the signature, once it is known what became of it."""
    notes = [note["text"] for note in head.state()["notices"] if "签批吹哨" in note["text"]]
    return next((text for text in notes if "已签批" in text or "办成" in text), "")
