"""An agency in which creators can be booked."""

import pytest

from agency.models import Agency, Membership
from influencers.models import Influencer
from tests.campaigns.booking import World
from tests.factories import InfluencerFactory


@pytest.fixture
def world(agency: Agency, manager: Membership) -> World:
    return World(agency, by=manager)


@pytest.fixture
def emma(agency: Agency) -> Influencer:
    return InfluencerFactory(agency=agency, name="Emma")
