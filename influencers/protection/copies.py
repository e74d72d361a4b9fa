"""The copy of everything that is kept of a creator, which they may ask for (GDPR article 15): complete, and in words.

Notes and scorecards are all in it, internal ones and those on confidential brands too: they are opinions on the person. Colleagues
are named by their role. Left out are only what the database derives for sorting and searching, and other creators' data.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from influencers.models import (
    Account,
    AudienceShare,
    BrandFit,
    BrandFitNote,
    BrandFitScore,
    DataExport,
    EngagementFigures,
    FollowerCount,
    ImportBatch,
    ImportChange,
    Influencer,
    Merge,
    NotDuplicates,
    Post,
    Price,
    ShortlistEntry,
)
from influencers.protection.holdings import all_holdings
from influencers.protection.rows import Row, RowReader
from influencers.protection.words import of_others

FORMAT = 1
PRINTED_ROWS = 500
TITLES = {
    "person": gettext_lazy("The record"),
    "accounts": gettext_lazy("Accounts"),
    "follower_counts": gettext_lazy("Follower counts"),
    "posts": gettext_lazy("Posts"),
    "figures": gettext_lazy("Engagement figures"),
    "audience": gettext_lazy("Audience"),
    "prices": gettext_lazy("Prices"),
    "notes": gettext_lazy("Notes on brand fit"),
    "scorecards": gettext_lazy("Scorecards"),
    "lists": gettext_lazy("Lists"),
    "duos": gettext_lazy("Duos"),
    "imports": gettext_lazy("Imports"),
    "merges": gettext_lazy("Records that were one person's"),
    "not_duplicates": gettext_lazy("Records that were somebody else's"),
    "history": gettext_lazy("History: rows as they were before they were changed"),
    "recipients": gettext_lazy("Who received data"),
    "collaborations": gettext_lazy("Collaborations"),
    "deliverables": gettext_lazy("Deliverables"),
    "exclusivities": gettext_lazy("Exclusivities"),
    "clashes": gettext_lazy("Clashes"),
    "absences": gettext_lazy("Absences"),
}


def copy_of(influencer: Influencer) -> dict[str, Any]:
    """Everything, as JSON has it: what is kept, then the rights; amounts as exact text, times in UTC as ISO 8601."""
    reader = RowReader(influencer.agency_id)
    sections = {
        "person": [reader.row(influencer)],
        **records(influencer, reader),
        **opinions(influencer, reader),
        **traces(influencer, reader),
        "history": history(influencer, reader),
        "recipients": recipients(influencer, reader),
    }
    for holdings in all_holdings():
        sections |= holdings.copy(influencer)
    return {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "agency": influencer.agency.name,
        "subject": influencer.name,
        **sections,
        "rights": rights(),
    }


def records(influencer: Influencer, reader: RowReader) -> dict[str, list[Row]]:
    """Accounts with what hangs on them, prices."""
    accounts = list(Account.objects.filter(influencer=influencer).order_by("pk"))
    handles = {account.pk: f"{account.platform}: {account.handle}" for account in accounts}

    def of_accounts(model: type[Model], *order: str) -> list[Row]:
        rows = model._default_manager.filter(account__in=accounts).order_by("account", *order)
        return [{**reader.row(row), "account": handles[row.account_id]} for row in rows]  # type: ignore[attr-defined]

    return {
        "accounts": reader.rows(accounts),
        "follower_counts": of_accounts(FollowerCount, "day"),
        "posts": of_accounts(Post, "posted_at", "pk"),
        "figures": of_accounts(EngagementFigures, "as_of"),
        "audience": of_accounts(AudienceShare, "as_of", "dimension", "key"),
        "prices": reader.rows(Price.objects.filter(influencer=influencer).order_by("pk")),
    }


def opinions(influencer: Influencer, reader: RowReader) -> dict[str, list[Row]]:
    """Every note and every version of every scorecard, with all reasons."""
    scores: dict[int, list[Row]] = {}
    for score in BrandFitScore.objects.filter(fit__influencer=influencer).order_by("fit", "criterion"):
        scores.setdefault(score.fit_id, []).append(reader.row(score, without=("id", "fit")))
    cards = BrandFit.objects.filter(influencer=influencer).order_by("brand", "version")
    return {
        "notes": reader.rows(BrandFitNote.objects.filter(influencer=influencer).order_by("pk")),
        "scorecards": [{**reader.row(card), "scores": scores.get(card.pk, [])} for card in cards],
    }


def traces(influencer: Influencer, reader: RowReader) -> dict[str, list[Row]]:
    """Lists, duos, imports and merges. Of others' records only the number is given."""
    entries = ShortlistEntry.objects.filter(influencer=influencer).select_related("shortlist").order_by("pk")
    accounts = list(Account.objects.filter(influencer=influencer).values_list("pk", flat=True))
    mine = Q(table="influencer") & (Q(row_id=influencer.pk) | Q(created_ids__contains=[influencer.pk]))
    mine |= Q(table="account") & (Q(row_id__in=accounts) | Q(created_ids__overlap=accounts))
    changes = ImportChange.objects.filter(mine, batch__agency_id=influencer.agency_id).order_by("pk")
    by_batch: dict[int, list[Row]] = {}
    for change in changes:
        by_batch.setdefault(change.batch_id, []).append(reader.row(change, without=("id", "batch", "created_ids")))
    batches = ImportBatch.objects.filter(pk__in=by_batch).order_by("pk")
    pairs = NotDuplicates.objects.filter(Q(first=influencer) | Q(second=influencer)).order_by("pk")
    return {
        "lists": [{"list": entry.shortlist.name, "added_at": entry.added_at.isoformat()} for entry in entries],
        "duos": [{"duo": duo.name} for duo in influencer.duos.all()]
        + [{"member": member.name} for member in influencer.members.all()],
        "imports": [
            {
                "file": batch.file_name,
                "imported_at": batch.imported_at.isoformat(),
                "imported_by": reader.role(batch.imported_by_id),
                "changes": by_batch[batch.pk],
            }
            for batch in batches
        ],
        "merges": reader.rows(
            Merge.objects.filter(kept=influencer, undone_at__isnull=True).order_by("pk"), without=("kept",)
        ),
        "not_duplicates": reader.rows(pairs),
    }


