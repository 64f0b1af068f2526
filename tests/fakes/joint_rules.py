"""Whistle rules and standing teams of 东城, read from the profile's own files."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache

from commandcenter.domain.joint import Level, Scenario, Team, TeamLine, WhistleRules
from tests.fakes.directory import PROFILE


def _rows(name: str) -> list[dict[str, str]]:
    with (PROFILE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> int | None:
    return int(text) if text else None


def _scenario(row: dict[str, str]) -> Scenario:
    return Scenario(row["code"], row["scope"], row["name"], tuple(row["parties"].split()), row["rule"], row["level"],
                    _number(row["confirm_minutes"]), _number(row["arrive_minutes"]), _number(row["handle_hours"]))


@lru_cache(maxsize=1)
def whistle_rules() -> WhistleRules:
    """As cc.whistle_rules tells them."""
    raw = tomllib.loads((PROFILE / "whistle.toml").read_text("utf-8"))
    score, weights = raw["score"], raw["weights"]
    return WhistleRules(
        **{name: raw["arrival"][name] for name in ("radius_m", "early_minutes", "late_minutes")},
        **{name: score[name] for name in ("respond_on_time", "respond_late", "arrive_on_time", "arrive_late", "acted")},
        weight_response=weights["response"], weight_street=weights["street"], weight_citizen=weights["citizen"],
        reason_below=raw["rating"]["reason_below"], objection_days=raw["objection"]["days"],
        rectification_days=raw["rectification"]["days"], bulletin_automatic=raw["bulletin"]["automatic"],
        levels=tuple(Level(**{**level, "adds": tuple(level["adds"])}) for level in raw["level"]),
        callers={caller["kind"]: (tuple(caller["calls"]), caller["signed"]) for caller in raw["caller"]},
        scenarios=tuple(_scenario(row) for row in _rows("scenarios.csv")),
    )


def profile_teams() -> list[Team]:
    """Those of teams.csv, numbered in its order."""
    rows = _rows("teams.csv")
    codes = list(dict.fromkeys(row["code"] for row in rows))
    return [_team(number, [row for row in rows if row["code"] == code]) for number, code in enumerate(codes, 1)]


def _team(number: int, rows: list[dict[str, str]]) -> Team:
    lines = tuple(TeamLine(row["line"], int(row["heads"]), row["lead"] == "1") for row in rows)
    return Team(number, rows[0]["code"], rows[0]["name"], rows[0]["template"], lines, False)
