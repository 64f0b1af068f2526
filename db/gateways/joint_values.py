"""Values made of the JSON in which the database tells files, documents and teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from commandcenter.domain.joint import (
    Bulletin,
    CheckItem,
    Document,
    JointEvent,
    JointFile,
    Objection,
    PartyWords,
    Team,
    TeamLine,
)

Value = TypeVar("Value")


def value(kind: type[Value], told: Mapping[str, Any] | Sequence[Any]) -> Value:
    """A dataclass of a JSON object by its fields' names, or of an array by their order; instants from ISO 8601."""
    names, instants = _parts(kind)  # type: ignore[arg-type]
    if isinstance(told, Mapping):
        given = {name: told[name] for name in names if name in told}
    else:
        given = dict(zip(names, told, strict=True))
    for name in instants:
        if isinstance(given.get(name), str):
            given[name] = datetime.fromisoformat(given[name]).timestamp()
    return kind(**given)


@cache
def _parts(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the fields; and of the numbers, which come as text when they are instants and only then."""
    own = fields(kind)
    return tuple(f.name for f in own), tuple(f.name for f in own if str(f.type).startswith("float"))


def values(kind: type[Value], told: Sequence[Any] | None) -> tuple[Value, ...]:
    """Several; none when there is nothing."""
    return tuple(value(kind, one) for one in told or ())


def document(told: Mapping[str, Any]) -> Document:
    """A 公文 as issued."""
    return value(Document, told)


def team(told: Mapping[str, Any]) -> Team:
    """A standing team with its lines."""
    return value(Team, {**told, "lines": values(TeamLine, told["lines"])})


def trace(told: Mapping[str, Any]) -> tuple[JointEvent, ...]:
    """The entries of `trace`, oldest first."""
    return values(JointEvent, told.get("trace"))


def files(told: Mapping[str, Any]) -> tuple[JointFile, ...]:
    """The attachments of `files`."""
    return values(JointFile, told.get("files"))


def checks(told: Mapping[str, Any]) -> tuple[CheckItem, ...]:
    """The checklist."""
    return values(CheckItem, told.get("checks"))


def objections(told: Mapping[str, Any]) -> tuple[Objection, ...]:
    """What parties objected to; `before` is empty while nothing was corrected."""
    return values(Objection, told.get("objections"))


def bulletins(told: Mapping[str, Any]) -> tuple[Bulletin, ...]:
    """通报."""
    return values(Bulletin, told.get("bulletins"))


def documents(told: Mapping[str, Any]) -> tuple[Document, ...]:
    """公文 issued so far."""
    return values(Document, told.get("documents"))


def words(told: Mapping[str, Any]) -> dict[int, PartyWords]:
    """What is written about the lanes, by their number."""
    return {int(no): value(PartyWords, one) for no, one in (told.get("words") or {}).items()}
