"""Hands that whistle, in the module's own town."""

import pytest

from tests.integration.whistle.lanes import Whistles
from tests.support.town import Town


@pytest.fixture(scope="module")
def whistles(shared_town: Town) -> Whistles:
    return Whistles(shared_town)
