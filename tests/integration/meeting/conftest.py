"""Hands at the table, in the module's own town."""

import pytest

from tests.integration.meeting.table import Table
from tests.support.paths import Paths
from tests.support.town import Town


@pytest.fixture(scope="module")
def table(shared_town: Town) -> Table:
    return Table(shared_town)


@pytest.fixture(scope="module")
def paths(table: Table) -> Paths:
    return Paths(table)
