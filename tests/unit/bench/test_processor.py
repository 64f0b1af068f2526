"""Processor time is counted for the processes named, and only while it is watched."""

import os
import time

from tests.bench.processor import ProcessorWatch


def _work(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_only_work_inside_counts_and_only_of_the_group() -> None:
    watch = ProcessorWatch({"mine": [os.getpid()], "nobody": []})
    _work(0.2)
    with watch:
        _work(0.05)
    _work(0.2)
    shares = watch.shares()
    assert shares["nobody"] == 0
    assert 0 < shares["mine"] <= 1.0 / (os.cpu_count() or 1) + 0.25
