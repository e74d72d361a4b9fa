"""Who may call a view. Every view under `/<agency>/` carries exactly one of these decorators.

The decorator takes the `agency` slug from the address and puts `request.agency` and `request.membership` in its place. A view
without one would be called with an argument that it does not know and fail: forgetting the check can never open a page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.timezone import override
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from agency.history import changed_by
from agency.models import Agency, Membership, User

P = ParamSpec("P")
Check = Callable[[Membership], bool]


class AgencyRequest(HttpRequest):
    """A request that passed an access decorator."""

    user: User
    agency: Agency
    membership: Membership
    htmx: HtmxDetails


AgencyView = Callable[Concatenate[AgencyRequest, P], HttpResponseBase]
View = Callable[..., HttpResponseBase]


def membership_or_404(user: Any, slug: str) -> Membership:
    """The user's active membership in the agency of that slug; Http404 when there is none: other agencies do not exist."""
    membership = (
        Membership.objects.select_related("agency", "user").filter(agency__slug=slug, user=user, is_active=True).first()
    )
    if membership is None:
        raise Http404
    return membership


def _guarded(view: Callable[..., HttpResponseBase], allows: Check) -> View:
    @wraps(view)
    def wrapper(request: Any, /, *args: Any, agency: str, **kwargs: Any) -> HttpResponseBase:
        request.membership = membership_or_404(request.user, agency)
        request.agency = request.membership.agency
        if not allows(request.membership):
            raise PermissionDenied(_("Your role in this agency does not allow this."))
        # Pages show times, and forms read them, on the agency's clock.
        with override(request.agency.zone), changed_by(user=request.user.pk):
            return view(request, *args, **kwargs)

    return wrapper


def agency_member(view: AgencyView[P]) -> View:
    """Any active member; everybody else gets 404."""
    return _guarded(view, lambda membership: membership.is_active)


def agency_writer(view: AgencyView[P]) -> View:
    """Marketers and managers; viewers get 403."""
    return _guarded(view, lambda membership: membership.can_write)


def agency_manager(view: AgencyView[P]) -> View:
    """Managers; all other members get 403."""
    return _guarded(view, lambda membership: membership.is_manager)


def agency_roster_manager(view: AgencyView[P]) -> View:
    """Managers, and writers who look after the roster; all other members get 403."""
    return _guarded(view, lambda membership: membership.keeps_roster)
