"""A command is sent by one id until there is an answer, and never twice when it was refused."""

import pytest

from commandcenter.domain.errors import NotAllowed, OutcomeUnknown, ServerUnavailable
from ui.bridge import answered as module
from ui.bridge.answered import answered


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(module, "_PAUSES_S", (0.0, 0.0, 0.0))


class Deed:
    """Raises these, one a sending, then answers."""

    def __init__(self, *errors):
        self.errors, self.ids = list(errors), []

    def __call__(self, command):
        self.ids.append(command)
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def test_a_lost_answer_is_asked_for_by_the_same_id(make_place, city, run):
    deed = Deed(OutcomeUnknown("?"), ServerUnavailable("away"))
    assert run(answered(make_place(city).backend, deed)) == "done"
    assert len(deed.ids) == 3 and len(set(deed.ids)) == 1


def test_what_never_left_this_machine_is_not_sent_again(make_place, city, run):
    deed = Deed(ServerUnavailable("away"))
    with pytest.raises(ServerUnavailable):
        run(answered(make_place(city).backend, deed))
    assert len(deed.ids) == 1


def test_a_refusal_is_the_answer(make_place, city, run):
    deed = Deed(NotAllowed("不可以"))
    with pytest.raises(NotAllowed):
        run(answered(make_place(city).backend, deed))
    assert len(deed.ids) == 1


def test_a_server_that_stays_away_leaves_it_unknown(make_place, city, run):
    deed = Deed(*(OutcomeUnknown("?") for _ in range(9)))
    with pytest.raises(OutcomeUnknown, match="无法确认"):
        run(answered(make_place(city).backend, deed))
    assert len(set(deed.ids)) == 1
