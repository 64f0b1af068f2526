"""profile list|load P|rules P|check P."""

from __future__ import annotations

from commandcenter.profiles.check import compare
from commandcenter.profiles.geodesy import area_km2
from commandcenter.profiles.reader import list_profiles, read_profile
from db.cli.answer import Answer
from db.cli.station import Station
from db.errors import translated
from db.gateways.profile_counts import loaded_counts, stored_outlines
from db.gateways.whistle_loading import replace_rules


def names(station: Station) -> Answer:
    """The profiles this program brings."""
    found = list_profiles()
    return Answer({"profiles": found}, tuple(f"{n}  {read_profile(n).title}" for n in found))


def load(station: Station, name: str) -> Answer:
    """Load a profile into an empty database."""
    if not station.is_current():
        station.upgrade()
    profile = station.load(name)
    return Answer({"profile": name, "operators": len(profile.operators)}, (f"已装载 {profile.title}",))


def rules(station: Station, name: str) -> Answer:
    """Bring whistle rules, teams, grid people and compounds of a profile into the city loaded from it."""
    if not station.is_current():
        station.upgrade()
    profile = read_profile(name)
    with translated():
        replace_rules(station.owner, profile)
    figures = {"profile": name, "scenarios": len(profile.scenarios), "teams": len(profile.teams)}
    said = f"{profile.title}：吹哨场景 {len(profile.scenarios)} 个、队伍 {len(profile.teams)} 支已更新，重新登录后可见"
    return Answer(figures, (said,))


def check(station: Station, name: str) -> Answer:
    """Published figures against what the database holds; not ok when one differs."""
    profile = read_profile(name)
    if not station.is_current() or station.profile_name() != name:
        return Answer(
            {"ok": False, "profile": name}, (f"数据库中没有装载 {name}，请先执行 profile load {name}",), ok=False
        )
    with translated(), station.owner.connect() as connection:
        counts: dict[str, float] = {**loaded_counts(connection)}
        counts["area_km2"] = round(area_km2(stored_outlines(connection)), 2)
    lines = compare(profile.published, counts)
    ok = all(line.ok for line in lines)
    figures = {line.metric: {"published": line.published, "loaded": line.loaded, "ok": line.ok} for line in lines}
    shown = tuple(f"{'✓' if x.ok else '✗'} {x.label}  公布 {x.published:,g}  装载 {x.loaded:,g}" for x in lines)
    return Answer({"ok": ok, "profile": name, "figures": figures}, shown, ok=ok)
