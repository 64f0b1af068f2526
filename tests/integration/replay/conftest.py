"""A town whose every moment is written down while it lives, to be held against its replay."""

import pytest

from tests.integration.replay.recorder import Recorder
from tests.support.town import Town


@pytest.fixture
def recorder(town: Town) -> Recorder:
    return Recorder(town)
