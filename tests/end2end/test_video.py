"""视频 as one uses it: cameras dragged into slots, one made large, a still kept in a case; cameras fail and return."""

from __future__ import annotations

import subprocess
from functools import partial
from typing import Any

import psutil
import pytest

from tests.end2end.conftest import LastingDesk
from tests.support.desk import Desk
from tests.support.program import DISPATCHER, ProgramHome

FREE = 2  # cameras that are opened
Slots = dict[int, dict[str, Any]]


@pytest.fixture
def desk(lasting_desk: LastingDesk) -> Desk:
    """A dispatcher's, with cameras in its first slots that are live."""
    return lasting_desk("--user", DISPATCHER, begin=look_at_cameras)


def look_at_cameras(desk: Desk) -> None:
    desk.click("视频")
    free = desk.until(lambda: openable(desk))
    for slot, row in enumerate(free[:FREE], 1):
        drag = partial(drag_camera, desk, row["key"], slot)
        drag()
        desk.until(lambda slot=slot: slots(desk)[slot]["title"], again=drag)
    all_live(desk, 120)  # clips of the sample cameras are made when they are first wanted


def drag_camera(desk: Desk, camera: int, slot: int) -> None:
    row = desk.still(lambda: next((row for row in openable(desk) if row["key"] == camera), None))
    desk.screen.press(row["rect"])
    desk.screen.drag_to(slots(desk)[slot]["rect"])
    desk.screen.nudge()
    desk.screen.release()


def openable(desk: Desk) -> list[dict[str, Any]]:
    """Rows of cameras that this person may look at; of streets, whose clips are made first."""
    rows = (row for row in desk.ask("cameras")["rows"] if row["rect"])
    return [row for row in rows if row["cells"]["类别"] == "道路街面" and not row["cells"]["状态"]]


def slots(desk: Desk, wall: bool = False) -> Slots:
    """By number, of the window or of the wall."""
    return {one["number"]: one for one in desk.ask("slots")["slots"] if one["wall"] is wall}


def all_live(desk: Desk, seconds: float = 90.0, wall: bool = False) -> Slots:
    """Wait until every slot with a camera shows what is now."""

    def live() -> Slots | None:
        found = {number: one for number, one in slots(desk, wall).items() if one["title"]}
        return found if found and all(one["live"] and one["picture"][0] for one in found.values()) else None

    return desk.until(live, seconds)


def test_a_slot_made_large_is_sharper_and_a_still_goes_into_the_case(home: ProgramHome, desk: Desk) -> None:
    case = home.filed("Seen by a camera")
    before = all_live(desk)[1]["picture"][0]
    desk.screen.click(desk.still(lambda: slots(desk)[1])["rect"])
    desk.screen.key("Return")
    desk.until(lambda: slots(desk)[1]["live"] and slots(desk)[1]["picture"][0] > before)
    desk.screen.key("ctrl+e")
    desk.until(lambda: desk.writing())
    desk.write(str(case)[-6:])
    desk.screen.key("Return")
    desk.until(lambda: any(str(case)[-6:] in one["text"] for one in desk.widgets(**{"class": "ElidedLabel"})))
    desk.screen.click(desk.still(lambda: slots(desk)[1])["rect"])
    desk.screen.key("ctrl+s")
    desk.hears("抓拍已存入案件", slots(desk)[1]["title"])
    session = home.session(DISPATCHER)
    (kept,) = session.cameras.evidence(case)
    names = {file.seq: file.name for file in session.queries.case_file(case).attachments}
    assert names[kept.seq].startswith(slots(desk)[1]["title"]) and names[kept.seq].endswith(".jpg")
    desk.screen.key("Escape")
    desk.until(lambda: len(slots(desk)) == 4)


def test_cameras_that_fail_are_said_to_be_lost_and_come_back_by_themselves(home: ProgramHome, desk: Desk) -> None:
    all_live(desk)
    server = next(one for one in desk.family() if "commandcenter.video.demo" in one.cmdline())
    words, folder, port = server.cmdline(), server.cwd(), home.path / "cameras.port"
    port.unlink()
    for one in [*server.children(recursive=True), server]:
        one.kill()
    desk.until(lambda: all(not one["live"] for one in slots(desk).values()))
    lost = desk.until(lambda: slots(desk)[1] if "已中断" in slots(desk)[1]["status"] else None)
    assert "画面停在" in lost["words"]
    following = subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, env=home.environment())  # fmt: skip
    try:
        all_live(desk)
    finally:
        for one in psutil.Process(following.pid).children(recursive=True):
            one.kill()
        following.kill()
        following.wait()


def test_what_is_shown_goes_on_the_wall_and_escape_takes_it_off(desk: Desk) -> None:
    desk.click("大屏 ▼")
    desk.screen.key("Down", "Return")
    wall = desk.until(lambda: desk._window("HallWindow"))
    desk.until(lambda: slots(desk, wall=True).get(1, {}).get("title"))
    assert slots(desk, wall=True)[1]["title"] == slots(desk)[1]["title"]
    desk.activate("HallWindow")
    desk.screen.key("Escape")
    desk.until(lambda: desk._window("HallWindow") is None)
    assert wall["rect"][2:] == [1920, 1080]
    desk.activate("MainWindow")


def test_at_the_end_nobody_looks_any_more(home: ProgramHome, desk: Desk) -> None:
    assert desk.leave() == 0
    open_looks = """select count(*) from cc.camera_viewing v
        where not exists (select from cc.camera_viewing_end e where e.id = v.id)"""
    assert home.scalar(open_looks) == 0 and home.scalar("select count(*) from cc.camera_viewing") >= FREE
