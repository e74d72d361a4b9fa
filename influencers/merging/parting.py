"""Two records that were one for a while are two again: every row goes back, unless somebody changed it since."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.models import Membership, User
from influencers.merging.fields import label_of
from influencers.merging.pointers import SILENT, Pointer, pointers
from influencers.merging.rows import ASIDE, Trail, model_of, put_back, replace_in_exports
from influencers.models import Account, BrandFit, Influencer, Merge, NotDuplicates, RosterLine


def part_rows(merge: Merge, by: Membership | None) -> list[str]:
    """Moves everything back; the answer says what stays with the kept one, as far as the member may know of it."""
    trail, kept = merge.undo, merge.kept
    put_back(Influencer, [without_leavers(trail["merged"])])
    left = list(part_fields(trail, kept))
    demote_accounts(trail)
    for pointer in pointers():
        left += part_pointer(trail, pointer, merge, by)
    part_scorecards(trail, merge.kept_id, merge.merged_id)
    for label, rows in trail["removed"].items():
        put_back_if_free(model_of(label), rows)
    for pk, before, after in trail["changed"].get("influencers.NotDuplicates", ()):
        NotDuplicates.objects.filter(pk=pk, **after).update(**before)
    promote_accounts(trail)
    replace_in_exports(trail["exports"], merge.kept_id, merge.merged_id)
    restore_percentiles(trail)
    return left


def without_leavers(row: dict[str, Any]) -> dict[str, Any]:
    """The row; who typed it in is forgotten when that account is gone."""
    author = row["created_by_id"]
    return row | {"created_by_id": author if User.objects.filter(pk=author).exists() else None}


def part_fields(trail: Trail, kept: Influencer) -> Iterator[str]:
    """Fields of the kept one get their old values back; those that were changed since stay."""
    values = {}
    for name, (before, after) in trail["kept"].items():
        if as_json(kept, name) == after:
            field: Any = Influencer._meta.get_field(name)
            values[name] = field.to_python(before)
        else:
            yield _("%(field)s was changed since: it stays as it is.") % {"field": label_of(name)}
    if values:
        Influencer.objects.filter(pk=kept.pk).update(**values)


def as_json(influencer: Influencer, name: str) -> Any:
    """The value as the trail holds it: dates as text."""
    value = getattr(influencer, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def part_pointer(trail: Trail, pointer: Pointer, merge: Merge, by: Membership | None) -> Iterator[str]:
    """Moved rows that are still there go back; what came since, and what was moved on, is said."""
    ids = trail["moved"].get(pointer.name, [])
    rows = pointer.model._base_manager.order_by("pk")
    name = pointer.field.name
    if ids:
        rows.filter(pk__in=ids, **{name: merge.kept_id}).update(**{name: merge.merged_id})
    if pointer.name not in trail["held"] or pointer.name in SILENT or pointer.model is Merge:
        return
    since = rows.filter(**{name: merge.kept_id}).exclude(pk__in=trail["held"][pointer.name])
    if count := readable(since, by).count():
        said = {"n": count, "what": words_for(pointer.model, count), "name": merge.kept.name}
        yield (
            ngettext(
                "%(name)s keeps %(n)s %(what)s that came since.",
                "%(name)s keeps %(n)s %(what)s that came since.",
                count,
            )
            % said
        )


def words_for(model: type[Model], count: int) -> str:
    if model._meta.auto_created:
        return ngettext("duo membership", "duo memberships", count)
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def readable(rows: QuerySet[Any], by: Membership | None) -> QuerySet[Any]:
    """Of the rows those that the member may know of, where the table has such a rule."""
    rule = getattr(rows.model._default_manager, "visible_to", None)
    if rule is None or by is None:
        return rows
    return rows.filter(pk__in=rule(by).values("pk"))


def part_scorecards(trail: Trail, kept: int, merged: int) -> None:
    """The old numbers again; versions written since stay with the kept one, after its own."""
    known = {pk: before for pk, before, _after in trail["changed"].get("influencers.BrandFit", ())}
    brands = BrandFit.objects.filter(pk__in=known).order_by().values("brand")
    rows = BrandFit.objects.filter(influencer=kept, brand__in=brands)
    cards = list(rows.order_by("brand", "version"))
    rows.update(version=F("version") + ASIDE, is_current=False)
    since = [card for card in cards if card.pk not in known]
    with_newer = {card.brand_id for card in since}
    highest: dict[int, int] = {}
    for card in cards:
        if before := known.get(card.pk):
            is_current = before["is_current"] and (before["influencer_id"] == merged or card.brand_id not in with_newer)
            BrandFit.objects.filter(pk=card.pk).update(**before | {"is_current": is_current})
            if before["influencer_id"] == kept:
                highest[card.brand_id] = max(highest.get(card.brand_id, 0), before["version"])
    newest = {card.brand_id: card.pk for card in since}
    for card in since:
        highest[card.brand_id] = version = highest.get(card.brand_id, 0) + 1
        is_current = newest[card.brand_id] == card.pk
        BrandFit.objects.filter(pk=card.pk).update(version=version, is_current=is_current)


def put_back_if_free(model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Rows that were removed, unless what they point at is gone since or somebody made the same row again."""
    for row in rows:
        targets = [field for field in model._meta.concrete_fields if field.is_relation and row[str(field.column)]]
        is_gone = any(
            not field.related_model._base_manager.filter(pk=row[str(field.column)]).exists()  # type: ignore[union-attr]
            for field in targets
        )
        same = {field.name: row[str(field.column)] for field in targets if field.related_model is Influencer}
        if not is_gone and not model._base_manager.filter(**same, **partner(model, row)).exists():
            put_back(model, [row])


def partner(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    """Beside the creators, what makes such a row the same."""
    return {"shortlist": row["shortlist_id"]} if "shortlist_id" in row else {}


# --- accounts ------------------------------------------------------------------------------------------
def demote_accounts(trail: Trail) -> None:
    for pk, before, after in trail["changed"].get("influencers.Account", ()):
        if after["is_primary"]:
            Account.objects.filter(pk=pk, **after).update(**before)


def promote_accounts(trail: Trail) -> None:
    """An account that was primary is so again, unless its creator got another one since."""
    for pk, before, _after in trail["changed"].get("influencers.Account", ()):
        if before["is_primary"]:
            others = Account.objects.filter(influencer__accounts=pk, is_primary=True)
            if not others.exists():
                Account.objects.filter(pk=pk).update(**before)


def restore_percentiles(trail: Trail) -> None:
    for pk, (account, percentile) in trail["percentiles"].items():
        lines = RosterLine.objects.filter(pk=int(pk), account=account, rate_percentile__isnull=True)
        lines.update(rate_percentile=percentile)
