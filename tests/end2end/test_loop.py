"""A case goes all the way round between four desks, each worked by its own person, each seeing the others' steps."""

from pathlib import Path

from tests.end2end.conftest import OpenDesk
from tests.support import joint_desk as at
from tests.support.desk import Desk
from tests.support.program import ACCEPTOR, CLERK, DISPATCHER, VERIFIER, ProgramHome

DONE = "Yi xiu fu, deng yi liang."


def test_four_people_take_a_case_round_and_every_desk_follows(
    home: ProgramHome, open_desk: OpenDesk, tmp_path: Path
) -> None:
    case_id = home.filed("路灯连续三盏不亮")
    dispatcher, clerk = open_desk("--user", DISPATCHER), open_desk("--user", CLERK)
    dispatcher.ready(), clerk.ready()
    dispatcher.drag(case_id, home.unit())
    receives(clerk, case_id)
    dispatcher.queue("running")
    shows_state(dispatcher, case_id, "办理中")
    feeds_back(clerk, case_id, at.photo(tmp_path))
    dispatcher.queue("feedback")
    dispatcher.row(case_id)
    passes(open_desk("--user", VERIFIER), case_id)
    dispatcher.has_left(case_id)
    closes(open_desk("--user", ACCEPTOR), case_id)
    assert home.state(case_id) == "closed"
    assert [step for step in home.events(case_id) if step[0] != "attach"] == [
        ("report", ACCEPTOR), ("accept", ACCEPTOR), ("file", ACCEPTOR), ("dispatch", DISPATCHER), ("receive", CLERK),
        ("feedback", CLERK), ("verify", VERIFIER), ("close", ACCEPTOR),
    ]  # fmt: skip
    assert home.figures("audit", "verify")["faults"] == []


def shows_state(desk: Desk, case_id: int, words: str) -> None:
    desk.until(lambda: desk.row(case_id)["cells"]["状态"] == words)


def receives(clerk: Desk, case_id: int) -> None:
    """The case has come by itself; one button takes it."""
    clerk.pick(case_id)
    clerk.shows(case_id)
    clerk.click("接收")
    clerk.has_left(case_id)


def feeds_back(clerk: Desk, case_id: int, picture: Path) -> None:
    """The form by keyboard; the photograph through the file dialog."""
    clerk.queue("handling")
    clerk.pick(case_id)
    clerk.shows(case_id)
    clerk.click("反馈")
    clerk.until(lambda: (form := clerk.state()["form"]) and form["shown"])
    clerk.until(lambda: clerk.writing())
    clerk.write(DONE)
    clerk.until(lambda: clerk.state()["form"]["values"].get("result") == DONE)
    at.add_file(clerk, picture)
    clerk.focus(lambda: next(iter(clerk.widgets(text=DONE)), None))
    at.send(clerk)
    clerk.has_left(case_id)


def passes(verifier: Desk, case_id: int) -> None:
    verifier.ready()
    verifier.pick(case_id)
    verifier.shows(case_id)
    verifier.click("核查通过")
    verifier.has_left(case_id)


def closes(acceptor: Desk, case_id: int) -> None:
    acceptor.ready()
    acceptor.queue("closing")
    acceptor.pick(case_id)
    acceptor.shows(case_id)
    acceptor.click("结案")
    acceptor.has_left(case_id)
