"""Names for the ids of a case, from the directory; an unknown id shows as a dash, never as a number."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from commandcenter.domain.model import CaseRow, Directory, Org
from commandcenter.domain.recommend import first_choice
from commandcenter.domain.roles import GRADE_LABELS
from commandcenter.domain.units import of_whole_city
from commandcenter.domain.workflow import Workflow, load_workflow

NONE = "—"
_SUMMARY = 18


class CaseWords:
    """Words for one directory; cheap enough to be asked for every visible cell."""

    def __init__(self, directory: Directory, workflow: Workflow | None = None) -> None:
        self.directory = directory
        self.workflow = workflow or load_workflow()
        self._zone = ZoneInfo(directory.time_zone)
        self._whole_city = of_whole_city(directory)
        self._grid_text = lru_cache(maxsize=8192)(self._grid_words)

    # ------------------------------------------------------------ of a case
    def number(self, row: CaseRow) -> str:
        """The running number, as people call a case: 2506-002378 → 002378."""
        return row.no.rpartition("-")[2]

    def major(self, row: CaseRow) -> str:
        """大类; before classification a dash."""
        item = self.directory.items.get(row.item_id or 0)
        return item.major if item else NONE

    def minor(self, row: CaseRow) -> str:
        """小类; before classification the beginning of what was told."""
        item = self.directory.items.get(row.item_id or 0)
        return item.minor if item else row.summary

    def title(self, row: CaseRow) -> str:
        """小类, or a short form of the summary."""
        item = self.directory.items.get(row.item_id or 0)
        return item.minor if item else (row.summary[:_SUMMARY] or "未定类")

    def street(self, row: CaseRow) -> str:
        """街道; to whoever works for a whole city with its 区县: 明湖·杏关."""
        street = self.org(row.street_id)
        if street is None or not self._whole_city:
            return self.unit(row.street_id)
        return f"{self.unit(street.district_id)[:-1]}·{street.short_name}"

    def place(self, row: CaseRow) -> str:
        """社区·网格: 簋街社区 03-2."""
        return self._grid_text(row.grid_id, row.community_id)

    def channel(self, row: CaseRow) -> str:
        """来源."""
        channel = self.directory.channels.get(row.channel_id)
        return channel.short_name if channel else NONE

    def grade(self, row: CaseRow) -> str:
        """分级, with 紧急 where the catalogue says so."""
        return GRADE_LABELS.get(row.grade, row.grade) + ("紧急" if row.urgent else "")

    def state(self, row: CaseRow) -> str:
        """状态."""
        return self.workflow.state[row.state].label

    def responsible(self, row: CaseRow) -> str:
        """承办单位, or before the dispatch the unit that the rule names: 荐 区城管委."""
        if row.handler_id is not None:
            return self.unit(row.handler_id)
        unit = self.rule_unit(row)
        return f"荐 {self.unit(unit)}" if unit is not None else NONE

    def rule_unit(self, row: CaseRow) -> int | None:
        """The unit that the rule names for a case not yet dispatched."""
        choice = first_choice(row, self.directory.items.get(row.item_id or 0), self.directory)
        return choice[0] if choice else None

    # ------------------------------------------------------------ of ids
    def org(self, org_id: int | None) -> Org | None:
        """The node, if known."""
        return self.directory.orgs.get(org_id) if org_id is not None else None

    def unit(self, org_id: int | None) -> str:
        """A unit's or street's short name."""
        org = self.org(org_id)
        return (org.short_name or org.name) if org else NONE

    def operator(self, operator_id: int | None) -> str:
        """A person's name."""
        return self.directory.operators.get(operator_id or 0, NONE)

    def clock_time(self, instant: float | datetime) -> str:
        """14:31:40 of the city."""
        return self._local(instant).strftime("%H:%M:%S")

    def date_time(self, instant: float | datetime) -> str:
        """06-18 14:31 of the city."""
        return self._local(instant).strftime("%m-%d %H:%M")

    def local(self, instant: float | datetime) -> datetime:
        """The instant on the city's wall clock."""
        return self._local(instant)

    def _local(self, instant: float | datetime) -> datetime:
        if isinstance(instant, datetime):
            return instant.astimezone(self._zone)
        return datetime.fromtimestamp(instant, self._zone)

    def _grid_words(self, grid_id: int | None, community_id: int | None) -> str:
        grid = self.directory.grids.get(grid_id or 0)
        if grid is not None:
            return grid.name
        return self.unit(community_id)
