"""Turns an arrival into a report: what, where, in which words, by whom."""

from __future__ import annotations

from random import Random
from uuid import uuid4

from commandcenter.domain.model import CatalogueItem, Channel, NewReport
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.fate import draw_fate
from commandcenter.simulation.life import Draft, Life
from commandcenter.simulation.places import Place, point_in
from commandcenter.simulation.rhythm import Birth

_OWN_NUMBERS = frozenset({"patrol", "center_app", "leader", "transfer"})  # channels without numbers of their own


def born(facts: Facts, birth: Birth, older: Life | None) -> Life:
    """The life of a new problem; a duplicate (fate: merged) tells the problem of the `older` one again."""
    rng = Random(f"{facts.seed}/{birth.key}")
    fate = draw_fate(rng, facts.data.fates, patrol=birth.channel.code == "patrol")
    life = Life(birth.key, rng, fate)
    if fate.merged and older is not None and older.draft is not None:
        life.master = older
        place, item = older.draft.place, facts.directory.items[older.draft.item_id]
    else:
        place, item = facts.places.draw(rng), facts.subjects.draw(rng)
    life.draft = _draft(facts, rng, birth, place, item)
    return life


def _draft(facts: Facts, rng: Random, birth: Birth, place: Place, item: CatalogueItem) -> Draft:
    channel = birth.channel
    located = rng.random() < _share(facts, "located", channel)
    photographed = rng.random() < _share(facts, "photographed", channel)
    report = _report(facts, rng, birth, place, item, located)
    return Draft(report, channel, place, item.id, photographed)


def _share(facts: Facts, what: str, channel: Channel) -> float:
    shares = facts.data.rhythm[what]
    return float(shares.get(channel.code, shares["other"]))


def _report(
    facts: Facts, rng: Random, birth: Birth, place: Place, item: CatalogueItem, located: bool
) -> NewReport:
    address = facts.places.address(rng, place)
    description = facts.phrases.describe(rng, birth.channel, address, item, facts.subjects.topic(item.id))
    name, phone = facts.phrases.person(rng)
    lon, lat = point_in(rng, place.ring)
    citizen, patrol = birth.channel.citizen, birth.channel.code == "patrol"
    return NewReport(
        id=uuid4(),
        channel=birth.channel.code,
        description=description,
        summary=f"{address} {item.name}",
        address=f"{place.street}{address}",
        source_no="" if birth.channel.code in _OWN_NUMBERS else f"S{facts.seed}-{birth.key}",
        occurred_at=facts.timing.local(birth.at - rng.uniform(60, 1800)),
        lon=lon if located else None,
        lat=lat if located else None,
        item_id=item.id if patrol else None,
        grid_id=place.grid_id if patrol else None,
        district_id=facts.directory.orgs[place.street_id].district_id,
        reporter_name=name if citizen else "",
        reporter_phone=phone if citizen else "",
    )
