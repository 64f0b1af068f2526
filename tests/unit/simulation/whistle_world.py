"""The town as agents who whistle know it, and rows with everything unset that a test does not name."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from strict_directory import directory_of

from commandcenter.domain.joint import MeetingRow, Party, SummonsRow, TaskRow
from commandcenter.profiles.model import Profile
from commandcenter.simulation.facts import gather
from commandcenter.simulation.joint.habits import Habits, load_habits
from commandcenter.simulation.joint.world import World
from tests.support.town_profile import town_profile
from tests.support.town_whistles import rules_of, teams_of

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()  # a Thursday
MINUTE, HOUR = 60.0, 3600.0


def world_of(profile: Profile, seed: int = 1, **changed: dict[str, Any]) -> World:
    """`changed`: entries of whistles.toml by section."""
    raw = load_habits().raw
    habits = Habits({**raw, **{section: {**raw[section], **values} for section, values in changed.items()}})
    facts = gather(profile, directory_of(profile, date(2026, 1, 1)), {o.login for o in profile.operators}, seed)
    return World(facts, rules_of(profile.whistle, profile.scenarios), teams_of(profile.teams), habits)


def town_world(manner: str = "", **changed: dict[str, Any]) -> World:
    """The test town; everybody behaves in one manner if it is named ("prompt": nobody in any other)."""
    others = dict.fromkeys(load_habits().raw["manner"], 0.0)
    manners = {"manner": others | ({manner: 1.0} if manner in others else {})} if manner else {}
    return world_of(town_profile(), **manners, **changed)


def org(world: World, key: str) -> int:
    """The id of a unit by its key."""
    return next(o.id for o in world.facts.directory.orgs.values() if o.key == key)


def lane(world: World, no: int, unit: str, state: str = "pending", **more: Any) -> Party:
    """Called at noon, to answer within half an hour and to come within two."""
    empty = {field.name: None for field in fields(Party)}
    plain = {"lead": no == 1, "version": 1, "live": True, "witnessed": False, "disputed": False, "reworks": 0,
             "called_at": NOON, "confirm_due": NOON + 30 * MINUTE, "arrive_from": NOON,
             "arrive_due": NOON + 2 * HOUR}  # fmt: skip
    return Party(**{**empty, **plain, "no": no, "unit_id": org(world, unit), "state": state, **more})


def whistle(world: World, *parties: Party, **more: Any) -> SummonsRow:
    """A whistle of 甲街道, issued at noon."""
    empty = {field.name: None for field in fields(SummonsRow)}
    plain = {"id": 7, "district_id": 1, "kind": "whistle", "no": "CS-20260611-0007", "version": 3, "events": 3,
             "state": "issued", "open": True, "level": "key", "scope": "综合执法", "caller_id": org(world, "A"),
             "caller_kind": "street", "street_id": org(world, "A"), "drafted_at": NOON, "issued_at": NOON,
             "changed_at": NOON, "ruled": False, "title": "违建", "place": "", "cases": ()}  # fmt: skip
    return SummonsRow(**{**empty, **plain, "parties": parties, **more})


def meeting(world: World, attendees: dict[str, str], **more: Any) -> MeetingRow:
    """Called by 甲街道 at noon for tomorrow noon."""
    plain = {"id": 8, "district_id": 1, "kind": "consultation", "no": "HS-1", "version": 1, "events": 1,
             "state": "called", "open": True, "summons_id": None, "caller_id": org(world, "A"),
             "street_id": org(world, "A"), "community_id": None, "meet_at": NOON + 24 * HOUR, "called_at": NOON,
             "changed_at": NOON, "closed_at": None, "title": "会商", "place": "", "cases": ()}  # fmt: skip
    came = tuple((org(world, key), state) for key, state in attendees.items())
    return MeetingRow(**{**plain, "attendees": came, **more})  # type: ignore[arg-type]


def task(world: World, **more: Any) -> TaskRow:
    """区城管委 must do it by tomorrow noon for 甲街道."""
    empty = {field.name: None for field in fields(TaskRow)}
    plain = {"id": 9, "district_id": 1, "source": "instruction", "no": "JB-1", "version": 1, "events": 1,
             "state": "open", "open": True, "unit_id": org(world, "D-CG"), "issuer_id": org(world, "A"),
             "due": NOON + 24 * HOUR, "overdue": False, "issued_at": NOON, "changed_at": NOON, "reworks": 0,
             "title": "整改", "leader": ""}  # fmt: skip
    return TaskRow(**{**empty, **plain, **more})
