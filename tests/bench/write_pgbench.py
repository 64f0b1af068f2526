"""Bare SQL of the same two transactions, by pgbench as the database's owner: the rows that cc.act writes, no checks."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from db.binaries import all_binaries
from db.server_error import ServerError

_CLIENT = """
\\set n :n + 1
\\set c :first + :client_id * :each + mod(:n, :each)
\\set e :base + 2 * (:n / :each)
"""
_WRITES = (
    """update cc.case_stage set ended_at = now(), used_s = 60, overdue = false
 where district_id = :d and case_id = :c and ended_at is null""",
    """insert into cc.case_stage (district_id, case_id, seq, stage, unit_id, since, clock, limit_s, deadline, warn_at)
 values (:d, :c, :e, '{stage}', {unit}, now(), 'urgent', 1800, now() + interval '30 min', now() + interval '24 min')""",
    """update cc.cases set version = version + 1, events = :e, state = '{to}', unit_id = {unit}, handler_id = {unit},
 dispatched_by = {actor}, dispatched_at = {at}, changed_at = now(), stage_since = now(),
 deadline = now() + interval '30 min', warn_at = now() + interval '24 min', clock = 'urgent'
 where district_id = :d and id = :c""",
    """insert into cc.case_event (district_id, case_id, seq, at, actor_id, actor_login, actor_name, role, action,
 from_state, to_state, unit_id, what) values (:d, :c, :e, now(), 1, 't_dispatcher', '派遣甲', 'dispatcher',
 '{action}', '{was}', '{to}', {unit}, '{what}')""",
    "insert into cc.seal_queue (district_id, case_id, seq) values (:d, :c, :e)",
    """insert into cc.command_log (district_id, id, actor_id, answer) values (:d, gen_random_uuid(), 1,
 '{{"no": "T-000001", "event": 4, "state": "{to}", "case_id": 202601000000001, "version": 4}}')""",
)
_DISPATCH = {
    "action": "dispatch", "was": "filed", "to": "dispatched", "stage": "receive", "unit": ":unit", "actor": "1",
    "at": "now()", "what": '{"unit_id": 8}',
}  # fmt: skip
_UNDO = {
    "action": "undo_dispatch", "was": "dispatched", "to": "filed", "stage": "dispatch", "unit": "null", "actor": "null",
    "at": "null", "what": "{}",
}  # fmt: skip
WARM_S = 1  # every run connects anew
_DISTANCE = 1_000_000  # between the event numbers of two runs over the same cases


@dataclass(frozen=True)
class Way:
    """How statements travel: `mode` is pgbench's -M; `together`: one message a transaction, else one a statement."""

    mode: str
    together: bool


WAYS = {"sql_prepared": Way("prepared", False), "sql_simple": Way("simple", True)}


def script(way: Way) -> str:
    """A dispatch and its undo for pgbench."""
    return _CLIENT + "".join(f"\\set e :e + 1\n{_transaction(way, words)}" for words in (_DISPATCH, _UNDO))


def _transaction(way: Way, words: dict[str, str]) -> str:
    statements = ["begin", *(write.format(**words).replace("\n", " ") for write in _WRITES), "end"]
    return (" \\;\n" if way.together else ";\n").join(statements) + ";\n"


def _program() -> Path:
    found = next((p for one in all_binaries() if (p := one.program("pgbench")).exists()), None)
    if found is None:
        raise ServerError("测量 write 需要 pgbench，请安装 PostgreSQL 的服务器软件包（Debian：postgresql-contrib）。")
    return found


class PlainRuns:
    """pgbench over cases of its own: so many `each` a client, beginning with `first`."""

    def __init__(self, url: str, district: int, unit: int, first: int, each: int) -> None:
        self._url, self._program = make_url(url), _program()
        self._names = {"d": district, "unit": unit, "first": first, "each": each, "n": -1}
        self._runs = 0

    def block(self, way: Way, clients: int, seconds: int) -> tuple[list[float], float]:
        """(ms per pair, seconds) of so many clients; what they do before their sessions are warm is left out.

        Raises RuntimeError with pgbench's words when one failed.
        """
        self._runs += 1
        names = {**self._names, "base": self._runs * _DISTANCE}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "pair.sql")
            file.write_text(script(way), encoding="utf-8")
            words = [self._program, "-n", "-M", way.mode, "-f", file, "-c", clients, "-j", 2, "-T", WARM_S + seconds]
            words += [f"-D{name}={value}" for name, value in names.items()]
            words += ["-l", "--log-prefix", Path(folder, "log")]
            run = subprocess.run([str(w) for w in words], env=self._environment(), capture_output=True, text=True)
            if run.returncode:
                raise RuntimeError(run.stderr)
            return _warm([line for log in Path(folder).glob("log*") for line in log.read_text().splitlines()], seconds)

    def _environment(self) -> dict[str, str]:
        """The password by the environment: everybody can read another's command line."""
        url = self._url
        given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGDATABASE": url.database}
        return {**os.environ, **{k: str(v) for k, v in given.items()}, "PGPASSWORD": str(url.password)}


def _warm(lines: list[str], seconds: int) -> tuple[list[float], float]:
    """Of pgbench's log (client, number, µs, script, second, µs of its end) what ended after the first second."""
    words = [line.split() for line in lines]
    runs = [(int(second) + int(micros) / 1e6, int(took) / 1000) for _, _, took, _, second, micros in words]
    warm = min(end - took / 1000 for end, took in runs) + WARM_S
    return [took for end, took in runs if warm <= end < warm + seconds], float(seconds)
