"""The SQL statement against the independent computation, and the lines it must draw."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given

from influencers.services.figures import recompute
from tests.factories import AgencyFactory
from tests.influencers.metrics.generated import disagreements, rosters, stored
from tests.reference.figures import RefAccount


@pytest.mark.django_db
@given(rosters())
def test_figures_equal_the_independent_computation(roster: tuple[datetime, ZoneInfo, list[RefAccount]]) -> None:
    cutoff, zone, accounts = roster
    with transaction.atomic():
        agency = AgencyFactory(timezone=str(zone))
        stored(agency, accounts)
        recompute(agency=agency, as_of=cutoff, by=None)
        found = disagreements(agency, accounts, cutoff)
        transaction.set_rollback(True)
    assert found == []
