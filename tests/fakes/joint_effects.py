"""What each action of the joint workflows changes beside state and version, on the fake town."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commandcenter.domain.joint import (
    BULLETIN_LABELS,
    Bulletin,
    CheckItem,
    MeetingRow,
    Objection,
    Party,
    PartyWords,
    SummonsRow,
    TaskRow,
)
from commandcenter.domain.joint_offers import untold_faults
from tests.fakes.joint_rows import called, joint_id, lane, meeting, task
from tests.fakes.joint_town import JointTown

Args = Mapping[str, Any]
_RANK = {"pending": 0, "responded": 1, "arrived": 2, "done": 3, "signed": 4}
_SATISFIED = {"satisfied": 100, "basically": 60, "dissatisfied": 0}
_RATINGS = ("efficiency", "cooperation", "professional", "responsibility")


def header_state(row: SummonsRow) -> SummonsRow:
    """The header follows the slowest live lane until it is over; then all ratings end the rating."""
    live = row.live_parties
    if row.state in ("issued", "responded", "acting") and live:
        slowest = min(_RANK[party.state] for party in live)
        return replace(row, state=("issued", "responded", "acting")[min(slowest, 2)])
    if row.state == "rating" and all(party.rated_at is not None for party in live):
        return replace(row, state="verifying" if row.kind == "whistle" else "archived", open=row.kind == "whistle")
    return row


def _instant(value: Any) -> float:
    return datetime.fromisoformat(str(value)).timestamp()


# ------------------------------------------------------------------ lanes
def _respond(town: JointTown, _: Any, party: Party, __: Args) -> Party:
    late = party.confirm_due is not None and town.now > party.confirm_due
    return replace(party, responded_at=town.now, response="late" if late else "on_time")


def _arrive(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    if party.responded_at is None:
        party = _respond(town, record, party, args)
    late = party.arrive_due is not None and town.now > party.arrive_due
    meet = record.row.meet_at
    arrival = "late" if late else "early" if meet is not None and town.now < meet else "on_time"
    came = int(args["came"]) if "came" in args else party.heads
    return replace(party, arrived_at=town.now, arrival=arrival, came=came, distance_m=40 if "lon" in args else None)


def _witness(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    return replace(_arrive(town, record, party, args), witnessed=True)


def _worked(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    _words(record, party, result=str(args["text"]))
    return replace(party, acted_at=party.acted_at or town.now)


def _finish(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    _words(record, party, result=str(args["result"]), documents=str(args.get("documents", "")))
    counted = {name: int(args[name]) for name in ("people", "goods") if name in args}
    return replace(party, done_at=town.now, acted_at=party.acted_at or town.now, **counted)


def _ask_release(_: JointTown, record: Any, party: Party, args: Args) -> Party:
    _words(record, party, asked_reason=f"{args['reason']}（{args['legal_basis']}）")
    return replace(party, asked="release")


def _replaced(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    new = _add_lane(town, record, record.row, args)
    record.row = new
    return replace(party, live=False, replaced_by=new.parties[-1].no)


def _rate(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    _words(record, party, rating_reason=str(args.get("reason", "")))
    points = {name: int(args[name]) for name in _RATINGS}
    response = 100 if party.response == "on_time" else 50
    score = round(response * 0.5 + sum(points.values()) / 8, 1)
    return replace(party, **points, rated_at=town.now, score=score, response_score=party.response_score or response)


def _object(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    record.objections[party.no] = Objection(party.no, town.now, str(args["reason"]), None, None, "", {})
    return replace(party, objection="open")


def _decide(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    upheld = args["upheld"] == "yes"
    before = {name: getattr(party, name) for name in (*_RATINGS, "response", "arrival")}
    record.objections[party.no] = replace(record.objections[party.no], decided_at=town.now, upheld=upheld,
                                          decision=str(args["decision"]), before=before)
    given = [name for name in before if upheld and name in args]
    changed = {name: int(args[name]) if name in _RATINGS else args[name] for name in given}
    if upheld and "acted" in args:
        changed["acted_at"] = town.now
    disputed = party.disputed and "arrival" not in changed
    new = replace(party, objection="upheld" if upheld else "dismissed", disputed=disputed, **changed)
    return _revoke_false(town, record, party, new)


def _revoke_false(town: JointTown, record: Any, was: Party, party: Party) -> Party:
    """A bulletin of a mark that was corrected falls, and its open rectification with it."""
    for at, one in enumerate(town.bulletins):
        marks = {"absent": "arrival", "no_action": "acted_at"}
        mark = marks.get(one.kind, "response")
        corrected = getattr(was, mark) != getattr(party, mark)
        of_lane = (one.summons_id, one.party_no, one.revoked_at) == (record.row.id, party.no, None)
        if not of_lane or not corrected:
            continue
        town.bulletins[at] = replace(one, revoked_at=town.now)
        if (task_record := town.tasks.get(one.task_id)) is not None and task_record.row.open:
            cancelled = replace(task_record.row, state="cancelled", open=False, closed_at=town.now)
            town.write(task_record, cancelled, None, "duty", "revoke", {"reason": f"通报 {one.no} 已撤销"})
    return replace(party, published=_standing(town, record, party))


def _standing(town: JointTown, record: Any, party: Party) -> str:
    return " ".join(b.kind for b in town.bulletins
                    if (b.summons_id, b.party_no, b.revoked_at) == (record.row.id, party.no, None))


def _publish(town: JointTown, record: Any, party: Party, args: Args) -> Party:
    return _told(town, record, party, str(args["kind"]), str(args["text"]), by_clock=False)


def _told(town: JointTown, record: Any, party: Party, kind: str, words: str, by_clock: bool) -> Party:
    """A bulletin with its rectification."""
    number = town.next_number()
    due = town.now + 5 * 86_400
    name = town.city.directory.orgs[party.unit_id].short_name
    town.put(task(number, "通报整改", name, "东城区", due, source="rectification", summons_id=record.row.id,
                  party_no=party.no))
    task_id = joint_id(number)
    town.bulletins.append(Bulletin(task_id + 5000, f"TB-20250618-{number:04d}", kind, record.row.id, record.row.no,
                                   party.no, party.unit_id, words, town.now, by_clock, task_id, "open", due, None))
    return replace(party, published=_standing(town, record, party))


def _words(record: Any, party: Party, **words: str) -> None:
    record.lanes[party.no] = replace(record.lanes.get(party.no, PartyWords()), **words)


LANE_EFFECTS: Mapping[str, Callable[[JointTown, Any, Party, Args], Party]] = {
    "respond": _respond, "arrive": _arrive, "witness": _witness, "act": _worked, "finish": _finish,
    "sign_off": lambda town, _, party, __: replace(party, signed_at=town.now),
    "return_lane": lambda _, __, party, ___: replace(party, reworks=party.reworks + 1, done_at=None, signed_at=None),
    "ask_release": _ask_release,
    "release": lambda _, __, party, ___: replace(party, live=False, asked=None),
    "insist": lambda _, __, party, ___: replace(party, asked=None),
    "replace": _replaced,
    "withdraw_party": lambda _, __, party, ___: replace(party, live=False),
    "dispute": lambda _, __, party, ___: replace(party, disputed=True),
    "rate": _rate, "object": _object, "decide": _decide, "publish": _publish,
}


# ------------------------------------------------------------------ the whole
def _sign(town: JointTown, _: Any, row: SummonsRow, __: Args) -> SummonsRow:
    row = replace(row, issued_at=town.now, signed_by=1)
    return replace(row, parties=tuple(called(party, row) for party in row.parties))


def _edit(_: JointTown, record: Any, row: SummonsRow, args: Args) -> SummonsRow:
    if "reason" in args:
        record.words["reason"] = str(args["reason"])
    text = {name: str(args[name]) for name in ("title", "place", "level") if name in args}
    places = {name: float(args[name]) for name in ("lon", "lat") if name in args}
    instants = {name: _instant(args[name]) for name in ("meet_at", "ends_at") if name in args}
    return replace(row, **text, **places, **instants)


def _reschedule(town: JointTown, record: Any, row: SummonsRow, args: Args) -> SummonsRow:
    row = _edit(town, record, row, {name: value for name, value in args.items() if name != "reason"})
    return replace(row, parties=tuple(called(party, row) for party in row.parties))


def _add_lane(town: JointTown, _: Any, row: SummonsRow, args: Args) -> SummonsRow:
    no = max((party.no for party in row.parties), default=0) + 1
    name = town.city.directory.orgs[int(args["unit_id"])].short_name
    heads = int(args["heads"]) if "heads" in args else None
    return replace(row, parties=(*row.parties, called(lane(no, name, heads=heads), row)))


def _close(town: JointTown, record: Any, row: SummonsRow, args: Args) -> SummonsRow:
    record.words["conclusion"] = str(args["conclusion"])
    scored = tuple(replace(p, response_score=100 if p.response == "on_time" else 50) for p in row.parties)
    return replace(row, closed_at=town.now, parties=tuple(_blamed(town, record, p) for p in scored))


def _blamed(town: JointTown, record: Any, party: Party) -> Party:
    """What was missed is published as the work ends."""
    for kind in untold_faults(party) if party.live else ():
        party = _told(town, record, party, kind, f"{BULLETIN_LABELS[kind]}，予以通报", by_clock=True)
    return party


def _sent_back(_: JointTown, __: Any, row: SummonsRow, ___: Args) -> SummonsRow:
    """What was rated is to be rated anew."""
    void = dict.fromkeys((*_RATINGS, "rated_at", "rated_by", "score"))
    lanes = tuple(replace(p, **void) if p.live else p for p in row.parties)  # type: ignore[arg-type]
    return header_state(replace(row, state="acting", closed_at=None, ruled=False, parties=lanes))


def _tick(town: JointTown, record: Any, row: SummonsRow, args: Args) -> SummonsRow:
    no = int(args["check"])
    record.checks[:] = [CheckItem(c.no, c.text, 1, town.now) if c.no == no else c for c in record.checks]
    return replace(row, unticked=sum(c.done_at is None for c in record.checks))


def _consult(town: JointTown, _: Any, row: SummonsRow, args: Args) -> SummonsRow:
    names = {town.city.directory.orgs[p.unit_id].short_name: "invited" for p in row.live_parties}
    caller = town.city.directory.orgs[row.caller_id].short_name
    town.put(meeting(town.next_number(), str(args["title"]), caller, _instant(args["meet_at"]), names, kind="second",
                     summons_id=row.id, street_id=row.street_id))
    return row


SUMMONS_EFFECTS: Mapping[str, Callable[[JointTown, Any, Any, Args], Any]] = {
    "sign": _sign, "edit": _edit, "reschedule": _reschedule, "add_party": _add_lane, "close": _close,
    "rule_close": lambda town, record, row, args: replace(_close(town, record, row, args), ruled=True),
    "tick": _tick, "consult": _consult,
    "raise_level": lambda _, __, row, args: replace(row, level=str(args["level"])),
    "follow_up": lambda _, __, row, args: replace(row, citizen_score=_SATISFIED[str(args["satisfied"])]),
    "reject_verify": _sent_back,
    "verify": lambda town, _, row, __: replace(row, archived_at=town.now),
}


# ------------------------------------------------------------------ meetings and tasks
def _attendance(state: str | None) -> Callable[[JointTown, Any, MeetingRow, Args], MeetingRow]:
    def change(_: JointTown, __: Any, row: MeetingRow, args: Args) -> MeetingRow:
        unit = int(args["unit_id"])
        others = tuple(one for one in row.attendees if one[0] != unit)
        return replace(row, attendees=(*others, (unit, state or str(args["attendance"]))))
    return change


def _hold(_: JointTown, record: Any, row: MeetingRow, args: Args) -> MeetingRow:
    record.words["decisions"] = str(args["decisions"])
    return row


def _assign(town: JointTown, _: Any, row: MeetingRow, args: Args) -> MeetingRow:
    orgs = town.city.directory.orgs
    town.put(task(town.next_number(), str(args["title"]), orgs[int(args["unit_id"])].short_name,
                  orgs[row.caller_id].short_name, _instant(args["due"]), source="meeting",
                  meeting_id=row.id), text=str(args.get("text", "")))
    return row


def _report(town: JointTown, record: Any, row: TaskRow, args: Args) -> TaskRow:
    record.words["result"] = str(args["result"])
    return replace(row, reported_at=town.now)


MEETING_EFFECTS: Mapping[str, Callable[[JointTown, Any, Any, Args], Any]] = {
    "invite": _attendance("invited"), "confirm": _attendance("confirmed"), "excuse": _attendance("excused"),
    "attend": _attendance(None), "hold": _hold, "assign": _assign,
    "reschedule": lambda _, __, row, args: replace(row, meet_at=_instant(args["meet_at"])),
    "close": lambda town, _, row, __: replace(row, closed_at=town.now),
}
TASK_EFFECTS: Mapping[str, Callable[[JointTown, Any, Any, Args], Any]] = {
    "report": _report,
    "accept": lambda town, _, row, __: replace(row, closed_at=town.now),
    "return_task": lambda _, __, row, ___: replace(row, reworks=row.reworks + 1, reported_at=None),
    "extend": lambda _, __, row, args: replace(row, due=_instant(args["due"])),
}
