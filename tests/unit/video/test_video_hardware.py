"""The first device that opens decodes; where none does, or its process has died, software decodes."""

from pathlib import Path

import pytest
from av.codec.hwaccel import HWAccel

from commandcenter.domain.video import LIVE
from commandcenter.video import wire
from commandcenter.video.hardware import first_device
from tests.support.video_slots import Slot


def test_devices_are_tried_in_turn_until_one_opens() -> None:
    tried = []

    def opener(name: str) -> HWAccel:
        tried.append(name)
        if name != "cuda":
            raise NotImplementedError(name)
        return HWAccel(name)

    found = first_device(("vaapi", "qsv", "cuda", "dxva2"), ["qsv", "cuda", "dxva2"], opener)
    assert found is not None
    assert tried == ["qsv", "cuda"], "only what libav knows, and none after the one that opens"


@pytest.mark.parametrize("error", [OSError(1, "x"), RuntimeError(), ValueError(), NotImplementedError()])
def test_where_none_opens_it_is_software(error: Exception) -> None:
    def opener(name: str) -> HWAccel:
        raise error

    assert first_device(("cuda",), ["cuda"], opener) is None


def test_after_a_crash_the_slot_asks_for_software(
    slot: Slot, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    play = wire.play

    def remembered(generation: int, address: object, hardware: bool) -> wire.Message:
        asked.append(hardware)
        return play(generation, address, hardware)  # type: ignore[arg-type]

    monkeypatch.setattr(wire, "play", remembered)
    slot.live(clips / "main.mp4")
    slot.decoder().kill()
    slot.until("lost")
    slot.until(LIVE)
    assert asked == [True, False]
