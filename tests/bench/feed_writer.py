"""The writer of the feed measurement, in a process of its own: dispatches cases at a given pace."""

from __future__ import annotations

import json
import random
import time
import uuid
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

import psycopg2

_ACT = "select cc.act(%s::uuid, %s, %s, 'dispatch', %s::jsonb)"
# The most favourable payload: the row itself, so that the rival's listener need not ask again.
_TELL = "select pg_notify('bench_bare', (select to_jsonb(c)::text from cc.cases c where c.id = %s))"


@dataclass(frozen=True)
class Pace:
    """Seconds between two commits, by chance: an even pace would fall in step with the feed's own timers."""

    least: float
    most: float


@dataclass(frozen=True)
class Job:
    """Dispatch these cases (id, version) to a unit at a pace; `tell` sends the rival's payload too."""

    cases: tuple[tuple[int, int], ...]
    unit: int
    pace: Pace
    tell: bool


@dataclass(frozen=True)
class Sent:
    """One commit: when it was sent and when it was answered, seconds of time.perf_counter (one clock for all here)."""

    case_id: int
    sent: float
    answered: float


class Writer:
    """Hands jobs to the process; use as a context manager."""

    def __init__(self, dsn: str) -> None:
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, dsn), daemon=True)

    def __enter__(self) -> Writer:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.send(None)
        self._process.join(timeout=10)

    def write(self, job: Job) -> list[Sent]:
        """Carry a job out; returns when the last commit is answered. Raises EOFError when the writer died."""
        self._ours.send(job)
        return self._ours.recv()


def _serve(jobs: Connection, dsn: str) -> None:
    connection = psycopg2.connect(dsn)
    while (job := jobs.recv()) is not None:
        due, done, chance = time.perf_counter(), [], random.Random(len(job.cases))
        for case_id, version in job.cases:
            due += chance.uniform(job.pace.least, job.pace.most)
            time.sleep(max(0.0, due - time.perf_counter()))
            done.append(_dispatch(connection, job, case_id, version))
        jobs.send(done)
    connection.close()


def _dispatch(connection: psycopg2.extensions.connection, job: Job, case_id: int, version: int) -> Sent:
    with connection.cursor() as cursor:
        cursor.execute(_ACT, (str(uuid.uuid4()), case_id, version, json.dumps({"unit_id": job.unit})))
        if job.tell:
            cursor.execute(_TELL, (case_id,))
    sent = time.perf_counter()
    connection.commit()
    return Sent(case_id, sent, time.perf_counter())
