"""Forms that correct an account and its counts."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from influencers.forms.people import FollowerCountForm
from influencers.imports.errors import CellError
from influencers.imports.handles import KINDS, PlatformName, parse_profile
from influencers.models import Account


class AccountUpdateForm(forms.Form):
    """What an account is called and how it is recognised. Its platform stays: another platform is another account."""

    handle = forms.CharField(
        label=gettext_lazy("Handle or profile link"), max_length=500, help_text=gettext_lazy("As it is now.")
    )
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https")
    external_id = forms.CharField(
        label=gettext_lazy("Id on the platform"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Imports recognise the account by it, even when the handle changes. May stay empty."),
    )
    is_primary = forms.BooleanField(
        label=gettext_lazy("This is the primary account"),
        required=False,
        help_text=gettext_lazy(
            "Tier and rate of the roster are taken from it. Without one the largest account counts."
        ),
    )

    def __init__(self, data: Any = None, *, account: Account) -> None:
        known = {name: getattr(account, name) for name in ("handle", "url", "external_id", "is_primary")}
        super().__init__(data, initial=known)
        self.account = account

    def clean_handle(self) -> str:
        text = self.cleaned_data["handle"].strip()
        is_bare = "/" not in text or text.startswith(KINDS)
        try:
            platform = cast("PlatformName", self.account.platform)
            link = parse_profile(text, platform=platform if is_bare else None)
        except CellError as error:
            raise forms.ValidationError(error.message) from error
        if link.platform != self.account.platform:
            said = {"platform": self.account.get_platform_display()}
            raise forms.ValidationError(_("This account is on %(platform)s. Add the other profile beside it.") % said)
        return str(link.handle)


class FollowerCountUpdateForm(FollowerCountForm):
    """Another number for a day that was counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["followers"].label = _("Followers on that day")
