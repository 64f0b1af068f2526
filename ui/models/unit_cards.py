"""派给谁: units as cards, the recommended ones first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from commandcenter.domain.model import Directory, Org, UnitFigures
from commandcenter.domain.recommend import Suggestion
from commandcenter.live.tally import UnitLoad
from widgets.board.cards import CardData, Section
from widgets.tones import Tone

_EMPTY = UnitLoad()
_KINDS = (("department", "职能部门"), ("street", "街道"), ("utility", "公用事业"), ("enterprise", "养护与物业企业"))
_BELOW = (("section", "本单位科室"), ("agency", "派出机构"), ("community", "社区"))
_FULL_FROM = 20  # a bar is full at the busiest unit's load, but a handful of cases never looks like overload
_SUGGESTED = 9
_HOUR = 3600


class UnitCards:
    """Cards from the directory, the live load (None: not known yet) and the 30-day figures of the units."""

    def __init__(self, directory: Directory, loads: Mapping[int, UnitLoad] | None,
                 figures: Mapping[int, UnitFigures]) -> None:
        self._directory = directory
        self._loads = loads
        self._figures = figures
        self._most = max(_FULL_FROM, *(load.open for load in (loads or {}).values()), 0)

    def suggested(self, suggestions: Sequence[Suggestion], title: str) -> Section:
        """The recommended units with keys 1–9 and the reason."""
        cards = tuple(
            self._card(self._directory.orgs[s.unit_id], number, s.reasons)
            for number, s in enumerate(suggestions[:_SUGGESTED], 1)
        )
        return Section("suggested", title, cards)

    def by_kind(self, reach: Collection[int], below: bool = False) -> list[Section]:
        """All units that may be sent to, by kind; streets' own sections and agencies where `below`.

        Where some belong to a district and some to the city above it, the district's come first.
        """
        kinds = _BELOW if below else _KINDS
        inside = [org for org in self._directory.orgs.values() if org.id in reach and org.active]
        mine = self._directory.district_id
        homes = sorted({org.district_id for org in inside}, key=lambda home: (home == mine, home))
        sections = (self._section(kind, self._title(title, home, homes), home, inside)
                    for kind, title in kinds for home in homes)
        return [section for section in sections if section.cards]

    def _title(self, title: str, home: int, homes: Sequence[int]) -> str:
        return title if len(homes) < 2 else f"{self._directory.orgs[home].short_name} · {title}"

    def _section(self, kind: str, title: str, home: int, inside: Sequence[Org]) -> Section:
        orgs = [org for org in inside if org.kind == kind and org.district_id == home]
        # By the last 30 days, not by live load: the cards must not wander under the hand.
        orgs.sort(key=lambda org: -self._figures[org.id].dispatched if org.id in self._figures else 0)
        return Section((kind, home), title, tuple(self._card(org) for org in orgs))

    def _card(self, org: Org, hotkey: int | None = None, reasons: tuple[str, ...] = ()) -> CardData:
        load = (self._loads or {}).get(org.id, _EMPTY)
        fill = min(1.0, load.open / self._most)
        count = None if self._loads is None else load.open
        return CardData(
            org.id, org.short_name or org.name, count, load.overdue, fill, self._pace(org.id),
            reasons[0] if reasons else "", hotkey, Tone.NEAR if fill > 0.8 else Tone.ACTION,
            keywords=f"{org.name} {org.line or ''}", details=tuple(reasons),
        )

    def _pace(self, unit_id: int) -> str:
        """Nothing where nothing was closed in 30 days: a word on every card would be noise."""
        figures = self._figures.get(unit_id)
        if figures is None or figures.mean_used_s is None:
            return ""
        seconds = figures.mean_used_s
        return f"平均处置 {seconds / _HOUR:.1f} h" if seconds >= _HOUR else f"平均处置 {seconds / 60:.0f} min"
