"""Arguments of an action as the database takes them, and whether the required ones are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.workflow import Action, Field


class Machine(Protocol):
    """Any workflow of the house: the case's, or one of the joint ones."""

    @property
    def action(self) -> Mapping[str, Action]:
        """Actions by code."""

    @property
    def field(self) -> Mapping[str, Field]:
        """Fields by code."""


def action_args(machine: Machine, action: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The plain arguments of an action. Raises InvalidInput with the `field` when a required one is missing."""
    given = plain_args(args)
    for code in machine.action[action].required:
        if code not in given:
            raise InvalidInput(f"请填写{machine.field[code].label}", {"field": code})
    return given


def plain_args(args: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the database takes them: text stripped, instants as ISO 8601 with offset, blanks left out."""
    plain = {code: _plain(value) for code, value in args.items()}
    return {code: value for code, value in plain.items() if value is not None and value != ""}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("an instant without time zone")
    return value.isoformat()
