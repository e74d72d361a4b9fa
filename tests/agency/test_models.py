"""What the tables themselves refuse, and the one predicate that decides who may know of a brand."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agency.models import Agency, Brand, Category, Client, ClientContact, Invitation, Membership, User
from agency.models.tenants import validate_agency_slug, validate_timezone
from tests.factories import BrandFactory, CategoryFactory, ClientFactory, MembershipFactory, UserFactory


@pytest.mark.parametrize(
    ("role", "on_team", "known"),
    [
        ("manager", False, {"open", "secret", "rival"}),
        ("marketer", False, {"open", "rival"}),
        ("marketer", True, {"open", "secret", "rival"}),
        ("viewer", False, set()),
        ("viewer", True, {"open", "secret"}),
    ],
)
def test_visible_to(agency: Agency, other_agency: Agency, role: str, known: set[str], *, on_team: bool) -> None:
    member = MembershipFactory(agency=agency, role=role)
    for name in ("open", "secret"):
        client = ClientFactory(agency=agency, name=name, is_confidential=name == "secret")
        BrandFactory(agency=agency, name=name, client=client)
        if on_team:
            client.team.add(member)
    BrandFactory(agency=agency, name="rival", client=None)
    foreign = BrandFactory(agency=other_agency, name="foreign")
    foreign.client.team.add(member)  # even a wrong row of another agency opens nothing
    assert set(Brand.objects.visible_to(member).values_list("name", flat=True)) == known
    assert set(Client.objects.visible_to(member).values_list("name", flat=True)) == known - {"rival"}


def test_visible_to_shows_a_brand_once(agency: Agency, marketer: Membership) -> None:
    client = ClientFactory(agency=agency)
    client.team.set([marketer, MembershipFactory(agency=agency), MembershipFactory(agency=agency)])
    brand = BrandFactory(agency=agency, client=client)
    assert list(Brand.objects.visible_to(marketer)) == [brand]


def test_categories_with_descendants(agency: Agency, other_agency: Agency) -> None:
    drinks = CategoryFactory(agency=agency)
    hot = CategoryFactory(agency=agency, parent=drinks)
    tea = CategoryFactory(agency=agency, parent=hot)
    food = CategoryFactory(agency=agency)
    CategoryFactory(agency=other_agency)
    below = Category.with_descendants
    assert below(agency.pk, [drinks.pk]) == {drinks.pk, hot.pk, tea.pk}
    assert below(agency.pk, [hot.pk, drinks.pk, food.pk]) == {drinks.pk, hot.pk, tea.pk, food.pk}
    assert below(agency.pk, []) == set()
    Category.objects.filter(pk=drinks.pk).update(parent=tea)  # a circle ends
    assert below(agency.pk, [hot.pk]) == {drinks.pk, hot.pk, tea.pk}


def test_names_are_unique_whatever_case_within_one_agency(agency: Agency, other_agency: Agency) -> None:
    for factory in (ClientFactory, BrandFactory, CategoryFactory):
        factory(agency=agency, name="Tea")
        factory(agency=other_agency, name="Tea")
        with pytest.raises(IntegrityError, match="name_once"), transaction.atomic():
            factory(agency=agency, name="TEA")


def test_tables_refuse(agency: Agency) -> None:
    member = MembershipFactory(agency=agency)
    category = CategoryFactory(agency=agency)
    changes = [
        (Agency, agency.pk, {"slug": "admin"}, "agency_slug_not_reserved"),
        (Agency, agency.pk, {"currency": "eur"}, "agency_currency_iso_4217"),
        (Membership, member.pk, {"role": "owner"}, "membership_role_known"),
        (Category, category.pk, {"parent": category}, "category_not_own_parent"),
    ]
    for model, pk, change, name in changes:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.filter(pk=pk).update(**change)
    with pytest.raises(IntegrityError, match="membership_once_per_agency"), transaction.atomic():
        MembershipFactory(agency=agency, user=member.user)
    with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
        User.objects.create(email=member.user.email.upper())


def test_invitation_open_once_per_address(manager: Membership) -> None:
    def invite(email: str, digest: str, **fields: object) -> Invitation:
        return Invitation.objects.create(
            agency=manager.agency, email=email, token_hash=digest, invited_by=manager.user, **fields
        )

    invite("a@b.example", "1", accepted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert str(invite("a@b.example", "2")) == "a@b.example"
    with pytest.raises(IntegrityError, match="invitation_open_once"), transaction.atomic():
        invite("A@B.example", "3")
    with pytest.raises(IntegrityError, match="token_hash"), transaction.atomic():
        invite("c@b.example", "2")


def test_validators() -> None:
    validate_agency_slug("aurora")
    validate_timezone("Europe/Copenhagen")
    with pytest.raises(ValidationError, match="address of the site itself"):
        validate_agency_slug("healthz")
    with pytest.raises(ValidationError, match="no time zone"):
        validate_timezone("Europe/Atlantis")


def test_agency_days_are_of_its_zone(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agency.models.tenants.now", lambda: datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert agency.today() == date(2026, 7, 1)  # Copenhagen is two hours ahead in summer
    assert agency.start_of(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, tzinfo=UTC)


@pytest.mark.django_db
def test_users_have_lower_case_addresses() -> None:
    user = User.objects.create_user(" Ann@Example.COM ", "quite-long-1")
    assert (user.email, user.check_password("quite-long-1"), user.is_staff) == ("ann@example.com", True, False)
    root = User.objects.create_superuser("root@example.com", "quite-long-1")
    assert (root.is_staff, root.is_superuser) == (True, True)
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("")
    named = UserFactory(name="Ann Holm")
    assert (str(named), named.get_full_name(), named.get_short_name()) == ("Ann Holm",) * 3


def test_roles(manager: Membership, marketer: Membership, viewer: Membership) -> None:
    people = (manager, marketer, viewer)
    assert [member.is_manager for member in people] == [True, False, False]
    assert [member.can_write for member in people] == [True, True, False]
    assert [member.can_see_fees for member in people] == [True, True, False]


def test_rows_say_their_name(agency: Agency, marketer: Membership) -> None:
    brand = BrandFactory(agency=agency, name="Bean", client__name="Acme")
    assert (str(agency), str(brand), str(brand.client)) == ("Northern Lights", "Bean", "Acme")
    assert str(CategoryFactory(agency=agency, name="Tea")) == "Tea"
    assert str(ClientContact(name="Ida")) == "Ida"
    assert str(marketer) == marketer.user.name
