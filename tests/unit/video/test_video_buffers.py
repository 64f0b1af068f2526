"""Pictures lie in memory of this user alone, that has no name as soon as both sides have it."""

import os
import stat
import sys
from pathlib import Path

import pytest

from commandcenter.video import buffers

posix = pytest.mark.skipif(sys.platform == "win32", reason="there it is memory without a file")


@posix
def test_nobody_else_may_open_it() -> None:
    made = buffers.make(4096)
    assert stat.S_IMODE(Path(made.name).stat().st_mode) == 0o600
    buffers.discard(made.name)


@posix
def test_the_file_is_gone_when_both_have_it() -> None:
    made = buffers.make(4096)
    attached = buffers.attach(made.name, 4096)
    assert not Path(made.name).exists()
    made.of(1)[:3] = b"abc"
    assert bytes(attached.of(1)[:3]) == b"abc"


def test_the_three_do_not_overlap() -> None:
    made = buffers.make(4096)
    for serial in (1, 2, 3):
        made.of(serial)[:] = bytes([serial]) * 4096
    made.held = 2**32 - 1
    assert [set(made.of(serial)) for serial in (4, 5, 6)] == [{1}, {2}, {3}]
    buffers.discard(made.name)


def test_both_see_which_picture_is_looked_at() -> None:
    made = buffers.make(4096)
    attached = buffers.attach(made.name, 4096)
    made.held = 70_000
    assert attached.held == 70_000


@posix
def test_what_is_gone_cannot_be_opened() -> None:
    made = buffers.make(4096)
    buffers.discard(made.name)
    with pytest.raises(OSError):
        buffers.attach(made.name, 4096)


@posix
def test_without_memory_it_is_refused_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(buffers, "_folders", lambda: [str(tmp_path)])
    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError):
        buffers.make(4096)
    assert not list(tmp_path.iterdir())


@posix
def test_if_one_folder_is_full_the_next_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(buffers, "_folders", lambda: [str(tmp_path / "missing"), str(tmp_path)])
    made = buffers.make(4096)
    assert Path(made.name).parent == tmp_path


def test_a_picture_of_the_size_fits() -> None:
    assert buffers.capacity_of((426, 240)) >= 426 * 4 * 240
    assert buffers.capacity_of((1, 1)) >= 4
