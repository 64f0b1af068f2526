"""The live picture of whistles: what the feed names is read anew, told once, and made good after a silence."""

from dataclasses import replace

import pytest

from commandcenter.domain.errors import NotFound, ServerUnavailable
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.qt.ui.whistle_board import SUPERVISOR, elsewhere
from ui.models.joint_filter import BoardFilter
from ui.models.joint_words import JointWords


@pytest.fixture
def place(make_place, qtbot, city):
    the_evening(city)
    made = make_place(city, "supervisor")
    made.live.begin()
    qtbot.waitUntil(lambda: made.joint.ready and made.live.ready, timeout=10_000)
    return made


@pytest.fixture
def changes(place):
    seen = []
    place.joint.changed.connect(seen.append)
    return seen


def touch(city, *numbers, tell=True):
    town = town_of(city)
    for number in numbers:
        record = town.summons[joint_id(number)]
        record.row = replace(record.row, events=record.row.events + 1, changed_at=record.row.changed_at + 1)
        if tell:
            town.tell(joint_id(number))


def test_everything_open_is_there_with_the_rules(place, city):
    wanted = {r.row.id for r in town_of(city).summons.values() if r.row.open}
    assert set(place.joint.summons) == wanted and len(place.joint.picture.meetings) == 2
    assert place.joint.rules.radius_m == 200


def test_a_burst_is_read_in_few_questions_and_told_in_few_changes(place, city, changes, qtbot):
    before = place.backend.session.joint_queries.door.passed
    touch(city, *range(1, 12))
    qtbot.waitUntil(lambda: sum(len(change.summons) for change in changes) == 11)
    assert len(changes) <= 4
    assert place.backend.session.joint_queries.door.passed - before <= 5


def test_what_did_not_change_is_not_told(place, city, changes, qtbot):
    town_of(city).tell(joint_id(3))
    touch(city, 4)
    qtbot.waitUntil(lambda: bool(changes))
    assert [row.id for change in changes for row in change.summons] == [joint_id(4)]


def test_what_was_missed_in_a_silence_is_read_when_the_line_is_back(place, city, qtbot):
    feed = place.backend.session.feed
    feed.disconnect()
    elsewhere(city, SUPERVISOR, 1, "sign")
    elsewhere(city, SUPERVISOR, 2, "discard", reason="误报")
    assert place.joint.summons[joint_id(1)].state == "draft"
    feed.reconnect()
    qtbot.waitUntil(lambda: place.joint.summons[joint_id(1)].state == "issued")
    assert joint_id(2) not in place.joint.summons


def test_a_question_that_fails_is_asked_again(place, city, qtbot):
    place.backend.session.joint_queries.door.order(ServerUnavailable("断"))
    touch(city, 5)
    qtbot.waitUntil(lambda: place.joint.error is not None)
    events = town_of(city).summons[joint_id(5)].row.events
    qtbot.waitUntil(lambda: place.joint.summons[joint_id(5)].events == events, timeout=10_000)
    assert place.joint.error is None


def test_an_own_deed_shows_although_the_feed_is_silent(place, run):
    place.live._relay.blockSignals(True)
    row = place.joint.summons[joint_id(1)]
    run(place.joint_deeds.act(row, None, "sign", {}))
    run(_until(lambda: place.joint.summons[joint_id(1)].state == "issued"))
    place.live._relay.blockSignals(False)


def test_a_refused_deed_reads_what_it_was_refused_for(place, city, run):
    place.live._relay.blockSignals(True)
    row = place.joint.summons[joint_id(1)]
    elsewhere(city, SUPERVISOR, 1, "sign")
    with pytest.raises(Exception, match="不能签批吹哨|已被他人处理"):
        run(place.joint_deeds.act(row, None, "sign", {}))
    run(_until(lambda: place.joint.summons[joint_id(1)].state == "issued"))
    place.live._relay.blockSignals(False)


def test_a_city_without_whistle_rules_still_shows_what_others_call_it_to(make_place, qtbot, city):
    the_evening(city)
    made = make_place(city, "supervisor")
    made.backend.session.joint_queries.door.order(NotFound("没有吹哨规则"))
    made.live.begin()
    qtbot.waitUntil(lambda: made.joint.ready, timeout=10_000)
    assert made.joint.rules is None and made.joint.summons


def test_new_rules_come_with_a_new_directory(place, city, qtbot, run):
    place.joint.rules = replace(place.joint.rules, radius_m=1)
    run(place.backend.reload_directory())
    qtbot.waitUntil(lambda: place.joint.rules is not None and place.joint.rules.radius_m == 200)


def test_passing_time_is_told_only_where_it_passes_a_limit(place, city, qtbot):
    told = []
    place.joint.timing_changed.connect(told.append)
    place.joint.tick()
    assert told == []
    city.now += 3 * 3600
    place.backend.session.feed.push()
    qtbot.waitUntil(lambda: place.live.clock.now() >= city.now)
    place.joint.tick()
    assert joint_id(3) in told[0]


def test_the_filter_knows_units_by_name_and_whistles_by_number(place):
    words = JointWords(place.words, place.joint.rules)
    row = place.joint.summons[joint_id(6)]
    for text in ("0006", "油烟", "豆瓣", "生态环境局", "重点哨", "东四"):
        assert BoardFilter(text=text).passes(row, words), text
    assert not BoardFilter(text="水务").passes(row, words)
    assert BoardFilter(street=row.district_id).passes(row, words)  # a 区县 of a city of several


async def _until(condition):
    import asyncio
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never")
