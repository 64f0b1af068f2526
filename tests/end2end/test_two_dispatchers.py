"""Two dispatchers, one case: one winner; the loser is told who it was, and his row goes where it belongs."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from tests.end2end.conftest import OpenDesk
from tests.support.desktop import until
from tests.support.program import COLLEAGUE, DISPATCHER, ProgramHome

_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and usename = any(%s)"


@contextmanager
def row_held(home: ProgramHome, case_id: int) -> Iterator[Callable[..., bool]]:
    """Nobody gets at the case until the block is left; gives `waiting(*logins)`: their commands wait for it."""
    holder, watcher = home.owner(), home.owner()
    with closing(holder), closing(watcher), holder.cursor() as held, watcher.cursor() as watch:

        def waiting(*logins: str) -> bool:
            watch.execute(_WAITING, (list(logins),))
            return bool(watch.fetchone()[0] == len(logins))

        held.execute("begin; select from cc.cases where id = %s for update", (case_id,))
        yield waiting
        held.execute("commit")


def test_the_second_drop_is_refused_by_name_and_the_row_leaves(home: ProgramHome, open_desk: OpenDesk) -> None:
    case_id, winner = home.filed("两人同时派遣"), home.session(DISPATCHER).person.name
    first, second = open_desk("--user", DISPATCHER), open_desk("--user", COLLEAGUE)
    first.ready(), second.ready()
    first.pick(case_id)
    second.hover(case_id, home.unit())
    with row_held(home, case_id) as waiting:
        first.screen.key("1")
        until(lambda: waiting(DISPATCHER))
        second.screen.release()
        until(lambda: waiting(DISPATCHER, COLLEAGUE))
        assert second.row(case_id)["mark"] == "sending"
    refused = second.until(lambda: (row := second.rows().get(case_id)) and row["mark"] == "failed" and row)
    assert winner in refused["note"]
    assert "已派区城管委" in refused["note"]
    assert winner in second.hears("未派出")
    second.has_left(case_id)
    first.has_left(case_id)
    assert [event for event in home.events(case_id) if event[0] == "dispatch"] == [("dispatch", DISPATCHER)]


def test_a_case_dispatched_during_the_drag_is_refused_in_words(home: ProgramHome, open_desk: OpenDesk) -> None:
    case_id = home.filed("拖动途中被他人派遣")
    desk = open_desk("--user", COLLEAGUE)
    desk.ready()
    desk.hover(case_id, home.unit())
    home.act(DISPATCHER, case_id, "dispatch", unit_id=home.unit())
    desk.has_left(case_id)
    desk.screen.release()
    assert home.session(DISPATCHER).person.name in desk.hears("未派出")
    assert home.events(case_id)[-1] == ("dispatch", DISPATCHER)
