"""The tally of the wall equals a count row by row, whatever comes, changes, runs late and goes."""

from __future__ import annotations

import random
from dataclasses import replace

from commandcenter.domain.model import CaseRow
from commandcenter.live.joint import JointPicture
from commandcenter.live.picture import LivePicture
from commandcenter.live.wall_now import NowTally, OpenNow, open_now, whistles_now
from tests.support.case_rows import case_row


def _row(dice: random.Random, number: int, now: float) -> CaseRow:
    deadline = now + dice.uniform(-3000, 3000) if dice.random() < 0.9 else None
    is_open = dice.random() < 0.8
    ledger = not is_open and dice.random() < 0.3
    return case_row(
        number, version=dice.randrange(1, 9), street_id=dice.choice([10, 11, None]),
        grid_id=dice.choice([50, 51, None]), deadline=deadline, warn_at=deadline and deadline - 600, open=is_open,
        on_ledger=ledger,
    )  # fmt: skip


def test_the_tally_is_what_a_count_of_all_rows_says_after_every_change() -> None:
    dice, now = random.Random(7), 1_000_000.0
    picture = LivePicture()
    picture.advance(now)
    tally = NowTally(picture.timing)
    for _ in range(400):
        if dice.random() < 0.3:
            now += dice.uniform(0, 900)
            tally.put(picture.advance(now))
        else:
            number = dice.randrange(40)
            row = replace(_row(dice, number, now), changed_at=now)
            tally.take(picture.merge([row], [number]))
        rows = list(picture.rows.values())
        assert tally.whole(now) == open_now(rows, picture.timing, picture.now)
        for street in (10, 11):
            here = [row for row in rows if row.street_id == street]
            assert tally.street(street, now) == open_now(here, picture.timing, picture.now)
            assert tally.by_street.get(street, 0) == sum(row.open for row in here)
        for grid in (50, 51):
            assert tally.by_grid.get(grid, 0) == sum(row.open and row.grid_id == grid for row in rows)
    assert tally.whole(now).overdue > 1
    tally.reset([])
    assert tally.whole(now) == OpenNow()


def test_the_longest_overdue_is_the_one_with_the_earliest_deadline() -> None:
    picture = LivePicture()
    picture.advance(10_000.0)
    rows = [case_row(1, deadline=9_000.0), case_row(2, deadline=4_000.0), case_row(3, deadline=12_000.0)]
    picture.merge(rows, [1, 2, 3])
    found = open_now(rows, picture.timing, 10_000.0)
    assert (found.open, found.overdue, found.longest_s, found.longest_id) == (3, 2, 6_000.0, 2)


def test_no_whistle_is_in_progress_in_an_empty_picture() -> None:
    assert whistles_now(JointPicture()) == []
