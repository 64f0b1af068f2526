from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from datetime import date, datetime
from random import Random

import pytest
from city_run import ZONE
from strict_directory import directory_of

from commandcenter.profiles.model import Profile
from commandcenter.simulation.data import city_data
from commandcenter.simulation.drafts import born
from commandcenter.simulation.facts import Facts, gather
from commandcenter.simulation.photos import POOL, photo
from commandcenter.simulation.places import contains, point_in
from commandcenter.simulation.rhythm import Rhythm


@pytest.fixture(scope="module")
def facts(dongcheng: Profile) -> Facts:
    logins = [o.login for o in dongcheng.operators]
    return gather(dongcheng, directory_of(dongcheng, date(2026, 1, 1)), logins, 5)


def rhythm(facts: Facts, rate: float = 1640, seed: int = 5) -> Rhythm:
    return Rhythm(facts.directory, city_data("dongcheng"), seed, rate)


def day(year: int, month: int, number: int) -> float:
    return datetime(year, month, number, tzinfo=ZONE).timestamp()


def test_reports_follow_the_curve_of_the_day(facts: Facts) -> None:
    start = day(2026, 6, 8)
    births = list(rhythm(facts).between(start, start + 5 * 86_400))
    hours = Counter(datetime.fromtimestamp(b.at, ZONE).hour for b in births)
    assert hours.most_common(4)[0][0] in (9, 10, 14, 15)
    assert hours[9] > 4 * hours[2]
    assert min(hours, key=lambda h: hours[h]) in (1, 2, 3, 4)


def test_a_day_has_about_the_rate_and_a_weekend_less(facts: Facts) -> None:
    saturday, monday = day(2026, 6, 13), day(2026, 6, 15)
    free = len(list(rhythm(facts).between(saturday, saturday + 86_400)))
    working = len(list(rhythm(facts).between(monday, monday + 86_400)))
    assert 1500 < working < 1950
    assert free < 0.9 * working


def test_arrivals_do_not_depend_on_where_one_begins_to_look(facts: Facts) -> None:
    start = day(2026, 6, 8)
    whole = [b.key for b in rhythm(facts).between(start, start + 86_400)]
    parts = [b.key for k in range(24) for b in rhythm(facts).between(start + k * 3600, start + (k + 1) * 3600)]
    assert whole == parts


def test_channels_come_in_their_shares(facts: Facts) -> None:
    start = day(2026, 6, 8)
    births = list(rhythm(facts).between(start, start + 3 * 86_400))
    share = {code: n / len(births) for code, n in Counter(b.channel.code for b in births).items()}
    assert share["patrol"] == pytest.approx(0.38, abs=0.04)
    assert share["hotline12345"] == pytest.approx(0.25, abs=0.04)
    assert share["snap"] == pytest.approx(0.13, abs=0.03)
    assert len(share) == len(facts.directory.channels)


def test_texts_are_never_empty_hardly_ever_the_same_and_carry_an_address(facts: Facts) -> None:
    start = day(2026, 6, 8)
    lives = [born(facts, birth, None) for birth in rhythm(facts).between(start, start + 43_200)]
    drafts = [life.draft for life in lives if life.draft]
    texts = [draft.report.description for draft in drafts]
    assert len(texts) > 500
    assert all(len(text) > 12 and "{" not in text and "None" not in text for text in texts)
    assert len(set(texts)) > 0.97 * len(texts)
    assert all(draft.place.street in draft.report.address for draft in drafts)
    assert len({draft.item_id for draft in drafts}) > 200


def test_citizens_have_invented_names_and_numbers_that_nobody_has(facts: Facts) -> None:
    start = day(2026, 6, 8)
    for birth in rhythm(facts).between(start, start + 20_000):
        report = born(facts, birth, None).draft.report  # type: ignore[union-attr]
        assert bool(report.reporter_phone) == birth.channel.citizen
        assert re.fullmatch(r"(1390000\d{4})?", report.reporter_phone)


def test_a_reported_point_lies_in_its_grid(facts: Facts) -> None:
    rng = Random(1)
    for _ in range(300):
        place = facts.places.draw(rng)
        assert contains(place.ring, *point_in(rng, place.ring))


def test_some_places_see_far_more_than_others(facts: Facts) -> None:
    rng = Random(2)
    drawn = Counter(facts.places.draw(rng).grid_id for _ in range(20_000))
    top = sum(n for _, n in drawn.most_common(len(drawn) // 20))
    assert top > 0.2 * 20_000


def test_a_profile_without_streets_of_its_own_still_has_addresses(facts: Facts) -> None:
    assert city_data("somewhere").roads == {}


def test_photos_are_small_pngs_and_after_differs_from_before() -> None:
    for number in range(POOL):
        before, after = photo("before", number), photo("after", number)
        assert len({before, after, photo("scene", number)}) == 3
        for image in (before, after):
            assert len(image) < 40_960
            assert struct.unpack(">II", image[16:24]) == (320, 240)
            assert zlib.crc32(image[12:29]) == struct.unpack(">I", image[29:33])[0]
    assert len({photo("scene", n) for n in range(POOL)}) == POOL


def test_every_unit_that_takes_cases_has_a_clerk(facts: Facts) -> None:
    without = [
        org.name
        for org in facts.directory.orgs.values()
        if org.kind not in ("district", "city") and not facts.staff.handlers(org.id)
    ]
    assert without == []
