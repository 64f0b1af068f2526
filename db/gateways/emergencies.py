"""应急: begun, its decisions and teams, ended."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from commandcenter.domain.emergency import Emergency, EmergencyEvent, EmergencyPlace
from db.errors import translated
from db.gateways.calling import Caller

_COLUMNS = """select id, district_id, version, case_id, summons_id, item_id, street_id, grid_id, lon, lat,
  extract(epoch from began_at)::float8, began_by, extract(epoch from ended_at)::float8 from cc.emergency"""
_RUNNING = text(f"{_COLUMNS} where ended_at is null order by began_at desc, id desc")
_PAST = text(f"{_COLUMNS} where ended_at is not null order by ended_at desc, id desc limit :most")
_LOG = text("select seq, at, actor_name, role, action, unit_id, team_state, words from cc.emergency_log(:which)")
_BEGIN = "select cc.begin_emergency(%(id)s::uuid, %(args)s::jsonb, %(words)s)"
_NOTE = "select cc.note_emergency(%(id)s::uuid, %(which)s, %(words)s, %(unit)s, %(state)s)"
_END = "select cc.end_emergency(%(id)s::uuid, %(which)s, %(words)s)"


class PgEmergencies(Caller):
    """`ports_emergency.Emergencies` over an autocommit engine; row-level security decides what is seen."""

    def running(self) -> list[Emergency]:
        """Those going on."""
        return [Emergency(*row) for row in self._rows(_RUNNING)]

    def past(self, at_most: int) -> list[Emergency]:
        """Those that ended, newest first."""
        return [Emergency(*row) for row in self._rows(_PAST, most=at_most)]

    def log(self, emergency_id: int) -> list[EmergencyEvent]:
        """Its entries, oldest first."""
        return [EmergencyEvent(*row) for row in self._rows(_LOG, which=emergency_id)]

    def begin(self, command_id: UUID, place: EmergencyPlace, words: str = "") -> int:
        """Turn wall and desks to it."""
        told = {
            name: value for name in ("case_id", "summons_id", "lon", "lat")
            if (value := getattr(place, name)) is not None
        }  # fmt: skip
        answer = self._call(_BEGIN, id=str(command_id), args=json.dumps(told), words=words)
        return int(answer["emergency"])

    def decide(self, command_id: UUID, emergency_id: int, words: str) -> None:
        """Write a decision down."""
        self._call(_NOTE, id=str(command_id), which=emergency_id, words=words, unit=None, state=None)

    def team(self, command_id: UUID, emergency_id: int, unit_id: int, state: str, words: str = "") -> None:
        """Where a unit's team is."""
        self._call(_NOTE, id=str(command_id), which=emergency_id, words=words, unit=unit_id, state=state)

    def end(self, command_id: UUID, emergency_id: int, words: str = "") -> None:
        """It is over."""
        self._call(_END, id=str(command_id), which=emergency_id, words=words)

    def _rows(self, statement: Any, **values: Any) -> list[Any]:
        with translated(), self._engine.connect() as connection:
            return list(connection.execute(statement, values))
