"""What proves that a replica has everything up to an instant, and that it is one of this database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.replica import AsOf, Mark, Replayed, ReplicaRefused, check_same

MARK = Mark(at=1000.0, position=500, system=7, database=5, timeline=1)
SEEN = Replayed(replica=True, position=500, commit_at=None, system=7, database=5, timeline=1)


def test_having_replayed_past_a_mark_proves_its_instant_however_old_the_last_commit() -> None:
    as_of = AsOf()
    as_of.add(MARK)
    assert as_of.reached(replace(SEEN, commit_at=3.0)) == 1000.0


def test_behind_all_marks_the_last_commit_counts() -> None:
    as_of = AsOf()
    as_of.add(MARK)
    assert as_of.reached(replace(SEEN, position=499, commit_at=940.0)) == 940.0


def test_an_older_mark_counts_when_nothing_was_committed_since() -> None:
    as_of = AsOf()
    as_of.add(replace(MARK, at=900.0, position=400))
    as_of.add(MARK)
    assert as_of.reached(replace(SEEN, position=450, commit_at=3.0)) == 900.0
    assert as_of.reached(replace(SEEN, position=450, commit_at=3.0)) == 900.0  # though it is forgotten


def test_nothing_is_proved_before_the_first_commit_or_mark() -> None:
    as_of = AsOf()
    as_of.add(MARK)
    assert as_of.reached(replace(SEEN, position=0)) == 0.0


def test_a_commit_from_the_future_proves_nothing() -> None:
    """The primary's clock was set back."""
    as_of = AsOf()
    as_of.add(MARK)
    assert as_of.reached(replace(SEEN, position=1, commit_at=4600.0)) == 0.0


def test_a_clock_set_back_takes_back_what_it_proved() -> None:
    as_of = AsOf()
    as_of.add(replace(MARK, at=5000.0))
    assert as_of.reached(SEEN) == 5000.0
    as_of.add(replace(MARK, position=600))
    assert as_of.reached(replace(SEEN, position=550, commit_at=4999.0)) == 0.0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=60))
def test_it_never_claims_more_than_the_replica_has(steps: list[tuple[bool, int]]) -> None:
    """Against a primary and a replica played second by second: what is told is never later than the truth."""
    as_of, written, replayed = AsOf(), [(0.0, 0)], 0
    for second, (asks, amount) in enumerate(steps, 1):
        if amount % 2:
            written.append((float(second), written[-1][1] + amount))
        replayed = min(replayed + amount, written[-1][1])
        if not asks:
            continue
        as_of.add(replace(MARK, at=second + 0.5, position=written[-1][1]))
        commits = [at for at, position in written[1:] if position <= replayed]
        told = as_of.reached(replace(SEEN, position=replayed, commit_at=commits[-1] if commits else None))
        missing = [at for at, position in written if position > replayed]
        assert told <= second + 0.5
        assert not missing or told < missing[0]


@pytest.mark.parametrize(("seen", "words"), [
    (replace(SEEN, replica=False), "不是只读副本"),
    (replace(SEEN, system=8), "另一个数据库集群"),
    (replace(SEEN, database=6), "同一个数据库"),
    (replace(SEEN, timeline=2), "时间线 2，主库在时间线 1"),
])  # fmt: skip
def test_what_is_no_replica_of_this_database_is_refused(seen: Replayed, words: str) -> None:
    with pytest.raises(ReplicaRefused, match=words):
        check_same(MARK, seen)


def test_one_that_had_more_than_the_primary_has_now_is_refused() -> None:
    check_same(MARK, SEEN, ahead_of=500)
    with pytest.raises(ReplicaRefused, match="比主库还新"):
        check_same(MARK, SEEN, ahead_of=501)
