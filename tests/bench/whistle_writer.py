"""The street's head, in a process of its own: signs one whistle after the other at a given pace."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass
from multiprocessing.connection import Connection

import psycopg2

from tests.bench.feed_writer import Pace, Sent
from tests.bench.processes import Processes

_SIGN = "select cc.summons_act(%(id)s::uuid, %(which)s, 1, 'sign', '{}')"
# The most favourable payload: the row itself, so that the rival's listener need not ask for anything.
_TELL = "; select pg_notify('bench_bare', (select to_jsonb(s)::text from cc.summons s where s.id = %(which)s))"


@dataclass(frozen=True)
class Signing:
    """Sign these drafts at a pace; `tell` sends the rival's payload too, in the same transaction."""

    drafts: tuple[int, ...]
    pace: Pace
    tell: bool


class Head(Processes):
    """Hands drafts to the process; use as a context manager."""

    def __init__(self, dsn: str) -> None:
        super().__init__(_serve, [(dsn,)])

    def sign(self, what: Signing) -> list[Sent]:
        """Sign them all; returns when the last is answered. `sent` is when the hand signs, before the database acts."""
        (done,) = self.order(what)
        return done


def _serve(orders: Connection, dsn: str) -> None:
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    orders.send([])
    while (what := orders.recv()) is not None:
        due, done, chance = time.perf_counter(), [], random.Random(len(what.drafts))
        for number in what.drafts:
            due += chance.uniform(what.pace.least, what.pace.most)
            time.sleep(max(0.0, due - time.perf_counter()))
            done.append(_sign(connection, number, what.tell))
        orders.send(done)
    connection.close()


def _sign(connection: psycopg2.extensions.connection, number: int, tell: bool) -> Sent:
    sent = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_SIGN + (_TELL if tell else ""), {"id": str(uuid.uuid4()), "which": number})
    return Sent(number, sent, time.perf_counter())
