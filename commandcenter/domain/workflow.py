"""The case workflow (七步闭环) as data: which action leads where, for whom, and what it needs."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from commandcenter.resources import RESOURCES

CASE_WORKFLOW = RESOURCES / "workflow" / "case.toml"


@dataclass(frozen=True, slots=True)
class State:
    """A state of the case; `stage` is None once it is over."""

    code: str
    label: str
    stage: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its limit (minutes on its clock) while the case has no catalogue item; `acts`: whom it waits for."""

    code: str
    label: str
    minutes: int
    clock: str
    acts: str


@dataclass(frozen=True, slots=True)
class Field:
    """An input of an action. type: text, line, unit, item, grid, case, instant, minutes, choice.

    In the workflows of `joint_workflow` also degrees, count, score, check.
    """

    code: str
    label: str
    type: str
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: a role, and how its scope must reach the case (territory, handler or unit) or joint matter."""

    role: str
    reach: str


@dataclass(frozen=True, slots=True)
class Action:
    """One verb of the workflow. `to` is a state, "=" (unchanged) or "back" (before the dispatch).

    `head`: states of the summons in which a lane's action is allowed; empty for everything else.
    """

    code: str
    label: str
    sources: tuple[str, ...]
    to: str
    by: tuple[Rule, ...]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    keeps_version: bool = False
    danger: bool = False
    head: tuple[str, ...] = ()

    def roles(self) -> frozenset[str]:
        """Roles that may ever do it."""
        return frozenset(rule.role for rule in self.by)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is said when a stage's time runs out: near_limit, overdue, or escalate (催办) with its level from 1.

    share: of the stage's limit past the deadline. to: "role:reach", or "acts" for whom the stage waits for.
    """

    kind: str
    level: int
    share: float
    to: tuple[str, ...]


@dataclass(frozen=True)
class Workflow:
    """States, stages, reminders, fields, actions, events (code → word), and the digest of the file they came from."""

    states: tuple[State, ...]
    stages: tuple[Stage, ...]
    reminders: tuple[Reminder, ...]
    fields: tuple[Field, ...]
    actions: tuple[Action, ...]
    events: Mapping[str, str]
    near_share: float
    rework_share: float
    acknowledge_minutes: int
    digest: str

    @cached_property
    def state(self) -> dict[str, State]:
        """States by code."""
        return {s.code: s for s in self.states}

    @cached_property
    def stage(self) -> dict[str, Stage]:
        """Stages by code."""
        return {s.code: s for s in self.stages}

    @cached_property
    def field(self) -> dict[str, Field]:
        """Fields by code."""
        return {f.code: f for f in self.fields}

    @cached_property
    def action(self) -> dict[str, Action]:
        """Actions by code."""
        return {a.code: a for a in self.actions}

    def label(self, code: str) -> str:
        """The word for what a trace event says was done: an action's, or that of an event nobody decided."""
        action = self.action.get(code)
        return action.label if action else self.events.get(code, code)

    def offered(self, state: str, roles: Collection[str]) -> list[Action]:
        """Actions that some of these roles may do in this state (scope and guards are the database's to judge)."""
        return [a for a in self.actions if state in a.sources and a.roles() & set(roles)]


def read_field(raw: Mapping[str, Any]) -> Field:
    """A field as a workflow file writes it."""
    return Field(raw["code"], raw["label"], raw["type"], dict(raw.get("choices", {})))


def read_action(raw: Mapping[str, Any]) -> Action:
    """An action as a workflow file writes it."""

    def words(key: str) -> tuple[str, ...]:
        return tuple(str(v) for v in raw.get(key, ()))

    rules = tuple(Rule(*entry.split(":", 1)) for entry in words("by"))
    return Action(
        code=str(raw["code"]),
        label=str(raw["label"]),
        sources=words("from"),
        to=str(raw["to"]),
        by=rules,
        required=words("required"),
        optional=words("optional"),
        guards=words("guards"),
        keeps_version=bool(raw.get("keeps_version", False)),
        danger=bool(raw.get("danger", False)),
        head=words("head"),
    )


def _reminders(raw: Sequence[Mapping[str, Any]]) -> Iterator[Reminder]:
    shares = [float(r["past"]) for r in raw if r["when"] == "escalate"]
    assert shares == sorted(set(shares)), "levels of escalation must rise"
    level = 0
    for r in raw:
        assert r["when"] in ("near_limit", "overdue", "escalate"), f"no reminder of kind {r['when']}"
        if r["when"] == "escalate":
            level += 1
            yield Reminder(r["when"], level, float(r["past"]), tuple(r["to"]))
        else:
            yield Reminder(r["when"], 0, 0.0, tuple(r["to"]))


@lru_cache(maxsize=4)
def load_workflow(path: Path = CASE_WORKFLOW) -> Workflow:
    """Read a workflow file; its digest is the SHA-256 of the bytes, newlines normalised."""
    text = path.read_bytes().replace(b"\r\n", b"\n")
    raw = tomllib.loads(text.decode("utf-8"))
    return Workflow(
        states=tuple(State(s["code"], s["label"], s.get("stage"), s["open"]) for s in raw["state"]),
        stages=tuple(Stage(s["code"], s["label"], s["minutes"], s["clock"], s["acts"]) for s in raw["stage"]),
        reminders=tuple(_reminders(raw["reminder"])),
        fields=tuple(read_field(f) for f in raw["field"]),
        actions=tuple(read_action(a) for a in raw["action"]),
        events={e["code"]: e["label"] for e in raw["event"]},
        near_share=float(raw["settings"]["near_share"]),
        rework_share=float(raw["settings"]["rework_share"]),
        acknowledge_minutes=int(raw["settings"]["acknowledge_minutes"]),
        digest=hashlib.sha256(text).hexdigest(),
    )
