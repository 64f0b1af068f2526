"""采集 on the fake city, and rows of any state for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commandcenter.domain.model import CaseRow, Done, NewReport, Person
from tests.fakes.acting import start_stage
from tests.fakes.city import CaseRecord, FakeCity

CHANNEL_PERSON = Person(0, "channel", "渠道接入", 1, ())


def blank_row(city: FakeCity, number: int, **facts: Any) -> CaseRow:
    """A row 待受理 with number `number`; keyword arguments override fields."""
    row = CaseRow(
        id=202506000000000 + number, no=f"2506-{number:06d}", version=1, state="reported", grade="clear", priority=6,
        urgent=False, item_id=None, channel_id=1, citizen=False, street_id=None, community_id=None, grid_id=None,
        lon=None, lat=None, unit_id=None, handler_id=None, ruled=False, reported_at=city.now, changed_at=city.now,
        stage_since=city.now, deadline=None, warn_at=None, clock=None, paused_left_s=None, resume_at=None,
        dispatched_by=None, dispatched_at=None, returns=0, reworks=0, asked=None, supervised=False, on_ledger=False,
        answered=False, followed_up=False, photos=0, open=True, summary="",
    )
    return replace(row, **facts)


def take_in(city: FakeCity, person: Person, report: NewReport) -> Done:
    """A new case 待受理 from a report."""
    with city.lock:
        channel = next(c for c in city.directory.channels.values() if c.code == report.channel)
        row = blank_row(city, len(city.records) + 1, channel_id=channel.id, citizen=channel.citizen,
                        item_id=report.item_id, grid_id=report.grid_id,
                        summary=report.summary or report.description[:60])
        record = CaseRecord(row, report.description, report.address)
        new = start_stage(city, record, row, "accept", city.now)
        city.write(record, new, person, "acceptor", "report", {"channel": report.channel})
        city.put(record)
    return Done(row.id, row.no, 1, "reported", 1)
