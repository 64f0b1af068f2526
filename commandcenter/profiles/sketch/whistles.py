"""Picks whistle scenarios (吹哨场景) from the common list, in the lines of one deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commandcenter.profiles.sketch.catalogue import Cells

_LETTERS = {"综合执法": "Z", "重点工作": "K", "应急处置": "Y", "兜底责任": "D"}


def pick_scenarios(listed: Sequence[Cells], names: Sequence[str], answering: Mapping[str, str]) -> list[Cells]:
    """Rows of a scenarios.csv: those of ``listed`` that ``names`` picks, coded by scope: Z01, K01, Y01, D01.

    ``answering``: line of the list → line that answers for it here; two that become one are called once.
    Raises ValueError for a name that is not on the list.
    """
    if unknown := set(names) - {row["name"] for row in listed}:
        raise ValueError(f"no such scenarios: {'、'.join(sorted(unknown))}")
    serial = dict.fromkeys(_LETTERS, 0)
    found = []
    for row in listed:
        if row["name"] in names:
            serial[row["scope"]] += 1
            code = f"{_LETTERS[row['scope']]}{serial[row['scope']]:02d}"
            parties = dict.fromkeys(answering.get(line, line) for line in row["parties"].split())
            found.append({**row, "code": code, "parties": " ".join(parties)})
    return found
