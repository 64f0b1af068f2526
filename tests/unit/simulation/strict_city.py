"""A city in memory that refuses whatever the database would: role, scope, state, version, inputs and guards."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from strict_directory import DISTRICT, directory_of

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    ServerUnavailable,
    TooLate,
    WrongState,
)
from commandcenter.domain.model import (
    CaseRow,
    Command,
    Done,
    Grid,
    NewAttachment,
    NewReport,
    Person,
)
from commandcenter.domain.units import takes_cases
from commandcenter.domain.workflow import Action, load_workflow
from commandcenter.profiles.model import Profile
from commandcenter.simulation.places import contains


class StrictCity:
    """Cases with their rules. `now` is moved by the clock control; `log` holds (login, action, case, city time)."""

    def __init__(self, profile: Profile, first_day: date) -> None:
        self.directory = directory_of(profile, first_day)
        self.workflow = load_workflow()
        self.now = 0.0
        self.down = False
        self.rows: dict[int, CaseRow] = {}
        self.log: list[tuple[str, str, int, float]] = []
        self.refusals: Counter[str] = Counter()
        self.reports: list[NewReport] = []
        self.opened: Counter[str] = Counter()
        self.open_sessions = 0
        self.lock = threading.RLock()
        self._photos: set[tuple[int, str]] = set()
        self._waiting: set[int] = set()
        self._masters: dict[int, int] = {}
        self._returned: set[tuple[int, int]] = set()
        self._extended: set[int] = set()
        self._dispatchers: dict[int, str] = {}
        self._answers: dict[UUID, Done] = {}
        self._closed_at: dict[int, float] = {}
        self._numbers = count(1)
        self._limits = {
            (number, limit.stage): (limit.minutes * 60, limit.clock)
            for number, item in enumerate(profile.catalogue, 1)
            for limit in item.limits
        }
        self._rings = [(cell.key, cell.polygon) for cell in profile.grids if cell.kind == "unit"]
        self._work_time = WorkTime(self.directory.calendar)

    # ------------------------------------------------------------------ commands
    def report(self, person: Person, new: NewReport) -> Done:
        """采集."""
        with self.lock:
            if new.id in self._answers:
                return replace(self._answers[new.id], replayed=True)
            grid = self.directory.grids.get(new.grid_id or 0) or self._located(new)
            self._may_report(person, grid)
            row = self._first_row(new, grid)
            self.rows[row.id] = row
            self.reports.append(new)
            if row.citizen:
                self._waiting.add(row.id)
            self.log.append((person.login, "report", row.id, self.now))
            return self._remember(new.id, row)

    def attach(self, person: Person, new: NewAttachment) -> Done:
        """上传附件."""
        with self.lock:
            row = self._row(new.case_id)
            self._role(self.workflow.action["attach"], row, person)
            assert new.content.startswith(b"\x89PNG") and len(new.content) <= 40_960
            self._photos.add((row.id, new.kind))
            self.rows[row.id] = replace(row, photos=row.photos + 1)
            self.log.append((person.login, "attach", row.id, self.now))
            return Done(row.id, row.no, row.version, row.state, 1)

    def act(self, person: Person, command: Command) -> Done:
        """Any other action."""
        with self.lock:
            if command.id in self._answers:
                return replace(self._answers[command.id], replayed=True)
            row, action = self._row(command.case_id), self.workflow.action[command.action]
            if not action.keeps_version and row.version != command.version:
                raise Conflict("案件已被他人处理")
            self._role(action, row, person)
            self._inputs(action, command.args)
            for guard in action.guards:
                self._guard(guard, row, command.args, person)
            new = self._carried_out(row, action, command.args, person)
            self.rows[row.id] = new
            self.log.append((person.login, action.code, row.id, self.now))
            return self._remember(command.id, new)

    def resume_due(self) -> None:
        """The duty ends suspensions."""
        with self.lock:
            for row in list(self.rows.values()):
                if row.state == "suspended" and (row.resume_at or 0) <= self.now:
                    again = replace(row, state="in_progress", version=row.version + 1, resume_at=None)
                    self.rows[row.id] = replace(again, deadline=self._due(again, "handle"))

    def answer(self, command_id: UUID) -> Done | None:
        """What became of a command."""
        return self._answers.get(command_id)

    # ------------------------------------------------------------------ who, where
    def above(self, ancestor: int, node: int | None, serves: bool = False) -> bool:
        """Whether `ancestor` is the node or above it, by the tree, or also by serving."""
        while node is not None:
            org = self.directory.orgs[node]
            if ancestor == node or (serves and org.serves_id is not None and self.above(ancestor, org.serves_id)):
                return True
            node = org.parent_id
        return False

    def _row(self, case_id: int) -> CaseRow:
        if self.down:
            raise ServerUnavailable("数据库连接中断")
        if case_id not in self.rows:
            raise NotFound("没有这个案件")
        return self.rows[case_id]

    def _role(self, action: Action, row: CaseRow, person: Person) -> str:
        if row.state not in action.sources:
            raise WrongState(f"案件{row.state}，不能{action.label}", {"action": action.code})
        for rule in action.by:
            if any(d.role == rule.role and self._reaches(d.org_id, rule.reach, row) for d in person.duties):
                return rule.role
        raise NotAllowed(f"您的岗位或范围不能{action.label}", {"action": action.code})

    def _reaches(self, org_id: int, reach: str, row: CaseRow) -> bool:
        nodes = {"handler": (row.handler_id,), "unit": (row.unit_id,)}.get(
            reach, (DISTRICT, row.street_id, row.community_id)
        )
        return any(node is not None and self.above(org_id, node) for node in nodes)

    def _may_report(self, person: Person, grid: Grid | None) -> None:
        if self.down:
            raise ServerUnavailable("数据库连接中断")
        roles = self.workflow.action["report"].roles()
        place = grid.street_id if grid else None
        fits = (d for d in person.duties if d.role in roles and (place is None or self.above(d.org_id, place)))
        if next(fits, None) is None:
            raise NotAllowed("您的岗位或范围不能采集此处的案件")

    def _located(self, new: NewReport) -> Grid | None:
        for key, ring in self._rings:
            if new.lon is not None and new.lat is not None and contains(ring, new.lon, new.lat):
                return next(grid for grid in self.directory.grids.values() if grid.key == key)
        return None

    # ------------------------------------------------------------------ rules
    def _inputs(self, action: Action, args: Mapping[str, Any]) -> None:
        for name, value in args.items():
            choices = self.workflow.field[name].choices
            if name not in action.required + action.optional or (choices and value not in choices):
                raise InvalidInput(f"不接受{name}", {"field": name})
        for name in action.required:
            if not str(args.get(name) or "").strip():
                raise InvalidInput(f"请填写{name}", {"field": name})

    def _guard(self, guard: str, row: CaseRow, args: Mapping[str, Any], person: Person) -> None:
        ok, error = self._checks(guard, row, args, person)
        if not ok:
            raise error(f"{guard} 不满足", {"guard": guard, "case": row.id})

    def _checks(self, guard: str, row: CaseRow, args: Mapping[str, Any], person: Person) -> tuple[bool, type]:
        unit = int(args.get("unit_id") or 0)
        org, me = self.directory.orgs.get(unit), person.roles()
        if guard in ("unit_takes_cases", "unit_exists"):
            return takes_cases(org), InvalidInput
        if guard == "unit_in_reach":
            return any(self.above(d.org_id, unit, serves=True) for d in person.duties), NotAllowed
        if guard == "subunit":
            fits = takes_cases(org) and unit != row.handler_id and self.above(row.handler_id or 0, unit, serves=True)
            return fits, InvalidInput
        if guard == "own_dispatch":
            return self._dispatchers.get(row.id) == person.login and row.handler_id == row.unit_id, NotAllowed
        if guard == "return_window":
            return "supervisor" in me or self.now <= self._window_end(row), TooLate
        if guard == "second_return":
            return "supervisor" in me or (row.id, row.unit_id or 0) not in self._returned, TooLate
        if guard == "reopen_window":
            return self.now <= self._closed_at[row.id] + self.directory.reopen_days * 86_400, TooLate
        if guard == "until_ahead":
            until = datetime.fromisoformat(str(args["until"])).timestamp()
            return self.now + 60 <= until <= self.now + 180 * 86_400, InvalidInput
        return self._facts(guard, row, args)

    def _facts(self, guard: str, row: CaseRow, args: Mapping[str, Any]) -> tuple[bool, type]:
        item = self.directory.items.get(int(args.get("item_id") or row.item_id or 0))
        master = self.rows.get(int(args.get("master_id") or 0))
        waiting = [row.id, *(child for child, m in self._masters.items() if m == row.id)]
        table: dict[str, tuple[bool, type]] = {
            "something": (bool(args), InvalidInput),
            "classified": (item is not None and bool(args.get("grid_id") or row.grid_id), InvalidInput),
            "before_and_after_photo": ({(row.id, "before"), (row.id, "after")} <= self._photos, InvalidInput),
            "after_photo": ((row.id, "after") in self._photos or not (item and item.photo_required), InvalidInput),
            "master_open": (master is not None and master.open and master.id != row.id, InvalidInput),
            "is_sub_dispatched": (row.handler_id != row.unit_id, WrongState),
            "not_ruled": (not row.ruled, WrongState),
            "not_overdue": (row.deadline is None or self.now < row.deadline, TooLate),
            "not_extended": (row.id not in self._extended, TooLate),
            "no_open_request": (row.asked is None, WrongState),
            "request_open": (row.asked is not None, WrongState),
            "extension_asked": (row.asked == "extension", WrongState),
            "someone_waiting": (
                any(i in self._waiting for i in waiting) or (row.citizen and not row.answered), WrongState,
            ),
            "citizen_case": (row.citizen, WrongState),
            "answered": (
                not row.citizen or (row.answered and not any(i in self._waiting for i in waiting)), WrongState,
            ),
            "followed_up": (not row.citizen or row.followed_up, WrongState),
            "not_supervised": (not row.supervised, WrongState),
            "supervised": (row.supervised, WrongState),
            "on_ledger": (row.on_ledger, WrongState),
            "due_ahead": ("due" not in args, InvalidInput),
            "cleared_by_whistle": (args.get("document_no") == f"CS-{row.id}", InvalidInput),  # the whistle for it
        }  # fmt: skip
        return table[guard]

    # ------------------------------------------------------------------ effects
    def _carried_out(self, row: CaseRow, action: Action, args: Mapping[str, Any], person: Person) -> CaseRow:
        state = {"=": row.state, "back": "returned" if row.returns else "filed"}.get(action.to, action.to)
        new = replace(row, version=row.version + (not action.keeps_version), state=state, changed_at=self.now)
        new = replace(new, **self._effects(row, action.code, args, person))
        new = replace(new, open=self.workflow.state[state].open)
        if not new.open:
            self._closed_at.setdefault(row.id, self.now)
        if state != row.state or new.handler_id != row.handler_id:
            stage = self.workflow.state[state].stage
            new = replace(new, stage_since=self.now, deadline=self._due(new, stage) if stage else None)
        return new

    def _effects(self, row: CaseRow, action: str, args: Mapping[str, Any], person: Person) -> dict[str, Any]:
        nobody = {"unit_id": None, "handler_id": None, "dispatched_at": None, "asked": None}
        if action in ("classify", "accept", "file"):
            return self._classified(args)
        if action in ("dispatch", "rule"):
            self._dispatchers[row.id] = person.login
            self._extended.discard(row.id)
            unit = int(args["unit_id"])
            return {"unit_id": unit, "handler_id": unit, "dispatched_at": self.now, "ruled": action == "rule"}
        if action == "return_case":
            self._returned.add((row.id, row.unit_id or 0))
            return nobody | {"returns": row.returns + 1}
        if action == "approve_extension":
            self._extended.add(row.id)
            return {"asked": None, "deadline": (row.deadline or self.now) + 86_400}
        if action == "merge":
            return self._merged(row, int(args["master_id"]))
        if action in ("rework", "reopen"):
            return self._again(row) | ({"reworks": row.reworks + 1} if action == "rework" else nobody)
        if action == "reply":
            self._waiting -= {row.id, *(child for child, m in self._masters.items() if m == row.id)}
        simple: dict[str, dict[str, Any]] = {
            "undo_dispatch": nobody, "sub_dispatch": {"handler_id": int(args.get("unit_id") or 0), "asked": None},
            "hand_back": {"handler_id": row.unit_id, "asked": None}, "request_suspend": {"asked": "suspend"},
            "request_extension": {"asked": "extension"}, "refuse_request": {"asked": None},
            "suspend": {"asked": None, "resume_at": self._until(args)}, "feedback": {"asked": None},
            "reply": {"answered": True}, "follow_up": {"followed_up": True}, "supervise": {"supervised": True},
            "lift_supervision": {"supervised": False}, "force_close": {"on_ledger": True, "asked": None},
            "clear_ledger": {"on_ledger": False},
        }  # fmt: skip
        return simple.get(action, {})

    def _until(self, args: Mapping[str, Any]) -> float | None:
        return datetime.fromisoformat(str(args["until"])).timestamp() if "until" in args else None

    def _again(self, row: CaseRow) -> dict[str, Any]:
        self._closed_at.pop(row.id, None)
        if row.citizen:
            self._waiting.add(row.id)
        return {"answered": False, "followed_up": False}

    def _merged(self, row: CaseRow, master_id: int) -> dict[str, Any]:
        self._masters[row.id] = master_id
        if row.citizen:
            master = self.rows[master_id]
            self.rows[master_id] = replace(master, citizen=True, answered=False, followed_up=False)
        return {}

    def _classified(self, args: Mapping[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if "item_id" in args:
            item = self.directory.items[int(args["item_id"])]
            changes |= {"item_id": item.id, "urgent": item.urgent, "grade": item.grade}
        if "grid_id" in args:
            grid = self.directory.grids[int(args["grid_id"])]
            changes |= {"grid_id": grid.id, "street_id": grid.street_id, "community_id": grid.community_id}
        return changes

    def _first_row(self, new: NewReport, grid: Grid | None) -> CaseRow:
        channel = next(c for c in self.directory.channels.values() if c.code == new.channel)
        item = self.directory.items.get(new.item_id or 0)
        number = next(self._numbers)
        row = CaseRow(
            id=202600000000000 + number, no=f"2606-{number:06d}", version=1, state="reported",
            grade=item.grade if item else "clear", priority=5, urgent=False, item_id=new.item_id, channel_id=channel.id,
            citizen=channel.citizen, street_id=grid.street_id if grid else None,
            community_id=grid.community_id if grid else None, grid_id=grid.id if grid else None, lon=new.lon,
            lat=new.lat, unit_id=None, handler_id=None, ruled=False, reported_at=self.now, changed_at=self.now,
            stage_since=self.now, deadline=None, warn_at=None, clock=None, paused_left_s=None, resume_at=None,
            dispatched_by=None, dispatched_at=None, returns=0, reworks=0, asked=None, supervised=False,
            on_ledger=False, answered=False, followed_up=False, photos=0, open=True, summary=new.summary,
        )  # fmt: skip
        return replace(row, deadline=self._due(row, "accept"))

    def _due(self, row: CaseRow, stage: str) -> float:
        usual = self.workflow.stage[stage]
        seconds, clock = self._limits.get((row.item_id or 0, stage), (usual.minutes * 60, usual.clock))
        return self._after(self.now, clock, seconds)

    def _window_end(self, row: CaseRow) -> float:
        item = self.directory.items[row.item_id or 0]
        clock = self._limits.get((item.id, "receive"), (0, "hours"))[1]
        return self._after(row.dispatched_at or 0.0, clock, item.return_window_minutes * 60)

    def _after(self, start: float, clock: str, seconds: float) -> float:
        if clock == "urgent":
            return start + seconds
        position = self._work_time.position(clock, start)
        assert position is not None
        found = self._work_time.instant(clock, position + round(seconds))
        assert found is not None
        return found

    def _remember(self, command_id: UUID, row: CaseRow) -> Done:
        self._answers[command_id] = Done(row.id, row.no, row.version, row.state, 1)
        return self._answers[command_id]
