"""A replayed picture played forward is the one loaded at the end; it asks ahead of time, and goes back by a load."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.joint import SummonsRow
from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import belongs
from commandcenter.live.queues import QUEUES
from commandcenter.ports_joint import JointRows
from commandcenter.ports_replay import CaseChange, CaseChanges, JointChanges
from commandcenter.replay import ReplayPicture
from commandcenter.replay.picture import MOST_S
from tests.support.case_rows import T0, case_row

QUEUED = tuple(QUEUES.values())
STATES = ("reported", "filed", "dispatched", "in_progress", "suspended", "feedback", "closed", "force_closed")


def whistle(number: int, cases: tuple[int, ...] = (), state: str = "issued", events: int = 1) -> SummonsRow:
    """A whistle without lanes."""
    fields = dict.fromkeys(SummonsRow.__dataclass_fields__)
    fields |= {"id": number, "kind": "whistle", "state": state, "open": state != "archived", "cases": cases,
               "parties": (), "events": events, "version": events, "level": "normal"}  # fmt: skip
    return SummonsRow(**fields)


@st.composite
def histories(draw: st.DrawFn) -> list[CaseChange]:
    """What happened to a few cases: new rows, forced closures, some leave the scope and come back."""
    rows: dict[int, CaseRow] = {}
    made, at = [], T0
    for _ in range(draw(st.integers(0, 40))):
        at += draw(st.sampled_from((1.0, 30.0, 900.0)))
        key = draw(st.integers(1, 6))
        state = draw(st.sampled_from(STATES))
        old = rows.get(key) or case_row(key)
        rows[key] = replace(
            old, version=old.version + draw(st.integers(0, 1)), state=state, open=not state.endswith("closed"),
            on_ledger=state == "force_closed", changed_at=at, deadline=draw(st.sampled_from((None, at + 60, at - 60))),
            warn_at=at - 30, supervised=draw(st.booleans()),
        )  # fmt: skip
        made.append(CaseChange(at, key, None if draw(st.integers(0, 9)) == 0 else rows[key]))
    return made


def loaded(changes: list[CaseChange], at: float) -> ReplayPicture:
    """Everything as of a moment, at once."""
    rows = {change.id: change.row for change in changes if change.at <= at}
    picture = ReplayPicture(QUEUED)
    picture.begin(at)
    picture.add([row for row in rows.values() if row is not None and belongs(row)])
    picture.end(JointRows())
    return picture


def asked(changes: list[CaseChange], span: tuple[float, float]) -> tuple[CaseChanges, JointChanges]:
    found = tuple(change for change in changes if span[0] < change.at <= span[1])
    return CaseChanges(found, span[1]), JointChanges((), span[1])


@given(histories(), st.lists(st.floats(0, 20_000), min_size=1, max_size=8), st.sampled_from((1.0, 60.0, 600.0)))
def test_played_forward_it_equals_what_is_loaded(changes: list[CaseChange], steps: list[float], speed: float) -> None:
    picture, end = loaded(changes, T0), T0 + 50_000
    for step in sorted(steps):
        while (span := picture.wants(T0 + step, speed, end)) is not None:
            picture.take(*asked(changes, span))
        picture.advance(T0 + step)
        whole = loaded(changes, T0 + step)
        assert dict(picture.cases.rows) == dict(whole.cases.rows)
        assert dict(picture.cases.counts) == dict(whole.cases.counts)
        assert picture.cases.unit_load() == whole.cases.unit_load()


def test_a_load_at_an_earlier_moment_brings_older_rows_back() -> None:
    newer, older = case_row(1, version=7), case_row(1, version=2, state="reported")
    picture = loaded([CaseChange(T0, 1, newer)], T0 + 10)
    picture.begin(T0 - 100)
    picture.add([older, case_row(2)])
    picture.end(JointRows())
    assert dict(picture.cases.rows) == {1: older, 2: case_row(2)}


def test_time_does_not_run_backwards_without_a_load() -> None:
    with pytest.raises(ValueError, match="back"):
        loaded([], T0).advance(T0 - 1)


def test_it_stops_at_what_is_known() -> None:
    picture = loaded([], T0)
    picture.take(*asked([CaseChange(T0 + 5, 1, case_row())], (T0, T0 + 10)))
    assert [row.id for row in picture.advance(T0 + 99).cases.upserted] == [1]
    assert picture.at == T0 + 10 and picture.reaches(T0 + 10) and not picture.reaches(T0 + 11)


def test_faster_it_asks_for_more_at_once_up_to_a_bound_and_never_past_the_end() -> None:
    picture = loaded([], T0)
    spans = {speed: picture.wants(T0, speed, T0 + 1e6) for speed in (1, 60, 600)}
    widths = [span[1] - span[0] for span in spans.values() if span]
    assert widths == sorted(widths) and widths[0] < widths[-1] <= MOST_S
    assert picture.wants(T0, 600, T0 + 30) == (T0, T0 + 30)
    picture.take(*asked([], (T0, T0 + 30)))
    assert picture.wants(T0, 600, T0 + 30) is None


def test_an_answer_that_was_cut_off_is_known_as_far_as_both_tell() -> None:
    picture = loaded([], T0)
    change = CaseChange(T0 + 5, 1, case_row())
    picture.take(CaseChanges((change,), T0 + 5), JointChanges(((T0 + 9, JointRows((whistle(7),))),), T0 + 20))
    picture.advance(T0 + 20)
    assert picture.known_until == T0 + 5 and not picture.joint.summons


def test_whistles_of_then_mark_the_cases_of_then() -> None:
    picture = loaded([CaseChange(T0, 1, case_row(1)), CaseChange(T0, 2, case_row(2))], T0)
    picture.take(CaseChanges((), T0 + 60), JointChanges(((T0 + 10, JointRows((whistle(7, (1,)),))),
                 (T0 + 40, JointRows((whistle(7, (1,), "archived", 9),)))), T0 + 60))  # fmt: skip
    told = picture.advance(T0 + 20)
    assert picture.cases.counts["whistled"] == 1 and [row.id for row in told.cases.upserted] == [1]
    assert picture.advance(T0 + 60).joint.removed == {7}
    assert picture.cases.counts["whistled"] == 0


def test_whistles_go_back_with_a_load_too() -> None:
    picture = loaded([], T0)
    picture.begin(T0 + 50)
    picture.end(JointRows((whistle(7, state="acting", events=9),)))
    picture.begin(T0)
    picture.end(JointRows((whistle(7, events=2),)))
    assert picture.joint.summons[7].state == "issued"


def test_afterwards_nothing_is_kept() -> None:
    picture = loaded([CaseChange(T0, 1, case_row(1))], T0)
    picture.clear()
    assert not picture.cases.rows and not picture.joint.summons
