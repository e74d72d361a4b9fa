"""What happens to claims when something below them changes: categories, brands, duos, accounts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, pre_delete, pre_save
from django.utils.translation import gettext as _

from agency import signals
from agency.errors import Refused
from agency.locks import lock_agency_shared
from agency.models import Brand, Category, Membership
from campaigns.claims.possible import ancestors
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.store import holding_ids, lock_creators, read_for_claims, write_absence, write_claims
from campaigns.fields import id_set
from campaigns.models import Campaign, Claim, Deliverable, Exclusivity, Unavailability
from influencers.models import Account, Influencer


def derive_again(ids: list[int], *, by: Membership | None, because: str) -> None:
    """Derive the claims of these collaborations anew; a clash is refused with what caused it in front."""
    try:
        write_claims(read_for_claims(ids), by=by)
    except ClashRefused as refusal:
        raise Refused(f"{because} {refusal}") from refusal


def on_brand_moved(sender: type[Brand], *, brand: Brand, by: Membership | None, **_signal: Any) -> None:
    """A clause spares the brands of its own client: of the new one, and those that spared the brand until now."""
    sparing = Claim.objects.filter(agency_id=brand.agency_id, is_exclusive=True, clause__isnull=False)
    sparing = sparing.exclude(clause__scope=Exclusivity.Scope.BRANDS).exclude(parties__overlap=id_set([brand.pk]))
    of_client = Q(campaign__brand__client=brand.client_id) if brand.client_id else Q()
    affected = Q(pk__in=sparing.values("collaboration"))
    ids = holding_ids(brand.agency_id, affected | of_client if of_client else affected)
    derive_again(ids, by=by, because=_("With this client the brand would clash."))


def on_category_moved(sender: type[Category], *, category: Category, by: Membership | None, **_signal: Any) -> None:
    """A clause covers what stands below its categories: those that covered the category, and those that do now."""
    covering = Claim.objects.filter(agency_id=category.agency_id, is_exclusive=True, clause__categories__isnull=False)
    covering = covering.filter(categories__overlap=id_set([category.pk]))
    now_above = Q(clauses__categories__in=ancestors([category.pk], category.agency_id))
    ids = holding_ids(category.agency_id, Q(pk__in=covering.values("collaboration")) | now_above)
    derive_again(ids, by=by, because=_("At this place in the tree bookings would clash."))


def deletes_itself(origin: Any, model: type[Category] | type[Brand]) -> bool:
    """Whether the deletion began with such rows, not with their whole agency."""
    return isinstance(origin, model) or (isinstance(origin, QuerySet) and origin.model is model)


def on_category_delete(sender: type[Category], *, instance: Category, origin: Any = None, **_signal: Any) -> None:
    """A category that a campaign promotes or a clause names stays."""
    if not deletes_itself(origin, Category):
        return
    is_used = Campaign.objects.filter(categories=instance).exists() or instance.clauses.exists()
    if is_used:
        raise Refused(
            _("“%(name)s” is promoted by a campaign or named in an exclusivity: it stays.") % {"name": instance}
        )


def on_brand_delete(sender: type[Brand], *, instance: Brand, origin: Any = None, **_signal: Any) -> None:
    """A brand that a clause names stays."""
    if deletes_itself(origin, Brand) and instance.clauses.exists():
        raise Refused(_("“%(name)s” is named in an exclusivity: it stays.") % {"name": instance})


def on_duo_changed(
    sender: Any, *, instance: Influencer, action: str, reverse: bool, pk_set: set[int] | None, **_signal: Any
) -> None:
    """A duo's claims are also its members'."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    duos = list(Influencer.objects.filter(pk__in=pk_set or ())) if reverse else [instance]
    lock_agency_shared(instance.agency_id)
    lock_creators(duo.pk for duo in duos)
    ids = holding_ids(instance.agency_id, Q(influencer__in=duos))
    derive_again(ids, by=None, because=_("With these members the duo would clash."))
    for absence in Unavailability.objects.filter(influencer__in=duos).select_related("influencer"):
        Claim.objects.filter(unavailability=absence).delete()
        write_absence(absence)


def on_account_save(
    sender: type[Account], *, instance: Account, update_fields: Iterable[str] | None = None, **_signal: Any
) -> None:
    """The platform of an account that has deliverables stays: bookings claim it."""
    if not instance.pk or (update_fields is not None and "platform" not in update_fields):
        return
    if Deliverable.objects.filter(account=instance.pk).exclude(account__platform=instance.platform).exists():
        raise Refused(
            _("%(account)s has deliverables: its platform stays. Add another account.") % {"account": instance}
        )


def connect() -> None:
    """To be called once, when the app is ready."""
    signals.brand_moved.connect(on_brand_moved, dispatch_uid="campaigns.brand_moved")
    signals.category_moved.connect(on_category_moved, dispatch_uid="campaigns.category_moved")
    pre_delete.connect(on_category_delete, sender=Category, dispatch_uid="campaigns.category_delete")
    pre_delete.connect(on_brand_delete, sender=Brand, dispatch_uid="campaigns.brand_delete")
    m2m_changed.connect(on_duo_changed, sender=Influencer.members.through, dispatch_uid="campaigns.duo_changed")
    pre_save.connect(on_account_save, sender=Account, dispatch_uid="campaigns.account_save")
