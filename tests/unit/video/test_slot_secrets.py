"""A stream's address and password are nowhere but in the decoder's memory; and a decoder dies with its desk."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from commandcenter.domain.video import LIVE, LOST, StreamAddress
from commandcenter.video import wire
from tests.support.video_http import VideoHttp
from tests.support.video_slots import PATIENCE_S, Slot, wait_until

ROOT = Path(__file__).parents[3]
USER, PASSWORD, PLACE = "viewer-of-7", "pass-word-9", "street-camera-5"
SECRETS = (USER, PASSWORD, PLACE)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def test_neither_command_line_nor_environment_has_them(slot: Slot, http: VideoHttp) -> None:
    slot.live(StreamAddress(1, "main", http.url(f"live.flv?{PLACE}"), USER, PASSWORD))
    decoder = slot.decoder()
    seen = " ".join(decoder.cmdline()) + json.dumps(decoder.environ())
    assert not [secret for secret in SECRETS if secret in seen]


def test_the_desks_own_secrets_do_not_reach_the_decoder(
    slot: Slot, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "of-the-database")
    monkeypatch.setenv("COMMANDCENTER_TOKEN", "of-the-desk")
    slot.live(clips / "main.mp4")
    assert not {"PGPASSWORD", "COMMANDCENTER_TOKEN"} & set(slot.decoder().environ())


def test_no_report_has_them(slot: Slot, http: VideoHttp) -> None:
    said = []
    for path in ("live.flv", "status/401", "status/404", "garbage.flv", "gone"):
        slot.play(StreamAddress(1, "main", http.url(f"{path}?{PLACE}"), USER, PASSWORD))
        wait_until(lambda: slot.state not in ("", "connecting"), PATIENCE_S, lambda: "a state")
        said += [repr(report) for report in slot.reports]
    assert not [secret for secret in SECRETS for line in said if secret in line]


class Worker:
    """The process as it is started, with all that it prints."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-m", "commandcenter.video.worker"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "AV_LOG_FORCE_COLOR": "1", "PYTHONFAULTHANDLER": "1"},
        )  # fmt: skip
        self.said = b""
        self.printed = b""
        self._ears = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for ear in self._ears:
            ear.start()

    def tell(self, message: wire.Message) -> None:
        assert self.process.stdin is not None
        wire.write(self.process.stdin, message)

    def states(self) -> set[str]:
        lines = [json.loads(line) for line in self.said.splitlines() if line.startswith(b"{") and line.endswith(b"}")]
        return {line["report"]["state"] for line in lines if line["say"] == "report"}

    def end(self) -> None:
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        for ear in self._ears:
            ear.join()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                self.said += line

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr:
            self.printed = self.process.stderr.read()


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.process.kill()
    made.end()


@pytest.mark.parametrize("path", ["live.flv", "status/401", "garbage.flv"])
def test_nothing_that_the_process_prints_has_them(worker: Worker, http: VideoHttp, path: str) -> None:
    worker.tell(wire.view(wire.View((64, 36)), None))
    worker.tell(wire.play(1, StreamAddress(1, "main", http.url(f"{path}?{PLACE}"), USER, PASSWORD), hardware=True))
    wait_until(lambda: len(worker.states()) >= 2, PATIENCE_S, lambda: "a state")
    worker.end()
    printed = (worker.said + worker.printed).decode(errors="replace")
    assert not [secret for secret in SECRETS if secret in printed]
    assert worker.printed == b"", "libav and Python are silent"


@linux
def test_a_crash_prints_nothing_and_leaves_no_memory_on_disk(worker: Worker, http: VideoHttp) -> None:
    worker.tell(wire.play(1, StreamAddress(1, "main", http.url(f"live.flv?{PLACE}"), USER, PASSWORD), hardware=True))
    wait_until(lambda: bool(worker.states()), PATIENCE_S, lambda: "a state")
    limits = Path(f"/proc/{worker.process.pid}/limits").read_text()
    assert [line.split()[4] for line in limits.splitlines() if line.startswith("Max core file")] == ["0"]
    worker.process.send_signal(signal.SIGSEGV)
    worker.end()
    assert PASSWORD.encode() not in worker.printed


def test_a_word_that_is_no_message_ends_the_process_in_silence(worker: Worker) -> None:
    assert worker.process.stdin is not None
    worker.process.stdin.write(f"{PASSWORD}\n".encode())
    worker.process.stdin.flush()
    worker.end()
    assert worker.printed == b""


def test_an_unknown_command_ends_the_process_in_silence(worker: Worker) -> None:
    worker.tell({"do": PASSWORD})
    worker.end()
    assert worker.process.returncode != 0
    assert worker.printed == b""


DESK = """
import sys, time
from commandcenter.domain.video import StreamAddress
from commandcenter.video.slot_process import SlotProcess
slot = SlotProcess(lambda report: print(report.state, slot.pid, flush=True), lambda: None)
slot.play(StreamAddress(1, "main", sys.argv[1]), (320, 180))
time.sleep(600)
"""


def test_a_decoder_ends_when_its_desk_is_killed(clips: Path) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-c", DESK, str(clips / "main.mp4")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert desk.stdout is not None
    with desk.stdout:
        decoder = next(psutil.Process(int(line.split()[1])) for line in desk.stdout if line.startswith(LIVE))
        desk.kill()
        desk.wait()
        decoder.wait(PATIENCE_S)


def test_a_desk_that_ends_without_closing_leaves_no_decoder(clips: Path) -> None:
    program = DESK.replace("time.sleep(600)", "time.sleep(3)")
    desk = subprocess.Popen(
        [sys.executable, "-c", program, str(clips / "main.mp4")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    lines, _ = desk.communicate(timeout=PATIENCE_S)
    pids = {int(line.split()[1]) for line in lines.splitlines()}
    assert pids
    wait_until(lambda: not any(map(psutil.pid_exists, pids)), PATIENCE_S, lambda: "its end")


def test_what_a_dead_process_leaves_in_the_log_has_no_address(
    slot: Slot, http: VideoHttp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    slot.live(StreamAddress(1, "main", http.url(f"live.flv?{PLACE}"), USER, PASSWORD))
    slot.decoder().kill()
    slot.until(LOST)
    slot.until(LIVE)
    assert "has died" in caplog.text
    assert not [secret for secret in SECRETS if secret in caplog.text]
