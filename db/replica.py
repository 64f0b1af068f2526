"""What a streaming replica and its primary say of themselves, and whether the one may answer for the other."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sqlalchemy import Engine, text

from commandcenter.domain.errors import DomainError
from db.errors import translated

# Anybody may ask these. The timeline is in the first eight digits of a WAL file's name.
_PRIMARY = text("""
select extract(epoch from clock_timestamp())::float8, (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint,
  s.system_identifier, d.oid::bigint, ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int
from pg_control_system() s join pg_database d on d.datname = current_database()""")
# The last checkpoint may be of the timeline before; what it must recover to is newer.
_REPLICA = text("""
select pg_is_in_recovery(), coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0),
  extract(epoch from pg_last_xact_replay_timestamp())::float8, s.system_identifier, d.oid::bigint,
  greatest(c.timeline_id, r.min_recovery_end_timeline)
from pg_control_system() s cross join pg_control_checkpoint() c cross join pg_control_recovery() r
join pg_database d on d.datname = current_database()""")
_MARKS = 512
_CLOCK_SET_BACK_S = 1.0


class ReplicaRefused(DomainError):
    """The address given is not a replica of this database."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The primary at one instant of its own clock: all that was committed until then lies before `position`."""

    at: float
    position: int
    system: int
    database: int
    timeline: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A server that should be a replica: how far it has replayed, and when the last commit it replayed was made."""

    replica: bool
    position: int
    commit_at: float | None
    system: int
    database: int
    timeline: int


def read_mark(primary: Engine) -> Mark:
    """Ask the primary where it is."""
    with translated(), primary.connect() as connection:
        return Mark(*connection.execute(_PRIMARY).one())


def read_replayed(replica: Engine) -> Replayed:
    """Ask the replica how far it is."""
    with translated(), replica.connect() as connection:
        return Replayed(*connection.execute(_REPLICA).one())


def check_same(mark: Mark, seen: Replayed, ahead_of: int = 0) -> None:
    """Raises ReplicaRefused unless `seen` is a replica of the database of `mark`.

    `ahead_of`: what it had replayed before the mark was taken; a primary behind that has another history.
    """
    if not seen.replica:
        raise ReplicaRefused("它可以写入，不是只读副本（已被提升为主库，或填成了主库的地址）")
    if seen.system != mark.system:
        raise ReplicaRefused("它属于另一个数据库集群，不是本库的副本")
    if seen.database != mark.database:
        raise ReplicaRefused("地址中的数据库名与主库不是同一个数据库")
    if seen.timeline != mark.timeline:
        raise ReplicaRefused(f"它在时间线 {seen.timeline}，主库在时间线 {mark.timeline}：其中一个被提升过")
    if mark.position < ahead_of:
        raise ReplicaRefused("它的数据比主库还新，两者的历史不同")


class AsOf:
    """Up to which instant of the primary's clock the replica has everything.

    Two proofs, the later one counts: it has replayed past the position where the primary was at an instant we asked; or
    it has replayed a commit made at an instant. The first is exact when nothing is written, where the age of the last
    commit grows without meaning; the second moves while the replica is behind all we asked for.
    """

    def __init__(self) -> None:
        self._marks: deque[Mark] = deque(maxlen=_MARKS)
        self._now = self._known = 0.0

    def add(self, mark: Mark) -> None:
        """Remember where the primary was; asked before the replica."""
        if mark.at < self._now - _CLOCK_SET_BACK_S:  # instants told by another clock prove nothing
            self._marks.clear()
            self._known = 0.0
        self._now = mark.at
        self._marks.append(mark)

    def reached(self, seen: Replayed) -> float:
        """The instant for what the replica has replayed now; never earlier than the last one told."""
        proved = [mark.at for mark in self._marks if mark.position <= seen.position]
        while self._marks and self._marks[0].position <= seen.position:
            self._marks.popleft()
        if seen.commit_at is not None and seen.commit_at <= self._now:
            proved.append(seen.commit_at)
        self._known = max(self._known, *proved, 0.0)
        return self._known
