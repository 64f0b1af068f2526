"""Organisations on whose behalf a person may draft, by name or initials."""

from __future__ import annotations

from collections.abc import Sequence

from commandcenter.domain.model import Directory, Org
from commandcenter.domain.pinyin import initials_at, is_initials
from ui.forms.option import Option
from ui.joint.calling import KIND_WORDS

_LIMIT = 12


class CallerOptions:
    """Keys are ids of organisations."""

    def __init__(self, directory: Directory, callers: Sequence[int]) -> None:
        self._directory = directory
        self._callers = [directory.orgs[org_id] for org_id in callers]

    def title(self, org_id: object) -> str:
        """The organisation's name."""
        org = self._directory.orgs.get(org_id) if isinstance(org_id, int) else None
        return org.name if org is not None else f"单位 {org_id}"

    def __call__(self, text: str) -> list[Option]:
        """The first ones while nothing is typed, otherwise those that match."""
        text = text.strip()
        return [self._option(org) for org in self._callers if not text or _matches(org, text)][:_LIMIT]

    def _option(self, org: Org) -> Option:
        parent = self._directory.orgs.get(org.parent_id or 0)
        where = f"{parent.short_name} · " if parent is not None and org.kind == "community" else ""
        return Option(org.id, org.name, where + KIND_WORDS.get(org.kind, org.kind), sure=False)


def _matches(org: Org, text: str) -> bool:
    return text in org.name or (is_initials(text) and initials_at(text.lower(), org.name) == 0)
