"""Work on clients, brands and categories. Claims depend on who belongs where, so such changes hold the agency's lock alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agency.audience import AGE_BANDS
from agency.errors import Refused
from agency.locks import lock_agency_exclusive
from agency.models import Agency, Brand, Category, Client, ClientContact, Membership
from agency.signals import brand_moved, brand_moving, category_moved, category_moving


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at the client."""

    name: str
    email: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class BrandFacts:
    """What a brand stands for."""

    categories: Iterable[Category] = ()
    rivals: Iterable[Brand] = ()
    markets: Sequence[str] = ()
    values: str = ""
    no_go_topics: str = ""
    target_audience: str = ""
    target_ages: Sequence[str] = ()
    target_women_percent: int | None = None
    languages: Sequence[str] = ()
    niches: Sequence[str] = ()
    text_fields: tuple[str, ...] = field(default=("values", "no_go_topics", "target_audience"), init=False, repr=False)


def save_named(row: Client | Brand | Category) -> None:
    """Save; a name that is taken is refused with a sentence instead of an error."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "name_once" not in str(error):
            raise
        raise Refused(
            _("The name “%(name)s” is in use already. If you cannot find it, ask a manager.") % {"name": row.name}
        ) from error


@transaction.atomic
def create_client(
    *,
    agency: Agency,
    name: str,
    is_confidential: bool = False,
    team: Iterable[Membership] = (),
    contacts: Iterable[Contact] = (),
    by: Membership | None,
) -> Client:
    """A new client. A marketer who makes it confidential is in its team; only managers name others."""
    team = list(team)
    if by and not by.is_manager:
        if team:
            raise Refused(_("Only managers choose a client's team."))
        team = [by] if is_confidential else []
    client = Client(agency=agency, name=name, is_confidential=is_confidential)
    save_named(client)
    client.team.set(team)
    save_contacts(client, contacts)
    return client


@transaction.atomic
def update_client(
    *,
    client: Client,
    name: str,
    is_confidential: bool,
    team: Iterable[Membership],
    contacts: Iterable[Contact],
    by: Membership | None,
) -> Client:
    """Name and contacts; confidential or not, and the team, only by a manager (refused otherwise)."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    team = list(team)
    changes_access = is_confidential != client.is_confidential or set(team) != set(client.team.all())
    if by and not by.is_manager and changes_access:
        raise Refused(_("Only managers change who may see a client."))
    client.name, client.is_confidential = name, is_confidential
    save_named(client)
    client.team.set(team)
    save_contacts(client, contacts)
    return client


def save_contacts(client: Client, contacts: Iterable[Contact]) -> None:
    """The client has exactly these contacts; nothing else points at a contact."""
    client.contacts.all().delete()
    ClientContact.objects.bulk_create(
        ClientContact(agency_id=client.agency_id, client=client, name=row.name, email=row.email, role=row.role)
        for row in contacts
    )


@transaction.atomic
def create_brand(
    *, agency: Agency, client: Client | None, name: str, facts: BrandFacts | None = None, by: Membership | None
) -> Brand:  # fmt: skip
    """A new brand of a client, or a rival without one. Claims of the client's other brands are derived anew."""
    lock_agency_exclusive(agency.pk)
    brand = Brand(agency=agency, client=client, name=name)
    fill_brand(brand, facts or BrandFacts(), by=by)
    if client:
        brand_moved.send(sender=Brand, brand=brand, by=by)
    return brand


@transaction.atomic
def update_brand(
    *, brand: Brand, client: Client | None, name: str, facts: BrandFacts, by: Membership | None
) -> Brand:  # fmt: skip
    """New facts. Another client is refused while claims could depend on the present one."""
    lock_agency_exclusive(brand.agency_id)
    brand = Brand.objects.get(pk=brand.pk)
    moves = brand.client_id != (client.pk if client else None)
    if moves:
        brand_moving.send(sender=Brand, brand=brand, client=client, by=by)
    brand.client, brand.name = client, name
    fill_brand(brand, facts, by=by)
    if moves:
        brand_moved.send(sender=Brand, brand=brand, by=by)
    return brand


def fill_brand(brand: Brand, facts: BrandFacts, *, by: Membership | None) -> None:
    """Write the facts; rivals that the author may not see stay as they are."""
    brand.markets = sorted(set(facts.markets))
    brand.target_ages = [band for band, _label in AGE_BANDS if band in facts.target_ages]
    brand.target_women_percent = facts.target_women_percent
    brand.languages, brand.niches = sorted(set(facts.languages)), list(dict.fromkeys(facts.niches))
    for name in facts.text_fields:
        setattr(brand, name, getattr(facts, name))
    save_named(brand)
    brand.categories.set(facts.categories)
    unseen = brand.rivals.exclude(pk__in=Brand.objects.visible_to(by).values("pk")) if by else Brand.objects.none()
    brand.rivals.set([*facts.rivals, *unseen])


@transaction.atomic
def create_category(*, agency: Agency, name: str, parent: Category | None, by: Membership | None) -> Category:
    """A new category. Clauses on the categories above now cover it too: claims are derived anew."""
    lock_agency_exclusive(agency.pk)
    category = Category(agency=agency, name=name, parent=parent)
    save_named(category)
    category_moved.send(sender=Category, category=category, by=by)
    return category


@transaction.atomic
def move_category(*, category: Category, parent: Category | None, by: Membership | None) -> Category:
    """Another parent. Refused into its own branch, and while claims could depend on where it stands."""
    lock_agency_exclusive(category.agency_id)
    category = Category.objects.get(pk=category.pk)
    if parent and parent.pk in Category.with_descendants(category.agency_id, [category.pk]):
        raise Refused(_("“%(name)s” cannot stand below itself.") % {"name": category})
    category_moving.send(sender=Category, category=category, parent=parent, by=by)
    category.parent = parent
    save_named(category)
    category_moved.send(sender=Category, category=category, by=by)
    return category
