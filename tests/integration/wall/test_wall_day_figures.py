"""A whole day of the wall while the clock goes on: every total is the recomputed one at every look, at every border."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.wall.city_life import Life
from tests.integration.wall.test_wall_figures import assert_all_true
from tests.support.clocks import beijing
from tests.support.hands import Hands

pytestmark = pytest.mark.database


@pytest.mark.timeout(600)
def test_through_twenty_four_hours_with_the_duty_going_every_total_is_right_at_every_look(hands: Hands) -> None:
    """From noon of the month's last day: a midnight, a month's end, two ends of shifts; the duty folds as it does."""
    life = Life(hands, 24, beijing("2026-02-28 12:00"))
    seen = []
    for look in range(48):
        life.go(life.now + timedelta(minutes=30), 3)
        if look % 2:
            hands.sql("select cc.run_duty()")
        assert_all_true(hands, scopes={"screen": "T", "leader": "A"})
        today = hands.as_person("screen", "select cc.wall_today()")
        seen.append((today["day_began"], today["shift"]["began"], today["measures"].get("report", 0)))
    assert len({began for began, _, _ in seen}) == 2
    assert len({shift for _, shift, _ in seen}) == 3
    counts = [reports for _, _, reports in seen]
    falls = [later < former for former, later in zip(counts, counts[1:], strict=False)]
    assert falls.count(True) == 1  # a day's reports only grow, but at midnight
    assert hands.sql("select count(*) from cc.audit_faults()") == 0
