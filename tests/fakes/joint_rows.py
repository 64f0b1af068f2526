"""Rows of summons, lanes, meetings and tasks with everything unset that a test does not name."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from commandcenter.domain.joint import ORDER, WHISTLE, MeetingRow, Party, SummonsRow, TaskRow
from tests.fakes.city import NOON_SHIFT, ZONE
from tests.fakes.directory import dongcheng, org_id

CONFIRM_S = {"normal": 120 * 60, "key": 30 * 60, "hard": 60 * 60}
EARLY_S, LATE_S = 30 * 60, 15 * 60
_PREFIX = {WHISTLE: "CS", ORDER: "LH"}
_LANE = {field.name: None for field in fields(Party)} | {
    "lead": False, "version": 1, "live": True, "witnessed": False, "disputed": False, "reworks": 0,
}


def at(hour: int, minute: int = 0, now: float = NOON_SHIFT) -> float:
    """Unix seconds of a clock time on the day of `now`."""
    return datetime.fromtimestamp(now, ZONE).replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()


def joint_id(number: int) -> int:
    """The id of the n-th summons, meeting or task of June 2025."""
    return 202506 * 10**9 + number


def lane(no: int, unit: str, state: str = "pending", **more: Any) -> Party:
    """A lane of the unit with this short name."""
    node = dongcheng().orgs[org_id(unit)]
    return Party(**{**_LANE, "no": no, "unit_id": node.id, "line": node.line, "state": state, **more})


def called(party: Party, row: SummonsRow) -> Party:
    """The lane with the due times that an issued summons gives it."""
    if row.issued_at is None:
        return party
    confirm = row.issued_at + CONFIRM_S[row.level]
    meet = row.meet_at if row.meet_at is not None else confirm + 3600
    began = meet - EARLY_S if row.meet_at is not None else row.issued_at
    return replace(party, called_at=party.called_at or row.issued_at, confirm_due=party.confirm_due or confirm,
                   arrive_from=began, arrive_due=meet + LATE_S, handle_due=row.handle_due,
                   clock=party.clock or {"normal": "days", "key": "urgent", "hard": "hours"}[row.level])


def summons(number: int, title: str, street: str, parties: tuple[Party, ...], *, kind: str = WHISTLE,
            state: str = "draft", drafted_at: float = NOON_SHIFT, issued_at: float | None = None,
            **more: Any) -> SummonsRow:
    """A whistle of a street, or an order of the district about a street; the lanes get their due times."""
    place = org_id(street)
    caller = place if kind == WHISTLE else org_id("东城区")
    day = datetime.fromtimestamp(drafted_at, ZONE).strftime("%Y%m%d")
    facts: dict[str, Any] = {
        "version": 1, "events": 1, "open": state not in ("archived", "withdrawn"), "level": "normal",
        "scope": "综合执法", "scenario": None, "community_id": None, "grid_id": None, "lon": None, "lat": None,
        "from_id": None, "changed_at": issued_at or drafted_at, "meet_at": None, "ends_at": None, "handle_due": None,
        "raise_at": None, "ruled": False, "closed_at": None, "archived_at": None, "citizen_score": None, "place": "",
        "cases": (), "signed_by": None if issued_at is None else 1,
    }
    row = SummonsRow(
        id=joint_id(number), district_id=1, kind=kind, no=f"{_PREFIX[kind]}-{day}-{number:04d}", state=state,
        caller_id=caller, caller_kind="street" if kind == WHISTLE else "district", street_id=place,
        drafted_at=drafted_at, issued_at=issued_at, title=title, parties=parties, **(facts | more),
    )
    return replace(row, parties=tuple(called(party, row) for party in parties))


def meeting(number: int, title: str, caller: str, meet_at: float, attendees: dict[str, str],
            **more: Any) -> MeetingRow:
    """A meeting called by the organisation with this short name; attendees: short name → state."""
    facts: dict[str, Any] = {
        "kind": "consultation", "version": 1, "events": 1, "state": "called", "open": True, "summons_id": None,
        "street_id": None, "community_id": None, "called_at": NOON_SHIFT - 3600, "changed_at": NOON_SHIFT - 3600,
        "closed_at": None, "place": "区网格中心二层会议室", "cases": (),
    }
    came = tuple((org_id(name), state) for name, state in attendees.items())
    return MeetingRow(id=joint_id(number), district_id=1, no=f"HS-20250618-{number:04d}", caller_id=org_id(caller),
                      meet_at=meet_at, title=title, attendees=came, **(facts | more))


def task(number: int, title: str, unit: str, issuer: str, due: float, **more: Any) -> TaskRow:
    """Something the unit must do for the issuer."""
    facts: dict[str, Any] = {
        "source": "instruction", "version": 1, "events": 1, "state": "open", "open": True, "street_id": None,
        "meeting_id": None, "summons_id": None, "party_no": None, "case_id": None, "overdue": False,
        "issued_at": NOON_SHIFT - 86_400, "changed_at": NOON_SHIFT - 86_400, "reported_at": None, "closed_at": None,
        "reworks": 0, "leader": "",
    }
    prefix = "ZG" if more.get("source") == "rectification" else "JB"
    return TaskRow(id=joint_id(number), district_id=1, no=f"{prefix}-20250617-{number:04d}", unit_id=org_id(unit),
                   issuer_id=org_id(issuer), due=due, title=title, **(facts | more))
