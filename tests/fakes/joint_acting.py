"""The joint workflows on the fake town: version, role, state, required inputs, guards that screens meet, effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from commandcenter.domain.joint import MEETING, TASK, JointCommand, JointDone, Party, SummonsRow
from commandcenter.domain.joint_offers import (
    PARTY,
    Scope,
    lane_scope,
    meeting_scope,
    role_for,
    summons_scope,
    task_scope,
)
from commandcenter.domain.joint_workflow import Machine, load_machine
from commandcenter.domain.model import Person
from commandcenter.domain.workflow import Action
from tests.fakes.joint_effects import LANE_EFFECTS, MEETING_EFFECTS, SUMMONS_EFFECTS, TASK_EFFECTS, header_state
from tests.fakes.joint_town import JointTown

_LANES_ADD = {"add_party": "unit_id", "replace": "unit_id"}


def act(town: JointTown, person: Person, command: JointCommand) -> JointDone:
    """Carry out a command as the database would; raises its domain errors."""
    with town.lock:
        if command.id in town.answers:
            return replace(town.answers[command.id], replayed=True)
        try:
            record = town.record(command.entity, command.entity_id)
        except KeyError:
            raise NotFound("没有这一条，或它不在您的范围内") from None
        known = {*town.meetings, *town.tasks}
        done = (_act_on_lane if command.party_no is not None else _act_on_whole)(town, record, person, command)
        town.answers[command.id] = done
    town.tell(command.entity_id, *({*town.meetings, *town.tasks} - known))
    return done


def _act_on_lane(town: JointTown, record: Any, person: Person, command: JointCommand) -> JointDone:
    row: SummonsRow = record.row
    party = row.party(command.party_no or 0)
    if party is None:
        raise NotFound("没有这个参与单位")
    action, role = _judge(town, load_machine(PARTY), party.state, lane_scope(row, party), person, command, row.state)
    _check_version(record, action, party.version, command)
    _check_lane_guards(town, row, party, action, command.args)
    changed = replace(party, version=party.version + (not action.keeps_version),
                      state=party.state if action.to == "=" else action.to)
    changed = LANE_EFFECTS.get(action.code, lambda *_: changed)(town, record, changed, command.args)
    lanes = tuple(changed if one.no == party.no else one for one in record.row.parties)
    new = header_state(replace(record.row, parties=lanes))
    town.write(record, new, person, role, action.code, dict(command.args), party.no, (party.state, changed.state))
    return _done(record, command.entity, record.row.version, record.row.state)


def _act_on_whole(town: JointTown, record: Any, person: Person, command: JointCommand) -> JointDone:
    row = record.row
    if isinstance(row, SummonsRow):
        machine, scope, effects = load_machine(row.kind), summons_scope(row), SUMMONS_EFFECTS
    elif command.entity == MEETING:
        machine, scope, effects = load_machine(MEETING), meeting_scope(row), MEETING_EFFECTS
    else:
        machine, scope, effects = load_machine(TASK), task_scope(row), TASK_EFFECTS
    action, role = _judge(town, machine, row.state, scope, person, command)
    _check_version(record, action, row.version, command)
    _check_guards(row, action, command.args)
    new = replace(row, version=row.version + (not action.keeps_version), state=_target(row, action))
    new = effects.get(action.code, lambda *_: new)(town, record, new, command.args)
    new = header_state(new) if action.to == "lanes" else new
    town.write(record, replace(new, open=machine.state[new.state].open), person, role, action.code, dict(command.args))
    return _done(record, command.entity, new.version, new.state)


def _target(row: Any, action: Action) -> str:
    if action.to in ("=", "lanes"):
        return str(row.state)
    return "rating" if action.to == "over" else action.to


def _judge(town: JointTown, machine: Machine, state: str, scope: Scope, person: Person, command: JointCommand,
           head: str | None = None) -> tuple[Action, str]:
    action = machine.action.get(command.action)
    if action is None:
        raise InvalidInput("没有这个操作")
    if state not in action.sources or (action.head and head not in action.head):
        raise WrongState(f"{machine.state[state].label}，不能{action.label}", {"state": state, "action": action.code})
    role = role_for(machine, action.code, state, scope, person, town.city.directory, head)
    if role is None:
        raise NotAllowed(f"您的岗位或范围不能{action.label}", {"action": action.code})
    for name in action.required:
        if not str(command.args.get(name, "")).strip():
            raise InvalidInput("请填写必填项", {"field": name})
    for name in command.args:
        if name not in action.required + action.optional:
            raise InvalidInput(f"该操作不接受此项：{name}", {"field": name})
    return action, role


def _check_version(record: Any, action: Action, present: int, command: JointCommand) -> None:
    if action.keeps_version or present == command.version:
        return
    last = record.trace[-1] if record.trace else None
    raise Conflict("已被他人处理，请看最新状态", {} if last is None else {
        "who": last.actor_name, "login": last.actor_login, "action": last.action,
        "at": datetime.fromtimestamp(last.recorded_at).astimezone().isoformat(),
    })


def _check_guards(row: Any, action: Action, args: Mapping[str, Any]) -> None:
    signed = isinstance(row, SummonsRow) and all(p.state == "signed" for p in row.live_parties)
    for guard in action.guards:
        if guard == "all_signed" and not signed:
            raise WrongState("还有单位没有签字，不能结束")
        if guard == "not_all_signed" and signed:
            raise WrongState("各单位都已签字，请直接结束")
        if guard == "nobody_came" and any(p.arrived_at is not None for p in row.live_parties):
            raise WrongState("已有单位到场，不能撤回")
        if guard == "not_called" and any(p.unit_id == int(args["unit_id"]) for p in row.live_parties):
            raise InvalidInput("该单位已在其中", {"field": "unit_id"})


def _check_lane_guards(town: JointTown, row: SummonsRow, party: Party, action: Action, args: Mapping[str, Any]) -> None:
    for guard in action.guards:
        if guard == "window_open" and party.arrive_from is not None and town.now < party.arrive_from:
            raise TooLate("未到报到时间")
        if guard == "within_radius" and row.lon is not None and "lon" not in args:
            raise InvalidInput("请填写坐标，或请召集方登记报到", {"field": "lon"})
        if guard == "not_the_last" and len(row.live_parties) < 2:
            raise WrongState("这是最后一家单位，请撤回整张哨单")
        if guard == "release_asked" and party.asked != "release":
            raise WrongState("该单位没有申请退哨")
        if guard == "nothing_asked" and party.asked:
            raise WrongState("已有待批的申请")
        if guard == "not_rated" and party.rated_at is not None:
            raise WrongState("已评价")
        if guard == "low_score_explained" and _low(args) and not str(args.get("reason", "")).strip():
            raise InvalidInput("低于 60 分须说明原因", {"field": "reason"})
        if guard == "objection_once" and party.objection is not None:
            raise WrongState("每家单位只能申诉一次")
    if action.code in _LANES_ADD and any(p.unit_id == int(args["unit_id"]) for p in row.live_parties):
        raise InvalidInput("该单位已在其中", {"field": "unit_id"})


def _low(args: Mapping[str, Any]) -> bool:
    return any(int(args[name]) < 60 for name in ("efficiency", "cooperation", "professional", "responsibility"))


def _done(record: Any, entity: str, version: int, state: str) -> JointDone:
    return JointDone(entity, record.row.id, record.row.no, version, state, record.row.events)

