"""Values made of the JSON in which the database tells files, documents and teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields
from datetime import datetime
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
    own = fields(kind)  # type: ignore[arg-type]
    by_name = dict(told) if isinstance(told, Mapping) else dict(zip((f.name for f in own), told, strict=True))
    return kind(**{f.name: _read(f, by_name[f.name]) for f in own if f.name in by_name})


def _read(field: Field[Any], given: Any) -> Any:
    """A number of seconds comes as the text of an instant; nothing else that is a float comes as text."""
    if isinstance(given, str) and str(field.type).startswith("float"):
        return datetime.fromisoformat(given).timestamp()
    return given


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
