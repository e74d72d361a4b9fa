"""Makes the demo, once; and takes it away again."""

import random
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from agency.embedded.locations import demo_password
from agency.models import Agency, Brand, Membership, User
from agency.services import create_agency
from campaigns.demo import MANAGER, MARKETER, NEIGHBOUR, NEIGHBOUR_SLUG, SEED, SLUG, VIEWER
from campaigns.demo.creators import make_creators
from campaigns.demo.records import make_records
from campaigns.demo.work import make_brands, make_work
from campaigns.models import Campaign, Clash, Collaboration
from influencers.metrics.runs import create_run
from influencers.models import Influencer, MetricsRun, Post
from influencers.services.figures import compute_range

NAMES = {MANAGER: "Mette Manager", MARKETER: "Marius Marketer", VIEWER: "Vera Viewer", NEIGHBOUR: "Hanne Harbour"}
CLASH_TO_TRY = "First sip"


def seed_demo() -> dict[str, Any]:
    """The demo agency and a neighbour that it must never see; a second call changes nothing but the logins' password."""
    is_new = not Agency.objects.filter(slug=SLUG, is_demo=True).exists()
    if is_new:
        with transaction.atomic():
            agency = _make_demo()
            neighbour = _make_neighbour()
        for made in (agency, neighbour):
            _first_night(made)
    _set_passwords()
    return _summary(Agency.objects.get(slug=SLUG), is_new=is_new)


def remove_demo() -> dict[str, Any]:
    """Take away the demo agencies with everything in them, and the logins that belong to nothing else."""
    with transaction.atomic():
        agencies = list(Agency.objects.filter(is_demo=True))
        for agency in agencies:
            # What restricts the deletion of a brand or a creator goes first; emptied rows of erased creators, too, which the
            # ordinary manager leaves out: deleted by the agency's own cascade, they would write history after its history went.
            for model in (Clash, Collaboration, Campaign, Influencer, Brand):
                model._base_manager.filter(agency=agency).delete()
            agency.delete()
        users = User.objects.filter(email__in=NAMES, membership__isnull=True)
        removed = [user.email for user in users]
        users.delete()
    return {"removed": [agency.slug for agency in agencies], "logins": removed}


def _make_demo() -> Agency:
    agency, manager = create_agency(
        name="Daybreak Talent",
        slug=SLUG,
        timezone="Europe/Copenhagen",
        currency="EUR",
        manager_email=MANAGER,
        is_demo=True,
    )
    members = {
        "manager": manager,
        "marketer": _member(agency, MARKETER, Membership.Role.MARKETER),
        "viewer": _member(agency, VIEWER, Membership.Role.VIEWER),
    }
    rng = random.Random(SEED)  # noqa: S311 - the demo must come out the same everywhere
    people = make_creators(agency, rng)
    brands = make_brands(agency, by=manager)
    make_work(agency, people, members, brands, rng)
    make_records(agency, people, members, brands, random.Random(SEED))  # noqa: S311 - as above
    # The viewer is a guest of one client and sees that client's work only.
    client = brands["Fjordlys Coffee"].client
    if client is not None:
        client.team.add(members["viewer"])
    return agency


def _make_neighbour() -> Agency:
    agency, _manager = create_agency(
        name="Harbour & Pine",
        slug=NEIGHBOUR_SLUG,
        timezone="Europe/Amsterdam",
        currency="EUR",
        manager_email=NEIGHBOUR,
        is_demo=True,
    )
    # The demo's manager belongs to both, so that the switch between agencies can be tried.
    _member(agency, MANAGER, Membership.Role.MARKETER)
    rng = random.Random(SEED + 1)  # noqa: S311 - as above
    make_creators(agency, rng, sizes=((2_000, 80_000, 14),), second_channels=4)
    return agency


def _member(agency: Agency, email: str, role: Membership.Role) -> Membership:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    return Membership.objects.create(agency=agency, user=user, role=role)


def _set_passwords() -> None:
    password = demo_password()
    for user in User.objects.filter(email__in=NAMES):
        if not user.check_password(password):
            user.name = NAMES[user.email]
            user.set_password(password)
            user.save()
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )


def _first_night(agency: Agency) -> None:
    as_of = agency.start_of(agency.today())
    run = create_run(agency=agency, kind=MetricsRun.Kind.NIGHTLY, as_of=as_of, replace=False, by=None)
    for pk in list(run.ranges.values_list("pk", flat=True)):
        compute_range(range_id=pk)


def _summary(agency: Agency, *, is_new: bool) -> dict[str, Any]:
    campaign = Campaign.objects.filter(agency=agency, name=CLASH_TO_TRY).first()
    clash = None
    if campaign is not None:
        clash = (
            campaign.collaborations.filter(state=Collaboration.State.NEGOTIATING).select_related("influencer").first()
        )
    return {
        "agency": agency.slug,
        "created": is_new,
        "creators": Influencer.objects.filter(agency=agency).count(),
        "posts": Post.objects.filter(agency=agency).count(),
        "campaigns": Campaign.objects.filter(agency=agency).count(),
        "logins": [MANAGER, MARKETER, VIEWER],
        "clash_to_try": clash
        and {"campaign": CLASH_TO_TRY, "creator": clash.influencer.name, "url": clash.get_absolute_url()},
    }
