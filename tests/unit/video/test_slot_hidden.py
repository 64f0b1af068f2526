"""What nobody sees is not decoded, and after a while not even fetched."""

from pathlib import Path

import pytest

from commandcenter.domain.video import CONNECTING, IDLE, LIVE, StreamAddress, StreamReport
from commandcenter.video import channel as channel_module
from commandcenter.video.buffers import capacity_of, make
from commandcenter.video.channel import Channel, Hung
from commandcenter.video.screen import Screen
from commandcenter.video.wire import View
from tests.support.video_slots import PATIENCE_S, Slot, wait_until

SIZE = (320, 180)


class Here:
    """A channel in this process."""

    def __init__(self) -> None:
        self.reports: list[StreamReport] = []
        self.frames = 0
        self.screen = Screen(self._frame)
        self.channel = Channel(self.screen, self.reports.append, lambda: None)
        self.buffers = make(capacity_of(SIZE))
        self.screen.attach(1, self.buffers.name, self.buffers.capacity)

    def _frame(self, number: int, serial: int, width: int, height: int, stride: int) -> None:
        self.frames += 1
        self.buffers.held = serial

    def until(self, state: str) -> None:
        def reached() -> bool:
            self.channel.tick()
            return bool(self.reports) and self.reports[-1].state == state

        wait_until(reached, PATIENCE_S, lambda: f"{state}, but {self.reports[-3:]}")


@pytest.fixture
def here() -> Here:
    return Here()


def test_a_hidden_slot_decodes_nothing_and_goes_on_at_once_when_shown(slot: Slot, clips: Path) -> None:
    slot.live(clips / "main.mp4")
    slot.process.show(False)
    wait_until(lambda: slot.words == "未显示", PATIENCE_S, lambda: "that it is hidden")
    hidden = slot.pictures
    seen = len(slot.reports)
    wait_until(lambda: len(slot.reports) > seen + 2, PATIENCE_S, lambda: "that it is still connected")
    assert slot.pictures <= hidden + 1
    assert {report.state for report in slot.reports[seen:]} == {LIVE}
    slot.process.show(True)
    slot.until_pictures(5)
    assert CONNECTING not in {report.state for report in slot.reports[seen:]}


def test_after_a_while_it_disconnects_and_connects_again_when_shown(
    here: Here, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "HIDDEN_S", 0.5)
    here.channel.look(View(SIZE))
    here.channel.play(StreamAddress(1, "main", str(clips / "main.mp4")), hardware=False)
    here.until(LIVE)
    player = here.channel.player()
    assert player is not None
    here.channel.look(View(SIZE, visible=False))
    here.until(IDLE)
    assert "断开" in here.reports[-1].words
    assert player.ended(within_s=PATIENCE_S)
    here.channel.look(View(SIZE))
    here.until(LIVE)
    here.channel.close(1.0)


def test_what_begins_hidden_is_not_fetched_after_the_while(
    here: Here, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "HIDDEN_S", 0.0)
    here.channel.play(StreamAddress(1, "main", str(clips / "main.mp4")), hardware=False)
    here.channel.tick()
    assert here.channel.player() is None
    assert here.reports[-1].state == IDLE


def test_a_clip_that_is_waited_for_keeps_it_connected(here: Here, clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "HIDDEN_S", 0.5)
    here.channel.look(View(SIZE))
    here.channel.play(StreamAddress(1, "main", str(clips / "main.mp4")), hardware=False)
    here.until(LIVE)
    clips_made: list[object] = []
    here.channel.recorder().want(3, clips_made.append)
    here.channel.look(View(SIZE, visible=False))
    here.until(IDLE)
    assert clips_made
    assert clips_made[0] is not None
    here.channel.close(1.0)


def test_a_codec_that_does_not_return_ends_the_process(here: Here, clips: Path) -> None:
    here.channel.look(View(SIZE))
    here.channel.play(StreamAddress(1, "main", str(clips / "main.mp4")), hardware=False)
    here.until(LIVE)
    player = here.channel.player()
    assert player is not None
    player.leave()
    assert player.ended(within_s=PATIENCE_S)
    player.signs.over, player.signs.busy_since = False, 1.0
    with pytest.raises(Hung):
        here.channel.tick()
