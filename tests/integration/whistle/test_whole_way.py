"""A whistle and an order from the draft to the archive, as the trace tells it."""

import pytest

from tests.integration.whistle.lanes import Whistles

pytestmark = pytest.mark.database


def test_a_whistle_goes_from_draft_to_archive(whistles: Whistles) -> None:
    number = whistles.to("archived")
    assert whistles.actions(number, 1) == ["join", "respond", "arrive", "attach", "finish", "sign_off", "rate"]
    whole = [a for a in whistles.actions(number) if a in ("draft", "sign", "progress", "close", "all_rated", "verify")]
    assert whole == ["draft", "sign", "progress", "progress", "close", "all_rated", "verify"]
    row = whistles.summons(number)
    assert not row["open"] and row["archived_at"] and row["no"].startswith("CS-")
    lane = whistles.party(number)
    assert (lane["response"], lane["arrival"], lane["response_score"]) == ("on_time", "early", 100)
    assert float(lane["score"]) == pytest.approx((0.4 * 100 + 0.4 * 87.5) / 0.8)


def test_an_order_goes_from_draft_to_archive(whistles: Whistles) -> None:
    number = whistles.to("archived", "order")
    assert whistles.summons(number)["no"].startswith("LH-")
    assert whistles.party(number, 1)["lead"] and not whistles.party(number, 2)["lead"]
    assert "tick" in whistles.actions(number)
