"""Others at work: a process of its own that commits 500 changes a second to the same database.

python -m tests.bench.desk_burst OWNER-URL COMMITS prints one JSON object when it is done.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import psycopg2

from tests.bench.desk_spec import Spec

PER_S, SECONDS = 500, 5
ROOT = Path(__file__).resolve().parents[2]
_PICK = "select id from cc.cases where state = 'filed' and open order by hashint8(id) limit %s"
# The rows of an action without its checks: what is measured is the desk that follows, not the one that writes.
_CHANGE = """update cc.cases set version = version + 1, changed_at = clock_timestamp(),
  deadline = deadline + interval '1 min' where id = %s returning version"""
_LEAVE = """update cc.cases set version = version + 1, changed_at = clock_timestamp(), state = 'dispatched',
  handler_id = unit, unit_id = unit from (select min(id) as unit from cc.org where kind = 'department') u
  where cases.id = %s returning version"""
_ARRIVE = """insert into cc.cases select r.* from cc.cases c, lateral jsonb_populate_record(c, jsonb_build_object(
    'id', c.id / 1000000000 * 1000000000 + nextval('cc.case_number'), 'version', 1,
    'deadline', now() + interval '1 day')) r
  where c.id = %s returning id"""


class Burst:
    """The writer's process."""

    def __init__(self, spec: Spec) -> None:
        self._words = [sys.executable, "-m", "tests.bench.desk_burst", spec.owner, str(PER_S * SECONDS)]
        self._told: dict[str, object] = {}

    def start(self) -> None:
        """Returns when it begins to write."""
        process = subprocess.Popen(self._words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        self._reading = threading.Thread(target=self._read, args=(process.stdout,))
        self._reading.start()

    def _read(self, answer: IO[str]) -> None:
        self._told = json.loads(answer.read())

    def ended(self) -> bool:
        """Whether the last commit has been made."""
        if self._reading.is_alive():
            return False
        if not self._told:
            raise RuntimeError("the writer of the burst failed")
        return True

    def rate(self) -> float:
        """Commits a second that were reached."""
        return float(self._told["per_s"])  # type: ignore[arg-type]

    def last(self) -> dict[int, int]:
        """The last version of every case written to."""
        return {int(key): version for key, version in self._told["versions"].items()}  # type: ignore[attr-defined]


def main(owner: str, commits: int) -> dict[str, object]:
    """Commit after commit at its time; of twenty three are new cases and one leaves the queue."""
    connection = psycopg2.connect(owner, options="-c synchronous_commit=off")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(_PICK, [commits])
    ids = [row[0] for row in cursor.fetchall()]
    versions: dict[int, int] = {}
    print("begin", flush=True)
    began = time.perf_counter()
    for number in range(commits):
        time.sleep(max(0.0, began + number / PER_S - time.perf_counter()))
        case_id, kind = ids[number % len(ids)], number % 20
        statement = _LEAVE if kind == 7 else _ARRIVE if kind in (2, 9, 15) else _CHANGE
        cursor.execute(statement, [case_id])
        told = cursor.fetchone()[0]
        versions |= {told: 1} if statement is _ARRIVE else {case_id: told}
    return {"per_s": round(commits / (time.perf_counter() - began), 1), "versions": versions}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
