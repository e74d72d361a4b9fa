"""What happens to claims when something below them changes: categories, brands, duos, accounts."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, pre_delete, pre_save
from django.utils.translation import gettext as _

from agency import signals
from agency.errors import Refused
from agency.locks import lock_agency_exclusive, lock_agency_shared
from agency.models import Brand, Category, Membership
from campaigns.claims.possible import ancestors
from campaigns.claims.refusals import ClashRefused
from campaigns.claims.store import holding_ids, lock_creators, read_for_claims, write_absence, write_claims
from campaigns.fields import id_set
from campaigns.models import Campaign, Claim, Deliverable, Exclusivity, Unavailability
from campaigns.services import merging
from influencers import signals as roster_signals
from influencers.models import Account, Influencer

CLEARED = "duos_before_clearing"


def derive_again(ids: list[int], *, by: Membership | None, because: str) -> None:
    """Derive the claims of these collaborations anew; a clash is refused with what caused it in front."""
    try:
        write_claims(read_for_claims(ids), by=by)
    except ClashRefused as refusal:
        raise Refused(f"{because} {refusal}") from refusal


def sparing(brand: Brand) -> Q:
    """Collaborations with a stored clause that spares the brand."""
    claims = Claim.objects.filter(agency_id=brand.agency_id, is_exclusive=True, clause__isnull=False)
    claims = claims.exclude(clause__scope=Exclusivity.Scope.BRANDS).exclude(parties__overlap=id_set([brand.pk]))
    return Q(pk__in=claims.values("collaboration"))


def on_brand_moved(sender: type[Brand], *, brand: Brand, by: Membership | None, **_signal: Any) -> None:
    """A clause spares the brands of its own client: of the new one, and those that spared the brand until now."""
    of_client = Q(campaign__brand__client=brand.client_id) if brand.client_id else Q()
    affected = sparing(brand)
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
    """A category that a campaign promotes or a clause names stays; nobody derives claims while another goes."""
    if not deletes_itself(origin, Category):
        return
    lock_agency_exclusive(instance.agency_id)
    is_used = Campaign.objects.filter(categories=instance).exists() or instance.clauses.exists()
    if is_used:
        raise Refused(
            _("“%(name)s” is promoted by a campaign or named in an exclusivity: it stays.") % {"name": instance}
        )


def on_category_deleted(sender: type[Category], *, instance: Category, origin: Any = None, **_signal: Any) -> None:
    """No claim speaks of a category that is gone."""
    if not deletes_itself(origin, Category):
        return
    claims = Claim.objects.filter(agency_id=instance.agency_id, categories__overlap=id_set([instance.pk]))
    claims = claims.filter(Q(clause__isnull=True) | Q(clause__categories__isnull=False), collaboration__isnull=False)
    ids = holding_ids(instance.agency_id, Q(pk__in=claims.values("collaboration")))
    derive_again(ids, by=None, because=_("Without this category bookings would clash."))


def on_brand_delete(sender: type[Brand], *, instance: Brand, origin: Any = None, **_signal: Any) -> None:
    """A brand that a clause names stays; nobody derives claims while another goes."""
    if not deletes_itself(origin, Brand):
        return
    lock_agency_exclusive(instance.agency_id)
    if instance.clauses.exists():
        raise Refused(_("“%(name)s” is named in an exclusivity: it stays.") % {"name": instance})


def on_brand_deleted(sender: type[Brand], *, instance: Brand, origin: Any = None, **_signal: Any) -> None:
    """No claim spares a brand that is gone."""
    if deletes_itself(origin, Brand):
        ids = holding_ids(instance.agency_id, sparing(instance))
        derive_again(ids, by=None, because=_("Without this brand bookings would clash."))


def refuse_nesting(duo_ids: set[int], member_ids: set[int]) -> None:
    """Claims reach from a duo to its people, one level deep: a member is a person, and nobody's own member."""
    if duo := Influencer.objects.filter(pk__in=duo_ids & member_ids).first():
        raise Refused(_("%(name)s cannot be a member of itself.") % {"name": duo})
    if member := Influencer.objects.filter(pk__in=member_ids, members__isnull=False).first():
        raise Refused(_("%(name)s is a duo: add its people instead.") % {"name": member})
    if duo := Influencer.objects.filter(pk__in=duo_ids, duos__isnull=False).first():
        raise Refused(_("%(name)s is a member of a duo: it cannot have members.") % {"name": duo})


