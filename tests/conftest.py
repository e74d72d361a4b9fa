"""The people of every access question, and what all tests share."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, settings

from agency.models import Agency, Membership, User
from tests.factories import AgencyFactory, MembershipFactory

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED_DATA = CHECKOUT.parent / "shared" / "data"
FULL = os.environ.get("FULL") == "1"

# Real database rows under hypothesis take their time; what must be fast is measured in bench/.
settings.register_profile(
    "meso",
    deadline=None,
    max_examples=500 if FULL else 60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("meso")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real exports, kept beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("shared/data is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _fresh_cache_and_media(settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "media"
    # In memory: clearing a Redis cache empties the whole Redis, queues of a running site included.
    # Argon2 is slow on purpose; hundreds of logins in tests need not be.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    yield
    cache.clear()


@pytest.fixture
def agency(db: None) -> Agency:
    return AgencyFactory(name="Northern Lights", slug="northern")


@pytest.fixture
def other_agency(db: None) -> Agency:
    return AgencyFactory(name="Far Away", slug="faraway")


@pytest.fixture
def manager(agency: Agency) -> Membership:
    return MembershipFactory(agency=agency, role=Membership.Role.MANAGER, user__email="manager@northern.example")


@pytest.fixture
def marketer(agency: Agency) -> Membership:
    return MembershipFactory(agency=agency, role=Membership.Role.MARKETER, user__email="marketer@northern.example")


@pytest.fixture
def viewer(agency: Agency) -> Membership:
    return MembershipFactory(agency=agency, role=Membership.Role.VIEWER, user__email="viewer@northern.example")


@pytest.fixture
def outsider(other_agency: Agency) -> Membership:
    """A manager, but of another agency."""
    return MembershipFactory(agency=other_agency, role=Membership.Role.MANAGER, user__email="outsider@faraway.example")


@pytest.fixture
def login() -> Callable[[Membership | User], Client]:
    """A client logged in as the member."""

    def log_in(who: Membership | User) -> Client:
        client = Client()
        client.force_login(
            who if isinstance(who, User) else who.user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return log_in
