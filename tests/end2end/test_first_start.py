"""From nothing to a living desk with one word; and without a display, a minute of the city in pictures."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from commandcenter.domain.model import NewReport
from db.locations import HOME_VARIABLE
from tests.end2end.conftest import Keep
from tests.support.desk import Desk
from tests.support.desktop import until
from tests.support.endings import ended
from tests.support.pictures import assert_is_a_screen
from tests.support.program import ProgramHome, one_object
from ui.screens.registry import SCREENS

CALLER = "ch_12345"


@pytest.fixture
def empty(keep: Keep) -> ProgramHome:
    """A home where nothing has ever happened; for the second test, where the first has."""
    return keep("empty", nothing_yet)


@contextmanager
def nothing_yet() -> Iterator[ProgramHome]:
    made = ProgramHome("first")
    try:
        yield made
    finally:
        made.remove()


def test_one_word_brings_up_a_living_city_and_closing_the_window_ends_it(
    empty: ProgramHome, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Desk(empty, tmp_path_factory.mktemp("desk")) as desk:
        first = desk.ready(150)
        assert first["user"] == "d0032"
        until(lambda: empty.scalar("select count(*) from cc.case_event"), 60)  # the city's people are at work
        call = NewReport(uuid.uuid4(), channel="hotline12345", description="路灯不亮", source_no=f"e2e-{uuid.uuid4()}")
        empty.session(CALLER).commands.report(call)
        comes_in(desk)
        family = desk.family()
        assert any("simulate" in process.cmdline() for process in family)
        assert desk.leave() == 0
        until(lambda: all(map(ended, family)))
        until(lambda: no_program_of(empty))
        assert "Traceback" not in desk.said()
    assert empty.figures("db", "status")["running"]
    assert empty.figures("db", "stop") == {"stopped": True}
    assert not empty.figures("db", "status")["running"]


def test_a_desk_that_is_killed_takes_its_city_along(
    empty: ProgramHome, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Desk(empty, tmp_path_factory.mktemp("desk")) as desk:
        desk.ready(150)
        until(lambda: len(desk.family()) > 1)
        desk.process.kill()
        until(lambda: no_program_of(empty))


def comes_in(desk: Desk) -> None:
    """More cases are open than a moment ago; in a living city others may be closed meanwhile."""
    least = desk.state()["open"]

    def more() -> bool:
        nonlocal least
        now = desk.state()["open"]
        grown, least = now > least, min(now, least)
        return grown

    desk.until(more, 60)


def no_program_of(home: ProgramHome) -> bool:
    """No main.py works in this home any more."""
    return not [p for p in psutil.process_iter() if _is_ours(p, home)]


def _is_ours(process: psutil.Process, home: ProgramHome) -> bool:
    try:
        lives_here = process.environ().get(HOME_VARIABLE) == str(home.path)
        return lives_here and "main.py" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def test_without_a_display_it_says_so_and_draws_every_screen(empty: ProgramHome, tmp_path: Path) -> None:
    done = empty.word("run", "--json", cwd=tmp_path, COMMANDCENTER_HEADLESS_S="3")
    assert done.returncode == 0, done.stderr
    assert "没有显示器" in done.stderr
    told = one_object(done.stdout)
    assert {"report", "file", "dispatch", "close", "self_handle", "overdue"} <= told.keys()
    assert [Path(name).stem for name in told["files"]] == [*SCREENS, "wall"]
    for name in told["files"]:
        assert_is_a_screen(tmp_path / name, 1920, 1080)
    assert no_program_of(empty)


def test_without_a_display_it_prints_what_happened(home: ProgramHome, tmp_path: Path) -> None:
    done = home.word("run", "--no-simulator", cwd=tmp_path, COMMANDCENTER_HEADLESS_S="0")
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in ("采集", "立案", "派遣", "结案", "超期", "已画"))
