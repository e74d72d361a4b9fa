"""Saved views of the roster, and the columns that a member chose."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Membership
from influencers.models import RosterColumns, SavedView


def create_saved_view(*, name: str, is_shared: bool, query: str, columns: Sequence[str], by: Membership) -> SavedView:
    """A new view of `by`'s; Refused when they have one of that name."""
    view = SavedView(agency_id=by.agency_id, owner=by, name=name, is_shared=is_shared and by.can_write)
    view.query, view.columns = query, list(columns)
    return _saved(view)


def update_saved_view(
    *, view: SavedView, name: str, is_shared: bool, by: Membership, query: str | None, columns: Sequence[str]
) -> SavedView:
    """Another name, shared or not; with a `query` also other filters and columns. Refused to others than its owner."""
    refuse_others(view, by)
    view.name, view.is_shared = name, is_shared and by.can_write
    if query is not None:
        view.query, view.columns = query, list(columns)
    return _saved(view)


def delete_saved_view(*, view: SavedView, by: Membership) -> None:
    """The view is gone; Refused to others than its owner."""
    refuse_others(view, by)
    view.delete()


def refuse_others(view: SavedView, by: Membership) -> None:
    """A shared view can be applied by everybody; what it is stays its owner's business."""
    if view.owner_id != by.pk:
        raise Refused(_("Only its owner may change this view. Save your own under another name."))


def choose_columns(*, columns: Sequence[str], by: Membership) -> None:
    """The roster shows these to `by` from now on; none at all means the usual ones."""
    if not columns:
        RosterColumns.objects.filter(membership=by).delete()
        return
    defaults = {"agency_id": by.agency_id, "columns": list(columns)}
    RosterColumns.objects.update_or_create(membership=by, defaults=defaults)


def _saved(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        if "saved_view_name_once_per_owner" not in str(error):
            raise
        raise Refused(_("You have a view of that name already.")) from error
    return view
