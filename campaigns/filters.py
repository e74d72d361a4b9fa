"""What a reader picks on the timeline. The choices hold only what the reader may know of."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from agency.models import Brand, Membership
from campaigns.models import Collaboration
from campaigns.timeline.window import Wanted

LONGEST = timedelta(days=731)
"""Two years, one of them a leap year."""
DAYS_BEFORE, DAYS_AFTER = 6, 24
ENDED = {Collaboration.State.DECLINED, Collaboration.State.CANCELLED}
EVERY_STATE = "any"
SANE_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


class TimelineFilter(forms.Form):
    """Brand, creator, state, and the days from first to last; without days a month around today."""

    brand = forms.ModelChoiceField(Brand.objects.none(), required=False, label=_("Brand"), empty_label=_("All brands"))
    creator = forms.CharField(required=False, max_length=200, label=_("Creator"))
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("", _("All but declined and cancelled")),
            (EVERY_STATE, _("All states")),
            *Collaboration.State.choices,
        ],
    )

    def __init__(self, *args: Any, reader: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = reader.agency.today()
        brand = cast("forms.ModelChoiceField[Brand]", self.fields["brand"])
        brand.queryset = Brand.objects.visible_to(reader).filter(campaigns__isnull=False).distinct()
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.DateField(
                required=False, label=label, input_formats=["%Y-%m-%d"], validators=SANE_DAYS
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        first, last = cleaned["from"], cleaned["to"]
        if first is None:
            first = self.today - timedelta(days=DAYS_BEFORE) if last is None else last - timedelta(days=DAYS_AFTER)
        if last is None:
            last = first + timedelta(days=DAYS_BEFORE + DAYS_AFTER)
        if last < first:
            raise ValidationError(_("The last day comes before the first."))
        if last - first > LONGEST:
            raise ValidationError(_("Choose two years at most."))
        return {**cleaned, "from": first, "to": last}

    def days(self) -> tuple[date, date]:
        """First and last day of what is shown; those of the opening view where the form says nothing valid."""
        if self.is_valid():
            return self.cleaned_data["from"], self.cleaned_data["to"]
        return self.today - timedelta(days=DAYS_BEFORE), self.today + timedelta(days=DAYS_AFTER)

    def wanted(self) -> Wanted:
        """The window that a valid form asks for."""
        brand, state = self.cleaned_data["brand"], self.cleaned_data["state"]
        return Wanted(
            first=self.cleaned_data["from"],
            last=self.cleaned_data["to"],
            brand_id=brand.pk if brand else None,
            creator=self.cleaned_data["creator"],
            states=_states(state),
            picks_collaborations=bool(brand or state not in {"", EVERY_STATE}),
        )


def _states(choice: str) -> frozenset[str]:
    if choice == EVERY_STATE:
        return frozenset()
    return frozenset({choice} if choice else set(Collaboration.State.values) - ENDED)
