"""A program that takes its turn at the duty, as a process of its own that a test may kill or freeze.

`python -m tests.support.duty_program EVERY_S REST_S`, the database's address in DUTY_URL.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from db.duty import duty_engine, run_until

ROOT = Path(__file__).resolve().parents[2]


def start(url: str, every_s: float, rest_s: float) -> subprocess.Popen[bytes]:
    """Start one on this machine."""
    words = [sys.executable, "-m", __name__, str(every_s), str(rest_s)]
    return subprocess.Popen(words, cwd=ROOT, env={**os.environ, "DUTY_URL": url}, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    run_until(duty_engine(os.environ["DUTY_URL"]), threading.Event(), float(sys.argv[1]), float(sys.argv[2]))