def before_duo_change(
    sender: Any, *, instance: Influencer, action: str, reverse: bool, pk_set: set[int] | None, **_signal: Any
) -> None:
    """Takes the locks, refuses duos in duos, and reads the duos that a clearing will empty while they are known."""
    if action not in {"pre_add", "pre_remove", "pre_clear"}:
        return
    lock_agency_shared(instance.agency_id)
    others = set(pk_set or ())
    if action == "pre_clear" and reverse:
        others = set(instance.duos.values_list("pk", flat=True))
        instance.__dict__[CLEARED] = others
    lock_creators({instance.pk, *others})
    if action == "pre_add" and others:
        refuse_nesting(others, {instance.pk}) if reverse else refuse_nesting({instance.pk}, others)


def on_duo_changed(
    sender: Any, *, instance: Influencer, action: str, reverse: bool, pk_set: set[int] | None, **_signal: Any
) -> None:
    """A duo's claims are also its members'."""
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    duo_ids = {instance.pk}
    if reverse:
        duo_ids = instance.__dict__.pop(CLEARED) if action == "post_clear" else set(pk_set or ())
    ids = holding_ids(instance.agency_id, Q(influencer__in=duo_ids))
    derive_again(ids, by=None, because=_("With these members the duo would clash."))
    for absence in Unavailability.objects.filter(influencer__in=duo_ids).select_related("influencer"):
        Claim.objects.filter(unavailability=absence).delete()
        write_absence(absence)


def on_account_save(
    sender: type[Account], *, instance: Account, update_fields: Iterable[str] | None = None, **_signal: Any
) -> None:
    """Platform and creator of an account that has deliverables stay: bookings claim them."""
    if not instance.pk:
        return
    deliverables = Deliverable.objects.filter(account=instance.pk)
    saved = {"platform", "influencer", "influencer_id"} if update_fields is None else set(update_fields)
    if "platform" in saved and deliverables.exclude(account__platform=instance.platform).exists():
        raise Refused(
            _("%(account)s has deliverables: its platform stays. Add another account.") % {"account": instance}
        )
    is_moved = saved & {"influencer", "influencer_id"}
    if is_moved and deliverables.exclude(account__influencer=instance.influencer_id).exists():
        raise Refused(_("%(account)s has deliverables: it stays with its creator.") % {"account": instance})


def connect() -> None:
    """To be called once, when the app is ready."""
    signals.brand_moved.connect(on_brand_moved, dispatch_uid="campaigns.brand_moved")
    signals.category_moved.connect(on_category_moved, dispatch_uid="campaigns.category_moved")
    pre_delete.connect(on_category_delete, sender=Category, dispatch_uid="campaigns.category_delete")
    pre_delete.connect(on_brand_delete, sender=Brand, dispatch_uid="campaigns.brand_delete")
    post_delete.connect(on_category_deleted, sender=Category, dispatch_uid="campaigns.category_deleted")
    post_delete.connect(on_brand_deleted, sender=Brand, dispatch_uid="campaigns.brand_deleted")
    m2m_changed.connect(before_duo_change, sender=Influencer.members.through, dispatch_uid="campaigns.duo_changing")
    m2m_changed.connect(on_duo_changed, sender=Influencer.members.through, dispatch_uid="campaigns.duo_changed")
    pre_save.connect(on_account_save, sender=Account, dispatch_uid="campaigns.account_save")
    roster_signals.influencers_merging.connect(merging.on_merging, dispatch_uid="campaigns.merging")
    roster_signals.influencers_merged.connect(merging.on_merged, dispatch_uid="campaigns.merged")
    roster_signals.merge_undone.connect(merging.on_parted, dispatch_uid="campaigns.parted")
