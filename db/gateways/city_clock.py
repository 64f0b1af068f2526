"""Lets the clock of a city of sample data run fast; refused on a real city (20_clock.sql)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, text

from db.duty import run_once
from db.errors import translated


class PgCityClock:
    """`simulation.ClockControl` for the database's owner."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def set_clock(self, shown: datetime, speed: float) -> None:
        """Show `shown` now and run `speed` times as fast as real time."""
        with translated(), self._engine.begin() as connection:
            connection.execute(text("select cc.set_clock(:shown, :speed)"), {"shown": shown, "speed": speed})

    def real_clock(self) -> None:
        """Go back to real time."""
        with translated(), self._engine.begin() as connection:
            connection.execute(text("select cc.real_clock()"))

    def now(self) -> datetime:
        """The city's time."""
        with translated(), self._engine.connect() as connection:
            found: datetime = connection.execute(text("select cc.city_now()")).scalar_one()
            return found

    def run_duty(self) -> None:
        """Do what is due by the city's clock."""
        run_once(self._engine)
