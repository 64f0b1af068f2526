"""Everything that changes whistles, orders, meetings and tasks: one function call, one transaction, one round trip."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.joint import (
    MEETING,
    SUMMONS,
    TASK,
    Document,
    JointCommand,
    JointDone,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    Team,
    TeamLine,
)
from db.gateways.calling import Caller
from db.gateways.joint_values import document, team

_OPEN = "select cc.open_summons(%(id)s::uuid, %(kind)s, %(args)s::jsonb)"
_LANE = "select cc.lane_act(%(id)s::uuid, %(entity_id)s, %(party_no)s, %(version)s, %(action)s, %(args)s::jsonb)"
_WHOLE = "select cc.{}_act(%(id)s::uuid, %(entity_id)s, %(version)s, %(action)s, %(args)s::jsonb)"
_ACT = {entity: _WHOLE.format(entity) for entity in (SUMMONS, MEETING, TASK)}
_CALL = "select cc.call_meeting(%(id)s::uuid, %(args)s::jsonb)"
_ASSIGN = "select cc.assign_task(%(id)s::uuid, %(args)s::jsonb)"
_ATTACH = (
    "select cc.attach_joint(%(id)s::uuid, %(entity)s, %(entity_id)s, %(party_no)s, %(kind)s, %(name)s, %(mime)s,"
    " %(content)s)"
)
_DOCUMENT = "select cc.issue_document(%(id)s::uuid, %(entity_id)s)"
_TEAM = "select cc.save_team(%(id)s::uuid, %(args)s::jsonb)"
_OUTCOME = "select cc.command_outcome(%(id)s::uuid)"
_GIVE_UP = "select cc.give_up_command(%(id)s::uuid)"
_NOT_ARGS = frozenset({"id", "kind"})
_INSTANTS = frozenset({"meet_at", "ends_at", "due"})
_DONE = frozenset(field.name for field in fields(JointDone))


def _done(answer: Mapping[str, Any]) -> JointDone:
    return JointDone(**{name: value for name, value in answer.items() if name in _DONE})


def _replayed(answer: Mapping[str, Any] | None) -> JointDone | None:
    """None also for a command of another kind: this id was not one of ours."""
    if answer is None or "given_up" in answer or "entity" not in answer:
        return None
    return _done({**answer, "replayed": True})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def new_args(new: NewSummons | NewMeeting | NewTask) -> dict[str, Any]:
    """The arguments of a draft: what was left empty is left out, instants as ISO 8601."""
    given = {name: value for name, value in asdict(new).items() if name not in _NOT_ARGS}
    given = {name: value for name, value in given.items() if value not in (None, "", ())}
    for name in _INSTANTS & given.keys():
        given[name] = datetime.fromtimestamp(given[name], UTC).isoformat()
    if isinstance(new, NewSummons):
        given["parties"] = [_party(unit) for unit in given.get("parties", ())]
    return given


def _party(unit: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in unit.items() if value is not None}


class PgJointCommands(Caller):
    """`ports_joint.JointCommands` over an autocommit engine."""

    def open_summons(self, new: NewSummons) -> JointDone:
        """拟哨, 拟令."""
        return _done(self._call(_OPEN, id=str(new.id), kind=new.kind, args=_json(new_args(new))))

    def call_meeting(self, new: NewMeeting) -> JointDone:
        """召集会商."""
        return _done(self._call(_CALL, id=str(new.id), args=_json(new_args(new))))

    def assign_task(self, new: NewTask) -> JointDone:
        """交办, 批办."""
        return _done(self._call(_ASSIGN, id=str(new.id), args=_json(new_args(new))))

    def act(self, command: JointCommand) -> JointDone:
        """Carry out a workflow action on the whole or on one lane."""
        return _done(
            self._call(
                _statement(command),
                id=str(command.id),
                entity_id=command.entity_id,
                party_no=command.party_no,
                version=command.version,
                action=command.action,
                args=_json(dict(command.args)),
            )
        )

    def attach(self, new: NewJointFile) -> JointDone:
        """Add a photo or a document."""
        return _done(
            self._call(
                _ATTACH,
                id=str(new.id),
                entity=new.entity,
                entity_id=new.entity_id,
                party_no=new.party_no,
                kind=new.kind,
                name=new.name,
                mime=new.mime,
                content=new.content,
            )
        )

    def outcome(self, command_id: UUID) -> JointDone | None:
        """What became of a command whose answer was lost."""
        return _replayed(self._call(_OUTCOME, command=False, id=str(command_id)))

    def give_up(self, command_id: UUID) -> JointDone | None:
        """What became of it, for good: what was not done by now never will be."""
        return _replayed(self._call(_GIVE_UP, command=False, id=str(command_id)))

    def issue_document(self, command_id: UUID, summons_id: int) -> Document:
        """The 公文 as it stands now, kept with a new verification code."""
        return document(self._call(_DOCUMENT, id=str(command_id), entity_id=summons_id))

    def save_team(self, command_id: UUID, name: str, template: str, lines: Sequence[TeamLine]) -> Team:
        """存为模板."""
        args = {"name": name, "template": template, "lines": [asdict(line) for line in lines]}
        return team(self._call(_TEAM, id=str(command_id), args=_json(args)))


def _statement(command: JointCommand) -> str:
    if command.party_no is None:
        return _ACT[command.entity]
    if command.entity != SUMMONS:
        raise InvalidInput("只有吹哨和联合执法令有参与单位")
    return _LANE
