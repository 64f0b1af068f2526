"""A directory as the database would give it, made from a profile."""

from __future__ import annotations

from datetime import date, timedelta

from commandcenter.domain.model import Calendar, CatalogueItem, Channel, Directory, Grid, Org
from commandcenter.profiles.model import Profile, homes_of

DISTRICT = 1


def directory_of(profile: Profile, first_day: date) -> Directory:
    """The directory that the database would give; weekdays of the year from `first_day` are working days."""
    org = {unit.key: number for number, unit in enumerate(profile.org, DISTRICT)}
    homes = homes_of(profile.org)
    grid = {cell.key: number for number, cell in enumerate(profile.grids, 1)}
    days = [first_day + timedelta(days=n) for n in range(400)]
    windows: dict[str, tuple[tuple[int, int], ...]] = {}
    for w in profile.office_windows:
        if w.clock != "urgent":
            windows[w.clock] = (*windows.get(w.clock, ()), (w.start_minute * 60, w.end_minute * 60))
    orgs = {
        org[u.key]: Org(
            org[u.key], u.key, org.get(u.parent_key or ""), u.kind, u.name, u.short_name,
            org.get(u.serves_key or ""), u.line, True, org[homes[u.key]],
        )
        for u in profile.org
    }  # fmt: skip
    return Directory(
        district_id=DISTRICT, title=profile.title, time_zone="Asia/Shanghai", sample=True,
        reopen_days=profile.reopen_days, orgs=orgs,
        grids={
            grid[g.key]: Grid(
                grid[g.key], g.key, grid.get(g.parent_key or ""), org[g.street_key], org.get(g.community_key),
                g.kind, g.code, g.name,
            )
            for g in profile.grids
        },
        channels={
            n: Channel(n, c.code, c.name, c.proactive, c.citizen, c.short_name)
            for n, c in enumerate(profile.channels, 1)
        },
        items={
            n: CatalogueItem(
                n, i.code, i.kind, i.domain, i.major, i.minor, i.name, i.urgent, i.grade_hint, i.line, i.fallback,
                i.photo_required, i.return_window_minutes, i.filing_condition, i.closing_standard,
            )
            for n, i in enumerate(profile.catalogue, 1)
        },
        operators={},
        calendar=Calendar("Asia/Shanghai", windows, tuple((d.isoformat(), d.weekday() < 5) for d in days)),
    )  # fmt: skip
