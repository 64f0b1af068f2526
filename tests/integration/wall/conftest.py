"""A town of one's own with shifts, whose clock stands still and is moved by hand."""

import json

import pytest

from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

SHIFTS = [
    {"label": "白班", "from_s": 8 * 3600, "to_s": 20 * 3600}, {"label": "夜班", "from_s": 20 * 3600, "to_s": 8 * 3600},
]  # fmt: skip


@pytest.fixture
def hands(town: Town) -> Hands:
    found = Hands(town)
    plan = {"shifts": SHIFTS, "scenes": [{"code": "overview"}], "on_time_target": 0.96, "satisfaction_target": None}
    found.sql("insert into cc.wall_plan select min(shared_id), %s from cc.district", json.dumps(plan))
    return found


@pytest.fixture
def paths(hands: Hands) -> Paths:
    return Paths(hands)
