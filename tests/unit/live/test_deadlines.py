"""The agenda of deadlines does not grow with the changes of a long shift."""

from __future__ import annotations

from commandcenter.live.deadlines import DeadlineWatch
from tests.support.case_rows import T0, case_row


def test_rows_that_change_again_and_again_do_not_make_the_agenda_grow() -> None:
    held = {}
    watch = DeadlineWatch(held)
    for version in range(20_000):
        case_id = version % 10
        held[case_id] = case_row(case_id, warn_at=T0 + version, deadline=T0 + version + 9e5)
        watch.put(held[case_id])
    assert len(watch._agenda) < 2_000
    assert sorted(watch.advance(T0 + 5e5)) == list(range(10))
