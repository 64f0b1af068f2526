"""Whatever happens to the picture, its incremental figures equal a naive recount."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import LivePicture, belongs
from commandcenter.live.queues import OVERDUE, QUEUES, timing
from commandcenter.live.tally import LOADING_STATES
from tests.support.case_rows import T0, case_row

STATES = ("reported", "accepted", "filed", "dispatched", "in_progress", "returned", "suspended", "feedback", "verified",
          "closed", "force_closed", "rejected")  # fmt: skip
moments = st.integers(0, 40).map(lambda s: T0 + s)
flags = st.booleans()


@st.composite
def rows(draw: st.DrawFn) -> CaseRow:
    state = draw(st.sampled_from(STATES))
    return case_row(
        draw(st.integers(1, 8)),
        version=draw(st.integers(1, 6)),
        changed_at=T0 + draw(st.integers(0, 2)),
        state=state,
        open=state not in ("closed", "force_closed", "rejected"),
        on_ledger=state == "force_closed" and draw(flags),
        handler_id=draw(st.sampled_from((None, 3, 4))),
        deadline=draw(st.none() | moments),
        warn_at=draw(st.none() | moments),
        citizen=draw(flags),
        followed_up=draw(flags),
        supervised=draw(flags),
        asked=draw(st.sampled_from((None, "suspend"))),
    )


batches = st.lists(rows(), max_size=6)
answers = st.lists(rows(), max_size=6, unique_by=lambda row: row.id)  # a load tells each case once


class PictureMachine(RuleBasedStateMachine):
    """Merges, loads and passing time in any order, in and out of a load."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = LivePicture()
        self.seen: dict[int, CaseRow] = {}
        self.now = T0
        self.picture.advance(T0)

    def follow(self, change) -> None:
        """A screen that applies every change, and nothing else, must show what is held."""
        assert not {row.id for row in change.upserted} & set(change.removed)
        self.seen |= {row.id: row for row in change.upserted}
        for case_id in change.removed:
            del self.seen[case_id]

    @rule(batch=batches, asked=st.sets(st.integers(1, 8), max_size=4))
    def merge(self, batch: list[CaseRow], asked: set[int]) -> None:
        before = dict(self.picture.rows)
        self.follow(self.picture.merge(batch, asked))
        for case_id, row in self.picture.rows.items():
            if case_id in before:
                assert (row.version, row.changed_at) >= (before[case_id].version, before[case_id].changed_at)

    @rule(moment=moments)
    def advance(self, moment: float) -> None:
        before = {row.id: timing(row, self.now) for row in self.picture.rows.values()}
        changed = {row.id for row in self.picture.advance(moment)}
        self.now = moment
        after = {row.id: timing(row, self.now) for row in self.picture.rows.values()}
        assert changed == {case_id for case_id in after if after[case_id] != before[case_id]}

    @rule()
    def begin(self) -> None:
        self.picture.begin_load()

    @precondition(lambda self: self.picture.loading)
    @rule(batch=answers)
    def add(self, batch: list[CaseRow]) -> None:
        self.follow(self.picture.add(batch))

    @precondition(lambda self: self.picture.loading)
    @rule()
    def end(self) -> None:
        self.follow(self.picture.end_load())

    @rule(batch=answers)
    def resync(self, batch: list[CaseRow]) -> None:
        self.follow(self.picture.resync(batch))
        assert set(self.picture.rows) == {row.id for row in batch if belongs(row)}

    @invariant()
    def a_screen_that_follows_shows_the_picture(self) -> None:
        assert self.seen == dict(self.picture.rows)

    @invariant()
    def counts_equal_a_recount(self) -> None:
        held = self.picture.rows.values()
        for key, queue in QUEUES.items():
            expected = {row.id for row in held if queue.holds(row, self.now)}
            assert self.picture.counts[key] == len(expected)
            assert {row.id for row in self.picture.queue_rows(key)} == expected
            assert [row for part in self.picture.queue_parts(key, 3) for row in part] == self.picture.queue_rows(key)

    @invariant()
    def unit_load_equals_a_recount(self) -> None:
        held = [row for row in self.picture.rows.values() if row.open and row.state in LOADING_STATES]
        everything = Counter(row.handler_id for row in held if row.handler_id)
        late = Counter(row.handler_id for row in held if row.handler_id and timing(row, self.now) == OVERDUE)
        load = self.picture.unit_load()
        assert {unit: (figure.open, figure.overdue) for unit, figure in load.items()} == {
            unit: (count, late[unit]) for unit, count in everything.items()
        }


TestPictureMachine = PictureMachine.TestCase
TestPictureMachine.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)
