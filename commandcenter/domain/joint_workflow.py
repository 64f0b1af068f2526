"""The workflows beside the case's as data: whistle (吹哨), order (联合执法令), party (a lane of either), meeting, task.

A file that does not hold together is refused when it is read: the database could only enforce what makes sense.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from commandcenter.domain.joint import RESPONSE_LABELS
from commandcenter.domain.roles import ROLE_LABELS
from commandcenter.domain.workflow import Action, Field, State, read_action, read_field
from commandcenter.resources import RESOURCES

FOLDER: Final = RESOURCES / "workflow"
MACHINES: Final = ("whistle", "order", "party", "meeting", "task")
FIELD_TYPES: Final = frozenset({"text", "line", "unit", "instant", "choice", "count", "score", "degrees", "check"})
REACHES: Final = frozenset({"territory", "caller", "lead", "party", "attendee", "unit", "issuer"})
HEADS: Final = ("whistle", "order")  # machines whose summons has lanes
WITHOUT_OPENING: Final = frozenset({"party"})  # a lane begins with its summons
_SAME, _BY_LANES = "=", ("lanes", "over")
_KEYS = frozenset(
    {"code", "label", "from", "to", "by", "head", "required", "optional", "guards", "keeps_version", "danger"}
)


@dataclass(frozen=True)
class Machine:
    """One workflow: states, fields, actions, events (code → word), and the digest of its file.

    `to` of an action is a state, "=" (unchanged), or for a summons "lanes" (as far as the slowest live lane is) or
    "over" (the ratings begin).
    """

    name: str
    states: tuple[State, ...]
    fields: tuple[Field, ...]
    actions: tuple[Action, ...]
    events: Mapping[str, str]
    digest: str
    lane_labels: Mapping[str, str]  # what its lanes call otherwise: code → word

    @cached_property
    def state(self) -> dict[str, State]:
        """States by code."""
        return {s.code: s for s in self.states}

    @cached_property
    def field(self) -> dict[str, Field]:
        """Fields by code."""
        return {f.code: f for f in self.fields}

    @cached_property
    def action(self) -> dict[str, Action]:
        """Actions by code."""
        return {a.code: a for a in self.actions}

    @property
    def opening(self) -> Action | None:
        """The action that begins a matter; None for a lane, which begins with its summons."""
        return next((a for a in self.actions if not a.sources), None)

    def label(self, code: str) -> str:
        """The word for what a trace event says was done: an action's, or that of an event nobody decided."""
        action = self.action.get(code)
        return action.label if action else self.events.get(code, code)

    def offered(self, state: str, roles: Collection[str], head: str | None = None) -> list[Action]:
        """Actions that some of these roles may do in this state (reach and guards are the database's to judge).

        `head`: the state of the summons, for a lane.
        """
        return [
            a for a in self.actions if state in a.sources and a.roles() & set(roles) and (not a.head or head in a.head)
        ]


@lru_cache(maxsize=16)
def load_machine(name: str, folder: Path = FOLDER) -> Machine:
    """Read one of MACHINES. Raises ValueError with file and reason when it does not hold together."""
    if name not in MACHINES:
        raise ValueError(f"no workflow of the name {name}: {', '.join(MACHINES)}")
    text = (folder / f"{name}.toml").read_bytes().replace(b"\r\n", b"\n")
    raw = tomllib.loads(text.decode("utf-8"))
    machine = Machine(
        name=name,
        states=tuple(State(s["code"], s["label"], None, s["open"]) for s in raw["state"]),
        fields=tuple(read_field(f) for f in raw["field"]),
        actions=tuple(read_action(a) for a in raw["action"]),
        events={e["code"]: e["label"] for e in raw["event"]},
        digest=hashlib.sha256(text).hexdigest(),
        lane_labels=dict(raw.get("lane_labels", {})),
    )
    heads = {code for head in HEADS for code in _codes(folder / f"{head}.toml")} if name == "party" else set()
    if faults := [*_key_faults(raw["action"]), *_faults(machine, heads), *_lane_faults(machine, folder)]:
        raise ValueError(f"{name}.toml: {'; '.join(faults)}")
    return machine