def history(influencer: Influencer, reader: RowReader) -> list[Row]:
    """Every row of the person as it was before a change or deletion, with when and by which role."""
    merges = Merge.objects.filter(kept=influencer, undone_at__isnull=True)
    ids = [influencer.pk, *merges.values_list("merged_id", flat=True)]
    accounts = Account.objects.filter(influencer=influencer).values("pk")

    def not_of_others(model: type[Model]) -> Q:
        return ~Q(pgh_obj_id__in=of_others(influencer, model))

    wanted = {
        "InfluencerEvent": Q(pgh_obj_id__in=ids),
        "AccountEvent": (Q(influencer_id__in=ids) & not_of_others(Account)) | Q(pgh_obj_id__in=accounts),
        "AudienceShareEvent": Q(account_id__in=accounts),
        "PriceEvent": Q(influencer_id__in=ids) & not_of_others(Price),
        "BrandFitNoteEvent": Q(influencer_id__in=ids) & not_of_others(BrandFitNote),
    }
    found: list[Row] = []
    for name, of_them in wanted.items():
        events = apps.get_model("influencers", name)._default_manager.filter(of_them).order_by("pgh_id")
        found += [{"table": name.removesuffix("Event"), **row} for row in reader.rows(events)]
    return sorted(found, key=lambda row: str(row["pgh_created_at"]))


def recipients(influencer: Influencer, reader: RowReader) -> list[Row]:
    """Every export in which the person was."""
    exports = DataExport.objects.filter(agency_id=influencer.agency_id, influencer_ids__contains=[influencer.pk])
    return reader.rows(exports.order_by("pk"), without=("influencer_ids",))


def rights() -> list[str]:
    """What the person may do next."""
    return [
        _("You may have wrong data corrected and missing data completed."),
        _("You may have your data erased, or object to being on the roster."),
        _("You may complain to the data-protection authority of your country."),
    ]


def printed_copy(copied: dict[str, Any]) -> dict[str, Any]:
    """The copy as the printed document sets it: a heading for each table, a block of label and value for each row."""
    return {
        "words": {"brief": _("Copy of your data"), "page": _("Page"), "of": _("of"), "nothing": _("Nothing is kept.")},
        "agency": copied["agency"],
        "agency_short": copied["agency"],
        "brand": copied["agency"],
        "campaign": _("What %(agency)s keeps about %(name)s") % {"agency": copied["agency"], "name": copied["subject"]},
        "is_long": True,
        "running": copied["subject"],
        "made": _("Made on %(day)s") % {"day": copied["made_at"][:10]},
        "introduction": "\n".join(
            [
                _(
                    "All that is kept about you, opinions included. Colleagues are named by their role, times are in UTC."
                ),
                *copied["rights"],
            ]
        ),
        "sections": [printed_section(name, rows) for name, rows in copied.items() if name in TITLES],
    }


def printed_section(name: str, rows: list[Row]) -> dict[str, Any]:
    """A table of the copy; of a very long one the last rows, and a sentence that says where the others are."""
    left = len(rows) - PRINTED_ROWS
    note = _("The %(left)s rows before these are in the data file (JSON).") % {"left": f"{left:,}"} if left > 0 else ""
    records = [[{"label": words(label), "value": text} for label, text in lines(row)] for row in rows[-PRINTED_ROWS:]]
    return {"title": str(TITLES[name]), "note": note, "records": [record for record in records if record]}


def lines(row: Row, prefix: str = "") -> Iterable[tuple[str, str]]:
    """The row's values that say something, those inside of lists and objects too, each under its path."""
    for label, value in row.items():
        name = f"{prefix}{label}"
        if isinstance(value, dict):
            yield from lines(value, f"{name}: ")
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for place, each in enumerate(value, start=1):
                yield from lines(each, f"{name} {place}: ")
        elif value not in (None, "", [], {}):
            yield name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def words(label: str) -> str:
    """`created_at` as created at; the history's own columns as what they say."""
    own = {
        "pgh_created_at": _("changed at"),
        "pgh_label": _("what"),
        "pgh_id": _("entry"),
        "pgh_context: user": _("by"),
    }
    return str(own.get(label, label.replace("_", " ")))
