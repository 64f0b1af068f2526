"""What happens next with a meeting (会商) and with a task (交办, 整改, 批办)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from commandcenter.domain.joint import MeetingRow, TaskRow
from commandcenter.simulation.joint.deeds import Deed, on_whole
from commandcenter.simulation.joint.world import World

_COMING = ("invited", "confirmed")


def next_of_meeting(world: World, row: MeetingRow) -> Iterator[Deed]:
    """Answers of the invited before it; attendance, decisions and tasks after it."""
    if row.state == "called":
        yield from _answers(world, row)
        yield _opening(world, row)
    elif row.state == "held":
        yield from _after_meeting(world, row)


def _answers(world: World, row: MeetingRow) -> Iterator[Deed]:
    for unit, state in row.attendees:
        rng = world.dice(row.id, unit, "answer")
        at = row.called_at + rng.uniform(0.05, 0.7) * (row.meet_at - row.called_at)
        if state != "invited" or at > row.meet_at:
            continue
        who = world.handlers(unit)
        if world.habits.happens(rng, "excused"):
            yield on_whole(row, at, who, "excuse", unit_id=unit, reason=world.say(rng, "excuse"))
        else:
            yield on_whole(row, at, who, "confirm", unit_id=unit)


def _opening(world: World, row: MeetingRow) -> Deed:
    """Attendance of one after another, then the decisions."""
    rng, who = world.dice(row.id, "hold"), world.issuers(row.caller_id, row.id)
    at = row.meet_at + world.habits.seconds(rng, "hold")
    waiting = [unit for unit, state in row.attendees if state in _COMING]
    if waiting:
        stays_away = world.habits.happens(world.dice(row.id, waiting[0], "attend"), "stays_away")
        absent = stays_away and any(state == "present" for _, state in row.attendees)
        return on_whole(row, at, who, "attend", unit_id=waiting[0], attendance="absent" if absent else "present")
    if not any(state == "present" for _, state in row.attendees):
        return on_whole(row, at, who, "cancel", reason=world.say(rng, "withdraw"))
    return on_whole(row, at, who, "hold", decisions=world.say(rng, "decisions"))


def _after_meeting(world: World, row: MeetingRow) -> Iterator[Deed]:
    """A task or two for those present; it is closed when they are done."""
    given = len(world.memory.tasks.get(row.id, ()))
    two = row.id in world.memory.first or world.habits.happens(world.dice(row.id, "two tasks"), "second_task")
    rng, who = world.dice(row.id, "after", given), world.issuers(row.caller_id, row.id)
    if given < 1 + two:
        at = row.changed_at + world.habits.seconds(rng, "assign")
        present = [unit for unit, state in row.attendees if state == "present"]
        due = world.facts.timing.local(at) + timedelta(days=rng.randint(2, 6))
        title = world.say(rng, "task", scenario=row.title[:40])
        words = {"title": title, "text": world.say(rng, "task_text")}
        yield on_whole(row, at, who, "assign", unit_id=rng.choice(present), due=due.isoformat(), **words)
    elif row.id not in world.memory.awaited:
        yield on_whole(row, row.changed_at + world.habits.seconds(rng, "meeting_over"), who, "close")


def next_of_task(world: World, row: TaskRow) -> Iterator[Deed]:
    """The unit reports with a picture, whoever gave it accepts or sends back."""
    rng = world.dice(row.id, "task", row.reworks)
    if row.state == "open":
        taken = rng.uniform(0.2, 0.85)
        if world.habits.happens(rng, "task_late"):
            taken = rng.uniform(1.02, 1.3)
        begun = row.changed_at if row.reworks else row.issued_at
        at = begun + taken * max(3600.0, row.due - begun)
        result = world.say(rng, "task_result")
        yield on_whole(row, at, world.handlers(row.unit_id), "report", "after", result=result)
    elif row.state == "reported":
        at = (row.reported_at or row.changed_at) + world.habits.seconds(rng, "accept_task")
        who = world.issuers(row.issuer_id, row.id)
        if row.reworks == 0 and world.habits.happens(rng, "task_returned"):
            yield on_whole(row, at, who, "return_task", reason=world.say(rng, "return_task"))
        else:
            yield on_whole(row, at, who, "accept")