@lru_cache(maxsize=8)
def lane_machine(kind: str, folder: Path = FOLDER) -> Machine:
    """The workflow of a lane in the words of its summons: an order's unit 确认 where a whistle's 响应."""
    party, words = load_machine("party", folder), load_machine(kind, folder).lane_labels
    return replace(
        party,
        states=_worded(party.states, words),
        fields=tuple(replace(f, choices=_chosen(f, words)) for f in _worded(party.fields, words)),
        actions=_worded(party.actions, words),
        events={code: words.get(code, label) for code, label in party.events.items()},
        lane_labels=words,
    )


def response_word(kind: str, mark: str) -> str:
    """按时响应, of an order 按时确认."""
    return load_machine(kind).lane_labels.get(f"response.{mark}", RESPONSE_LABELS[mark])


_Labelled = TypeVar("_Labelled", State, Field, Action)


def _worded(parts: tuple[_Labelled, ...], words: Mapping[str, str]) -> tuple[_Labelled, ...]:
    return tuple(replace(part, label=words.get(part.code, part.label)) for part in parts)


def _chosen(field: Field, words: Mapping[str, str]) -> dict[str, str]:
    return {code: words.get(f"{field.code}.{code}", label) for code, label in field.choices.items()}


def load_machines() -> dict[str, Machine]:
    """All of them by name."""
    return {name: load_machine(name) for name in MACHINES}


def joint_digests() -> dict[str, str]:
    """Digest by machine: what the client compares with the database at login."""
    return {name: machine.digest for name, machine in load_machines().items()}


def joint_digest() -> str:
    """One digest over all of them."""
    return hashlib.sha256("".join(joint_digests()[name] for name in MACHINES).encode()).hexdigest()


def _codes(path: Path) -> set[str]:
    return {state["code"] for state in tomllib.loads(path.read_text(encoding="utf-8"))["state"]}


def _lane_faults(machine: Machine, folder: Path) -> Iterator[str]:
    if not machine.lane_labels:
        return
    raw = tomllib.loads((folder / "party.toml").read_text(encoding="utf-8"))
    known = {part["code"] for kind in ("state", "field", "action", "event") for part in raw[kind]}
    known |= {f"response.{mark}" for mark in RESPONSE_LABELS}
    yield from _unknown("lane_labels", machine.lane_labels, known if machine.name in HEADS else ())


def _key_faults(actions: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A key that nobody reads: a guard under a wrong name would guard nothing."""
    for raw in actions:
        yield from (f"action {raw.get('code')}: unknown key {key}" for key in raw if key not in _KEYS)


def _faults(machine: Machine, heads: Collection[str]) -> Iterator[str]:
    """What is wrong with it, in words; `heads`: states of the summons that a lane may name."""
    for kind, codes in (
        ("state", [s.code for s in machine.states]),
        ("field", [f.code for f in machine.fields]),
        ("action", [*(a.code for a in machine.actions), *machine.events]),
    ):
        yield from (f"{kind} {code} stands there twice" for code in _repeated(codes))
    openings = [a.code for a in machine.actions if not a.sources]
    if len(openings) != (machine.name not in WITHOUT_OPENING):
        yield f"begun by {openings}"
    for field in machine.fields:
        yield from _field_faults(field)
    for action in machine.actions:
        yield from (f"action {action.code}: {fault}" for fault in _action_faults(action, machine, heads))


def _field_faults(field: Field) -> Iterator[str]:
    if field.type not in FIELD_TYPES:
        yield f"field {field.code}: unknown type {field.type}"
    if bool(field.choices) != (field.type == "choice"):
        yield f"field {field.code}: choices belong to the type choice"


def _action_faults(action: Action, machine: Machine, heads: Collection[str]) -> Iterator[str]:
    targets = {*machine.state, _SAME, *(_BY_LANES if machine.name in HEADS else ())}
    named = [*action.required, *action.optional]
    yield from _unknown("state", action.sources, machine.state)
    yield from _unknown("to", (action.to,), targets)
    yield from _unknown("head", action.head, heads)
    yield from _unknown("field", named, machine.field)
    yield from _unknown("role", action.roles(), ROLE_LABELS)
    yield from _unknown("reach", {rule.reach for rule in action.by}, REACHES)
    yield from (f"field {code} is asked for twice" for code in _repeated(named))
    if not action.by:
        yield "nobody may"


def _unknown(kind: str, named: Iterable[str], known: Collection[str]) -> Iterator[str]:
    return (f"unknown {kind} {code}" for code in named if code not in known)


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
