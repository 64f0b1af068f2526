"""Expands subclasses of components and events into a full list of items, marked as sample data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest

Cells = dict[str, str]

_LIMIT_UNITS = ("紧急工作时", "工作时", "工作日")
_USUAL_DEFECT = "破损"


def expand_catalogue(
    components: Sequence[Cells],
    defects: Sequence[Cells],
    events: Sequence[Cells],
    places: Mapping[str, Cells],
    limits: Mapping[str, Cells],
    total: int,
) -> list[Cells]:
    """Exactly ``total`` rows in the columns of a catalogue file, ordered by code.

    A component becomes one item per defect of its family, an event one in general and one per place.
    If that is more than ``total``, the last variants of the subclasses are dropped, one from each in
    turn, so that every subclass stays; ``ValueError`` if it is less.
    """
    subclasses = [
        *([_component_item(part, defect) for defect in _defects_of(part, defects)] for part in components),
        *(list(_event_items(event, places[event["places"]])) for event in events),
    ]
    kept = _first_variants(subclasses, total)
    return [{**item, **_stage_limits(item.pop("limit"), limits)} for item in chain.from_iterable(kept)]


def _first_variants(subclasses: Sequence[list[Cells]], total: int) -> list[list[Cells]]:
    """Deal ``total`` items round by round; each subclass keeps a head of its list."""
    dealt = [0] * len(subclasses)
    rounds = zip_longest(*([index] * len(items) for index, items in enumerate(subclasses)))
    turns = [index for turn in rounds for index in turn if index is not None]
    if len(turns) < total:
        raise ValueError(f"the sources give {len(turns)} items, {total} are wanted")
    for index in turns[:total]:
        dealt[index] += 1
    return [items[:count] for items, count in zip(subclasses, dealt, strict=True)]


def _defects_of(part: Cells, defects: Sequence[Cells]) -> list[tuple[int, Cells]]:
    """Numbered defects of the component's family, without those that cannot happen to it."""
    family = [defect for defect in defects if defect["family"] == part["family"]]
    without = part["without"].split()
    return [(n, defect) for n, defect in enumerate(family, 1) if defect["defect"] not in without]


def _component_item(part: Cells, numbered: tuple[int, Cells]) -> Cells:
    number, defect = numbered
    return {
        "code": _code("1", part, number),
        "kind": "component",
        "domain": "城市管理",
        **_classes(part),
        "name": part["minor"] + defect["defect"],
        **_priority(defect),
        "grade_hint": "simple" if defect["limit"] == "4工作时" and defect["danger"] == "1" else "clear",
        "line": part["line"],
        "fallback": part["fallback"],
        "photo_required": "1",
        "sample": "1",
        "filing_condition": defect["condition"].format(n=part["minor"]),
        "closing_standard": defect["standard"],
    }


def _event_items(event: Cells, where: Cells) -> Iterator[Cells]:
    for number, place in enumerate(["", *where["places"].split()]):
        yield {
            "code": _code("2", event, number),
            "kind": "event",
            "domain": event["domain"],
            **_classes(event),
            "name": place + (event["stem"] or event["minor"]) if place else event["minor"],
            **_priority(event),
            "grade_hint": event["grade"],
            "line": event["line"],
            "fallback": event["fallback"],
            "photo_required": event["photo"],
            "sample": "1" if place or event["listed"] == "0" else "0",
            "filing_condition": event["condition"].format(p=place or where["general"]),
            "closing_standard": event["standard"],
        }


def _code(kind: str, subclass: Cells, number: int) -> str:
    return f"{kind}{subclass['major_code']}{subclass['minor_code']}{number:02d}"


def _classes(subclass: Cells) -> Cells:
    return {column: subclass[column] for column in ("major_code", "major", "minor_code", "minor")}


def _priority(source: Cells) -> Cells:
    return {
        **{column: source[column] for column in ("danger", "visibility", "disorder")},
        "urgent": str(int("紧急" in source["limit"])),
        "limit": source["limit"],
    }


def _stage_limits(handling: str, limits: Mapping[str, Cells]) -> Cells:
    """Limits of all stages from the one for handling; shorter stages go by the same kind of clock."""
    unit = next(unit for unit in _LIMIT_UNITS if handling.endswith(unit))
    return {**limits[unit], "handle": handling}


def list_types(
    classes: Sequence[Cells],
    components: Sequence[Cells],
    defects: Sequence[Cells],
    events: Sequence[Cells],
    limits: Mapping[str, Cells],
    answering: Mapping[str, str],
    event_fallback: str = "",
) -> list[Cells]:
    """One row per type: the events of majors or subclasses that a class takes in, the components it names with their
    usual defect.

    ``answering``: line of the sources → line of the department that answers for it here. ``event_fallback`` replaces
    the fallback of every event, so that events go to the territory (属地) first where it is ``street``.
    """
    found = []
    for group in classes:
        drawn = _events_of(group, events) if group["kind"] == "event" else _components_of(group, components, defects)
        for number, item in enumerate(drawn, 1):
            if group["kind"] == "event" and event_fallback:
                item["fallback"] = event_fallback
            named = {**item, **_place_in(group, number), **_answered(item, answering)}
            found.append({**named, **_stage_limits(named.pop("limit"), limits)})
    return found


def _events_of(group: Cells, events: Sequence[Cells]) -> Iterator[Cells]:
    nowhere = {"places": "", "general": "责任区内"}
    wanted = group["from"].split()
    for event in events:
        if event["major"] in wanted or event["minor"] in wanted:
            yield from _event_items(event, nowhere)


def _components_of(group: Cells, components: Sequence[Cells], defects: Sequence[Cells]) -> Iterator[Cells]:
    by_name = {part["minor"]: part for part in components}
    for minor in group["from"].split():
        numbered = _defects_of(by_name[minor], defects)
        usual = next((pair for pair in numbered if pair[1]["defect"] == _USUAL_DEFECT), numbered[0])
        yield _component_item(by_name[minor], usual)


def _place_in(group: Cells, number: int) -> Cells:
    kind = "1" if group["kind"] == "component" else "2"
    code = f"{kind}{group['code']}{number:02d}"
    return {"code": code, "major_code": group["code"], "major": group["name"], "minor_code": f"{number:02d}"}


def answering_lines(lines: Sequence[Cells]) -> dict[str, str]:
    """Line of the sources → line that answers for it here, from the column ``answers`` of lines.csv."""
    return {answer: row["line"] for row in lines for answer in row.get("answers", "").split()}


def _answered(item: Cells, answering: Mapping[str, str]) -> Cells:
    return {column: answering.get(item[column], item[column]) for column in ("line", "fallback")}
