"""Joint commands in memory and the pair of ports over one town; `the_evening(city)` of joint_evening fills one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound, OutcomeUnknown, WrongState
from commandcenter.domain.joint import (
    MEETING,
    SUMMONS,
    TASK,
    CheckItem,
    Document,
    JointCommand,
    JointDone,
    JointFile,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    Team,
    TeamLine,
)
from commandcenter.domain.joint_offers import caller_orgs
from commandcenter.domain.model import Person
from tests.fakes.city import ZONE
from tests.fakes.door import Door
from tests.fakes.joint_acting import act
from tests.fakes.joint_queries import FakeJointQueries
from tests.fakes.joint_rows import lane, meeting, summons, task
from tests.fakes.joint_rules import whistle_rules
from tests.fakes.joint_town import JointTown


class FakeJointCommands:
    """See ports_joint.JointCommands. `lose_answer`: the next command is done but its answer is lost."""

    def __init__(self, town: JointTown, person: Person) -> None:
        self._town = town
        self._person = person
        self.door = Door()
        self.lose_answer = False
        self.done: list[Any] = []  # every command that was carried out, as it was given

    def _once(self, given: Any, deed: Callable[[], JointDone]) -> JointDone:
        self.door.enter()
        if given.id in self._town.given_up:
            raise WrongState("这一步已放弃，请重新办理")
        known = self._town.answers.get(given.id)
        done = replace(known, replayed=True) if known else deed()
        self._town.answers.setdefault(given.id, done)
        self.done.append(given)
        if self.lose_answer:
            self.lose_answer = False
            raise OutcomeUnknown("连接中断，结果待确认")
        return done

    def open_summons(self, new: NewSummons) -> JointDone:
        """See ports_joint.JointCommands."""
        return self._once(new, lambda: self._open(new))

    def _open(self, new: NewSummons) -> JointDone:
        self._check_caller(new.kind, new.caller_id)
        if not new.title.strip() or not new.parties:
            raise InvalidInput("请填写事由并至少选择一个单位", {"field": "title" if new.parties else "parties"})
        orgs, town = self._town.city.directory.orgs, self._town
        caller = orgs[new.caller_id]
        lanes = tuple(lane(no, orgs[unit.unit_id].short_name, heads=unit.heads, lead=unit.lead)
                      for no, unit in enumerate(new.parties, 1))
        row = summons(
            town.next_number(), new.title, caller.short_name, lanes, kind=new.kind, drafted_at=town.now,
            scope=new.scope, scenario=new.scenario, level=new.level, place=new.place, lon=new.lon, lat=new.lat,
            meet_at=new.meet_at, ends_at=new.ends_at, cases=new.cases, from_id=new.from_id, unticked=len(new.checks),
        )
        row = replace(row, caller_id=caller.id, caller_kind=new.caller_kind or caller.kind,
                      street_id=caller.id if caller.kind == "street" else None)
        record = town.put(row, reason=new.reason)
        record.checks += [CheckItem(no, text, None, None) for no, text in enumerate(new.checks, 1)]
        town.write(record, row, self._person, self._role(), "draft", {})
        return self._told(SUMMONS, record)

    def call_meeting(self, new: NewMeeting) -> JointDone:
        """See ports_joint.JointCommands."""
        return self._once(new, lambda: self._call(new))

    def _call(self, new: NewMeeting) -> JointDone:
        self._check_caller(MEETING, new.caller_id)
        orgs = self._town.city.directory.orgs
        row = meeting(self._town.next_number(), new.title, orgs[new.caller_id].short_name, new.meet_at,
                      {orgs[unit].short_name: "invited" for unit in new.units}, cases=new.cases, place=new.place,
                      called_at=self._town.now)
        record = self._town.put(row, agenda=new.agenda)
        self._town.write(record, row, self._person, self._role(), "call", {})
        return self._told(MEETING, record)

    def assign_task(self, new: NewTask) -> JointDone:
        """See ports_joint.JointCommands."""
        return self._once(new, lambda: self._assign(new))

    def _assign(self, new: NewTask) -> JointDone:
        self._check_caller(TASK, new.issuer_id)
        orgs = self._town.city.directory.orgs
        row = task(self._town.next_number(), new.title, orgs[new.unit_id].short_name, orgs[new.issuer_id].short_name,
                   new.due, leader=new.leader, case_id=new.case_id, summons_id=new.summons_id,
                   issued_at=self._town.now)
        record = self._town.put(row, text=new.text)
        self._town.write(record, row, self._person, self._role(), "assign", {})
        return self._told(TASK, record)

    def act(self, command: JointCommand) -> JointDone:
        """See ports_joint.JointCommands."""
        return self._once(command, lambda: act(self._town, self._person, command))

    def attach(self, new: NewJointFile) -> JointDone:
        """See ports_joint.JointCommands."""
        return self._once(new, lambda: self._attach(new))

    def _attach(self, new: NewJointFile) -> JointDone:
        record = self._town.record(new.entity, new.entity_id)
        seq = record.row.events + 1
        record.files.append(JointFile(seq, new.party_no, new.kind, new.name, new.mime, len(new.content),
                                      sha256(new.content).hexdigest()))
        record.contents[seq] = new.content
        self._town.write(record, record.row, self._person, self._role(), "attach", {"name": new.name}, new.party_no)
        return self._told(new.entity, record)

    def outcome(self, command_id: UUID) -> JointDone | None:
        """See ports_joint.JointCommands."""
        self.door.enter()
        known = self._town.answers.get(command_id)
        return replace(known, replayed=True) if known else None

    def give_up(self, command_id: UUID) -> JointDone | None:
        """See ports_joint.JointCommands."""
        known = self.outcome(command_id)
        if known is None:
            self._town.given_up.add(command_id)
        return known

    def issue_document(self, command_id: UUID, summons_id: int) -> Document:
        """See ports_joint.JointCommands."""
        self.door.enter()
        if summons_id not in self._town.summons:
            raise NotFound("没有这一条，或它不在您的范围内")
        if self._town.summons[summons_id].row.issued_at is None:
            raise WrongState("签发之后才有公文")
        code = command_id.hex[:12].upper()
        content = _content(self._town, summons_id)
        document = Document(code, summons_id, self._town.now, self._person.name, content,
                            sha256(repr(content).encode()).hexdigest())
        return self._town.documents.setdefault(code, document)

    def save_team(self, command_id: UUID, name: str, template: str, lines: Sequence[TeamLine]) -> Team:
        """See ports_joint.JointCommands."""
        self.door.enter()
        if not name.strip() or not lines:
            raise InvalidInput("请填写队伍名称并至少选择一个条线", {"field": "name"})
        team = Team(len(self._town.teams) + 1, f"U{command_id.hex[:8]}", name.strip(), template, tuple(lines), True)
        self._town.teams.append(team)
        return team

    def _check_caller(self, machine: str, caller: int) -> None:
        if caller not in caller_orgs(machine, self._person, self._town.city.directory):
            raise NotAllowed("您的岗位或范围不能以该组织名义召集")

    def _role(self) -> str:
        return min(self._person.roles())

    def _told(self, entity: str, record: Any) -> JointDone:
        row = record.row
        self._town.tell(row.id)
        return JointDone(entity, row.id, row.no, row.version, row.state, row.events)


def _content(town: JointTown, summons_id: int) -> dict[str, Any]:
    """As cc.document_content (53_documents.sql) tells it: what stands on the paper; what is not there is left out."""
    record, orgs = town.summons[summons_id], town.city.directory.orgs
    row, rules = record.row, whistle_rules()
    parties = sorted(row.live_parties, key=lambda party: (not party.lead, party.no))
    told = {
        "kind": row.kind, "no": row.no, "issuer": orgs[row.district_id].name, "caller": orgs[row.caller_id].name,
        "title": row.title, "reason": record.words.get("reason", ""), "place": row.place, "lon": row.lon,
        "lat": row.lat, "scope": row.scope,
        "scenario": next((s.name for s in rules.scenarios if s.code == row.scenario), None),
        "level": next(level.label for level in rules.levels if level.code == row.level),
        "meet_at": _iso(row.meet_at), "ends_at": _iso(row.ends_at), "handle_due": _iso(row.handle_due),
        "parties": [_given({"name": orgs[p.unit_id].name, "line": p.line, "heads": p.heads, "lead": p.lead})
                    for p in parties],
        "checks": [check.text for check in record.checks],
        "cases": [town.city.row(case_id).no for case_id in row.cases],
        "drafted_by": "王建国", "signed_by": "周航", "issued_at": _iso(row.issued_at),
        "date": datetime.fromtimestamp(row.issued_at, ZONE).date().isoformat() if row.issued_at else None,
    }
    return _given(told)


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}


def _iso(instant: float | None) -> str | None:
    return None if instant is None else datetime.fromtimestamp(instant, UTC).isoformat()


@dataclass
class FakeJoint:
    """Commands and queries of one person."""

    commands: FakeJointCommands
    queries: FakeJointQueries


def joint_of(town: JointTown, person: Person) -> FakeJoint:
    """What a session holds."""
    return FakeJoint(FakeJointCommands(town, person), FakeJointQueries(town, person))
