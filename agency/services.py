"""Work on agencies and the people in them."""

from django.db import transaction

from agency.category_seed import seed_categories
from agency.models import Agency, Membership, User
from agency.signals import agency_created


@transaction.atomic
def create_agency(
    *, name: str, slug: str, timezone: str, currency: str, manager_email: str, is_demo: bool = False
) -> tuple[Agency, Membership]:
    """A new agency with its categories, the defaults of the apps above, and one manager (who also runs the roster).

    Raises ValidationError, naming the field, when a value is refused; then nothing was made.
    """
    agency = Agency(name=name, slug=slug, timezone=timezone, currency=currency, is_demo=is_demo)
    agency.full_clean()
    agency.save()
    email = manager_email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    manager = Membership.objects.create(agency=agency, user=user, role=Membership.Role.MANAGER, is_roster_manager=True)
    seed_categories(agency)
    agency_created.send(sender=Agency, agency=agency)
    return agency, manager
