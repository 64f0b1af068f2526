"""A desk on the other end of a network whose packets vanish without a word: it says so, comes back, and knows."""

from collections.abc import Iterator

import pytest

from tests.end2end.conftest import OpenDesk
from tests.support import desk as desk_module
from tests.support.cable import Cable, NoCable
from tests.support.program import DISPATCHER, ProgramHome, command
from tests.support.wire import Wire

PROMISED_S = 5 + 10 + 10  # a heartbeat, TCP's patience with what nobody acknowledges, and a slow machine


@pytest.fixture
def cable() -> Iterator[Cable]:
    try:
        with Cable() as laid:
            yield laid
    except NoCable as why:
        pytest.skip(str(why))


def test_silence_is_noticed_and_a_dispatch_under_way_is_done_once_and_told(
    home: ProgramHome, cable: Cable, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = home.filed("断网时派出的案件")
    monkeypatch.setattr(desk_module, "command", lambda *words: [*cable.far, *command(*words)])
    with Wire(home.url, host=cable.near) as wire:
        desk = open_desk("--user", DISPATCHER, "--database", wire.through(home.url))
        desk.ready()
        desk.row(case_id)
        cable.swallow()
        desk.drag(case_id, home.unit())
        desk.until(lambda: desk.state()["live"]["kind"] == "disconnected", PROMISED_S)
        assert "已断开 · 自 " in desk.state()["live"]["pill"]
        meanwhile = home.filed("断网期间来的案件")
        cable.mend()
        desk.hears("已派")
        desk.until(lambda: desk.state()["live"]["kind"] == "live" and not desk.state()["banner"])
        desk.row(meanwhile)
        assert [step for step in home.events(case_id) if step[0] == "dispatch"] == [("dispatch", DISPATCHER)]
