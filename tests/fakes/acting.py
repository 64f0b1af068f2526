"""The workflow on the fake city: version, role, required inputs, the guards that screens meet, effects and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from commandcenter.domain.model import CaseRow, Command, Done, PendingRequest, Person, StageClock
from commandcenter.domain.workflow import Action
from tests.fakes.city import CaseRecord, FakeCity


def act(city: FakeCity, person: Person, command: Command) -> Done:
    """Carry out a command as the database would; raises its domain errors."""
    with city.lock:
        if command.id in city.answers:
            return replace(city.answers[command.id], replayed=True)
        record = city.records.get(command.case_id)
        if record is None:
            raise NotFound("没有这个案件")
        action = city.workflow.action[command.action]
        _check_version(city, action, record, command.version)
        role = _role(city, action, record.row, person)
        _check_inputs(action, command.args)
        _check_guards(city, action, record, command.args, person)
        done = _carry_out(city, record, action, command.args, person, role)
        city.answers[command.id] = done
    city.tell(frozenset({command.case_id}))
    return done


def _check_version(city: FakeCity, action: Action, record: CaseRecord, expected: int) -> None:
    if action.keeps_version or record.row.version == expected:
        return
    moves = [event for event in record.trace if event.from_state != event.to_state]
    last = (moves or record.trace)[-1]
    unit = city.directory.orgs.get(last.unit_id or 0)
    raise Conflict("案件已被他人处理", {
        "who": last.actor_name, "login": last.actor_login, "at": last.recorded_at.isoformat(), "action": last.action,
        "label": city.workflow.action[last.action].label, "unit": unit.short_name if unit else None,
        "state": record.row.state, "version": record.row.version,
    })


def _role(city: FakeCity, action: Action, row: CaseRow, person: Person) -> str:
    if row.state not in action.sources:
        label = city.workflow.state[row.state].label
        raise WrongState(f"案件{label}，不能{action.label}", {"state": row.state, "action": action.code})
    for rule in action.by:
        if any(duty.role == rule.role and reaches(city, duty.org_id, rule.reach, row) for duty in person.duties):
            return rule.role
    raise NotAllowed(f"您的岗位或范围不能对本案{action.label}", {"action": action.code})


def reaches(city: FakeCity, org_id: int, reach: str, row: CaseRow) -> bool:
    """Whether a duty at this node covers the case by territory, handler or unit."""
    if reach == "territory":
        return any(above(city, org_id, node) for node in (1, row.street_id, row.community_id) if node)
    node = row.handler_id if reach == "handler" else row.unit_id
    return node is not None and above(city, org_id, node)


def above(city: FakeCity, ancestor: int, node: int | None) -> bool:
    """Whether `ancestor` is the node or above it in the tree."""
    while node is not None:
        if node == ancestor:
            return True
        node = city.directory.orgs[node].parent_id
    return False


def _check_inputs(action: Action, args: Mapping[str, Any]) -> None:
    for name in args:
        if name not in action.required + action.optional:
            raise InvalidInput(f"该操作不接受此项：{name}", {"field": name})
    for name in action.required:
        if not str(args.get(name) or "").strip():
            raise InvalidInput("请填写必填项", {"field": name})


def _check_guards(city: FakeCity, action: Action, record: CaseRecord, args: Mapping[str, Any],
                  person: Person) -> None:
    row = record.row
    for guard in action.guards:
        if guard == "own_dispatch" and row.dispatched_by != person.id:
            raise NotAllowed("只能撤销自己的派遣")
        if guard == "not_ruled" and row.ruled:
            raise WrongState("已疑难定责，不得再回退")
        if guard == "not_overdue" and row.deadline is not None and row.deadline < city.now:
            raise TooLate("已超期，不能申请延期")
        if guard == "no_open_request" and row.asked:
            raise WrongState("已有待批的申请")
        if guard in ("extension_asked", "request_open") and not row.asked:
            raise WrongState("没有待批的申请")
        if guard == "after_photo" and not any(a.kind == "after" for a in record.attachments):
            raise InvalidInput("该小类反馈须上传处置后照片")
        if guard == "classified" and args.get("item_id", row.item_id) is None:
            raise InvalidInput("请先选择小类", {"field": "item_id"})


def _carry_out(city: FakeCity, record: CaseRecord, action: Action, args: Mapping[str, Any], person: Person,
               role: str) -> Done:
    old = record.row
    new = replace(old, version=old.version + (not action.keeps_version), state=_target(record, action))
    new = replace(new, **_effects(city, record, action.code, args, person))
    new = replace(new, open=city.workflow.state[new.state].open)
    if new.state != old.state or new.handler_id != old.handler_id:
        new = _next_stage(city, record, new)
    city.write(record, new, person, role, action.code, dict(args))
    return Done(new.id, new.no, new.version, new.state, len(record.trace))


def _target(record: CaseRecord, action: Action) -> str:
    if action.to == "=":
        return record.row.state
    if action.to == "back":
        return next(e.from_state for e in reversed(record.trace) if e.action == "dispatch")
    return action.to


def _effects(city: FakeCity, record: CaseRecord, action: str, args: Mapping[str, Any],
             person: Person) -> dict[str, Any]:
    row = record.row
    nobody = {"unit_id": None, "handler_id": None}
    if action in ("dispatch", "rule"):
        unit = int(args["unit_id"])
        return {"unit_id": unit, "handler_id": unit, "dispatched_by": person.id, "dispatched_at": city.now,
                "ruled": action == "rule", "asked": None}
    if action == "undo_dispatch":
        return nobody | {"dispatched_by": None, "dispatched_at": None}
    if action == "return_case":
        return nobody | {"returns": row.returns + 1, "asked": None}
    if action == "sub_dispatch":
        return {"handler_id": int(args["unit_id"])}
    if action == "hand_back":
        return {"handler_id": row.unit_id}
    if action in ("request_suspend", "request_extension"):
        return _ask(city, record, action.removeprefix("request_"), args, person)
    if action in ("approve_extension", "refuse_request", "suspend", "feedback"):
        record.request = None
        record.result = str(args.get("result", record.result))
        return {"asked": None}
    if action in ("classify", "accept", "file"):
        return _classify(city, record, args)
    simple: dict[str, dict[str, Any]] = {
        "rework": {"reworks": row.reworks + 1, "answered": False, "followed_up": False},
        "reply": {"answered": True}, "follow_up": {"followed_up": True}, "supervise": {"supervised": True},
        "lift_supervision": {"supervised": False}, "force_close": {"on_ledger": True},
        "clear_ledger": {"on_ledger": False},
    }
    return simple.get(action, {})


def _ask(city: FakeCity, record: CaseRecord, kind: str, args: Mapping[str, Any], person: Person) -> dict[str, Any]:
    until = datetime.fromisoformat(str(args["until"])) if "until" in args else None
    minutes = int(args["minutes"]) if "minutes" in args else None
    record.request = PendingRequest(kind, person.id, city.at(), str(args["reason"]), until, minutes)
    return {"asked": kind}


def _classify(city: FakeCity, record: CaseRecord, args: Mapping[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if "item_id" in args:
        item = city.directory.items[int(args["item_id"])]
        new |= {"item_id": item.id, "urgent": item.urgent, "grade": item.grade, "priority": 1 if item.urgent else 5}
    if "grid_id" in args:
        grid = city.directory.grids[int(args["grid_id"])]
        new |= {"grid_id": grid.id, "street_id": grid.street_id, "community_id": grid.community_id}
    if "grade" in args:
        new["grade"] = args["grade"]
    record.address = str(args.get("address", record.address))
    return new


def _next_stage(city: FakeCity, record: CaseRecord, new: CaseRow) -> CaseRow:
    if record.stages and record.stages[-1].ended_at is None:
        running = record.stages[-1]
        used = round(city.now - running.since.timestamp())
        record.stages[-1] = replace(running, ended_at=city.at(), used_s=used, overdue=used > running.limit_s)
    stage = city.workflow.state[new.state].stage
    if stage is None:
        return replace(new, deadline=None, warn_at=None, clock=None, stage_since=city.now)
    return start_stage(city, record, new, stage, city.now)


def start_stage(city: FakeCity, record: CaseRecord, row: CaseRow, stage: str, since: float) -> CaseRow:
    """Open a stage clock at `since` and set the row's deadline from the workflow's fallback limits."""
    rule = city.workflow.stage[stage]
    clock = "urgent" if row.urgent else rule.clock
    seconds = rule.minutes * 60
    position = None if clock == "urgent" else city.work_time.position(clock, since)
    due = None if position is None else city.work_time.instant(clock, position + seconds)
    due = due if due is not None else since + seconds
    warn = due - seconds * city.workflow.near_share
    unit = row.handler_id if stage in ("receive", "handle") else None
    record.stages.append(StageClock(len(record.stages) + 1, stage, unit, city.at(since), clock, seconds, city.at(due),
                                    city.at(warn), None, None, None, 0, False))
    return replace(row, stage_since=since, deadline=due, warn_at=warn, clock=clock)
