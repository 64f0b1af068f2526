"""When a process has ended: a zombie has. A container's first process may take two seconds to fetch an orphan (and
PostgreSQL's own pg_ctl, which knows no zombies, is then to be waited for with psutil)."""

import time
from collections.abc import Iterable

import psutil

_LOOK_S = 0.01


def ended(process: psutil.Process) -> bool:
    """Whether it does nothing any more."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE or not process.is_running()
    except psutil.NoSuchProcess:
        return True


def still_running(processes: Iterable[psutil.Process], within_s: float) -> list[psutil.Process]:
    """Those that have not ended within that time; none as soon as all have."""
    give_up = time.monotonic() + within_s
    while (left := [one for one in processes if not ended(one)]) and time.monotonic() < give_up:
        time.sleep(_LOOK_S)
    return left
