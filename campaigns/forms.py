"""Forms of campaigns, bookings and absences. Each offers only rows of the agency that the person may see."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.forms import CHECK_BOXES, CategoryChoice, MarketsField
from agency.models import Brand, Category, Membership
from campaigns.models import Campaign, Collaboration, Deliverable, Exclusivity, Unavailability
from influencers.forms import WordsField
from influencers.models import Account, Influencer, Platform

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
MESSAGES = ("message_1", "message_2", "message_3")


# Browsers drop letters from number fields without a word: "200K" would arrive as 200.
DIGITS = {"inputmode": "decimal", "autocomplete": "off"}


class DayField(forms.DateField):
    """A calendar day of this century, so that a slip of the finger books nobody for the year 20226."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
        )
        validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], validators=validators, **options)


class MomentField(forms.DateTimeField):
    """A day and an hour in the agency's time zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **options)


class CurrencyField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        iso = RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, e.g. EUR."))
        super().__init__(label=_("Currency"), max_length=3, min_length=3, validators=[iso], **options)

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").upper()


def both_or_none(form: forms.BaseForm, first: str, last: str) -> None:
    """A first day goes with a last one, in this order."""
    low, high = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if {first, last} & set(form.errors):
        return
    if (low is None) != (high is None):
        form.add_error(last if high is None else first, _("Give both days or none."))
    elif low and high and low > high:
        form.add_error(last, _("The last day comes before the first."))


def in_order(form: forms.BaseForm, first: str, last: str, sentence: Any) -> None:
    """The first day does not come after the last one, where both are known."""
    low, high = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if low and high and low > high:
        form.add_error(first, sentence)


def choices_of(form: forms.BaseForm, name: str, rows: Any) -> None:
    """What a field of rows offers."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """A campaign; brands that the author may see, owners who may write."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    categories = CategoryChoice(
        label=_("Promoted categories"),
        queryset=Category.objects.none(),
        required=False,
        help_text=_("Clashes are found by these. Choose them as precisely as you can; none means the brand's."),
    )
    markets = MarketsField(label=_("Markets"), required=False, help_text=_("Country codes, e.g. DK, NL. Empty: all."))
    message_1 = forms.CharField(label=_("First message"), max_length=300, required=False)
    message_2 = forms.CharField(label=_("Second message"), max_length=300, required=False)
    message_3 = forms.CharField(label=_("Third message"), max_length=300, required=False)
    hashtags = WordsField(label=_("Hashtags"), required=False, help_text=_("Separated by commas."))
    currency = CurrencyField()
    embargo_until = MomentField(label=_("Nothing before"), required=False)

    class Meta:
        model = Campaign
        fields = (
            "brand",
            "name",
            "owner",
            "objective",
            "status",
            "starts_on",
            "ends_on",
            "embargo_until",
            "categories",
            "markets",
            "budget",
            "currency",
            "target_reach",
            "dos",
            "donts",
            "hashtags",
            "tracking",
        )
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("dos", "donts", "tracking")},
            **{name: forms.TextInput(attrs=DIGITS) for name in ("budget", "target_reach")},
        }

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "brand", Brand.objects.visible_to(by))
        writers = Membership.objects.filter(agency_id=by.agency_id).exclude(role=Membership.Role.VIEWER)
        writers = writers.filter(Q(is_active=True) | Q(pk=self.instance.owner_id)).select_related("user")
        choices_of(self, "owner", writers.order_by("user__name", "user__email"))
        categories = self.fields["categories"]
        assert isinstance(categories, CategoryChoice)  # noqa: S101 - tells mypy what the class says
        categories.offer(by.agency)
        for name, message in zip(MESSAGES, self.instance.key_messages, strict=False):
            self.initial.setdefault(name, message)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        both_or_none(self, "starts_on", "ends_on")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in MESSAGES}
        facts["key_messages"] = [self.cleaned_data[name] for name in MESSAGES if self.cleaned_data.get(name)]
        return facts


class CampaignListFilter(forms.Form):
    """What narrows the list of campaigns."""

    q = forms.CharField(required=False, max_length=200)
    brand = forms.ModelChoiceField(Brand.objects.none(), required=False, empty_label=_("All brands"))
    status = forms.ChoiceField(required=False, choices=[("", _("All states")), *Campaign.Status.choices])

    def __init__(self, *args: Any, reader: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "brand", Brand.objects.visible_to(reader).filter(campaigns__isnull=False).distinct())

    def wanted(self) -> Q:
        """The condition on campaigns; what cannot be read narrows nothing."""
        self.full_clean()
        q, brand, status = (self.cleaned_data.get(name) for name in ("q", "brand", "status"))
        condition = Q(name__icontains=q) | Q(brand__name__icontains=q) if q else Q()
        return condition & (Q(brand=brand) if brand else Q()) & (Q(status=status) if status else Q())


class LineUpForm(forms.ModelForm):  # type: ignore[type-arg]
    """A creator for the line-up: who, on which days, for how much."""

    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("No days: those of the campaign."))
    currency = CurrencyField(required=False)

    class Meta:
        model = Collaboration
        fields = ("influencer", "starts_on", "ends_on", "fee", "client_price", "currency")
        widgets = {
            "influencer": forms.HiddenInput,
            **{name: forms.TextInput(attrs=DIGITS) for name in ("fee", "client_price")},
        }

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "influencer", Influencer.objects.filter(agency_id=by.agency_id))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        both_or_none(self, "starts_on", "ends_on")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take; without a currency the campaign's."""
        return {name: value for name, value in self.cleaned_data.items() if name != "currency" or value}


class BulkLineUpForm(forms.Form):
    """The campaign for which creators that were picked elsewhere are proposed; those that are over are not offered."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"), empty_label=_("Choose a campaign"))

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        over = [Campaign.Status.FINISHED, Campaign.Status.ARCHIVED]
        campaigns = cast("forms.ModelChoiceField[Campaign]", self.fields["campaign"])
        campaigns.queryset = Campaign.objects.visible_to(by).exclude(status__in=over)


class CheckForm(forms.Form):
    """What the live answer is asked: who, and on which days if not on the campaign's."""

    influencer = forms.ModelChoiceField(Influencer.objects.none())
    starts_on = DayField(required=False)
    ends_on = DayField(required=False)

    def __init__(self, *args: Any, reader: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of(self, "influencer", Influencer.objects.filter(agency_id=reader.agency_id))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        both_or_none(self, "starts_on", "ends_on")
        return cleaned


class CollaborationForm(LineUpForm):
    """The facts of a collaboration; its state is moved by buttons."""

    influencer = None
    contract_sent_on = DayField(label=_("Contract sent"), required=False)
    contract_signed_on = DayField(label=_("Contract signed"), required=False)
    usage_rights_until = DayField(label=_("Usage rights until"), required=False)
    option_until = MomentField(label=_("Option until"), required=False)
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Collaboration
        fields = (
            "starts_on",
            "ends_on",
            "fee",
            "client_price",
            "currency",
            "contract_sent_on",
            "contract_signed_on",
            "usage_rights_until",
            "option_until",
            "code",
            "link",
        )
        widgets = {name: forms.TextInput(attrs=DIGITS) for name in ("fee", "client_price")}

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        forms.ModelForm.__init__(self, *args, **kwargs)


class MoveForm(forms.Form):
    """Another state, and by how many days everything is put later."""

    state = forms.ChoiceField(choices=Collaboration.State.choices)
    shift = forms.IntegerField(required=False, min_value=0, max_value=36_500)


class AccountChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_platform_display()} {obj}"


class DeliverableForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is made; accounts of the creator, and of the members of a duo."""

    account = AccountChoice(
        Account.objects.none(), label=_("Account"), required=False, empty_label=_("not known yet: any platform")
    )
    live_from = DayField(label=_("Goes live from"), required=False)
    live_to = DayField(label=_("To"), required=False, help_text=_("The same day twice when the day is fixed."))
    draft_due_on = DayField(label=_("Draft due"), required=False)
    feedback_due_on = DayField(label=_("Feedback due"), required=False)
    must_stay_until = DayField(label=_("Must stay until"), required=False)
    live_time = forms.TimeField(
        label=_("Hour"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    class Meta:
        model = Deliverable
        fields = (
            "account",
            "format",
            "state",
            "live_from",
            "live_to",
            "live_time",
            "draft_due_on",
            "feedback_due_on",
            "must_stay_until",
            "note",
        )

    def __init__(self, *args: Any, people: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.filter(influencer__in=people).order_by("platform", "handle")
        choices_of(self, "account", accounts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("live_from"), cleaned.get("live_to")
        if first and last is None and "live_to" not in self.errors:
            cleaned["live_to"] = first
        both_or_none(self, "live_from", "live_to")
        in_order(self, "draft_due_on", "feedback_due_on", _("The draft cannot be due after the feedback on it."))
        for name in ("draft_due_on", "feedback_due_on"):
            in_order(self, name, "live_to", _("This is due after the post goes live."))
        return cleaned


class ClauseForm(forms.ModelForm):  # type: ignore[type-arg]
    """An exclusivity; brands that the author may see, never the campaign's own."""

    categories = CategoryChoice(
        label=_("Categories"),
        queryset=Category.objects.none(),
        required=False,
        help_text=_("For product categories: these and everything below them."),
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.none(),
        label=_("Brands"),
        required=False,
        widget=CHECK_BOXES,
        help_text=_("For named brands. Otherwise other brands of the same client that are shut out too."),
    )
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"), choices=Platform.choices, required=False, widget=CHECK_BOXES, help_text=_("None: all.")
    )
    markets = MarketsField(label=_("Markets"), required=False, help_text=_("Country codes, e.g. DK, NL. Empty: all."))
    fixed_from = DayField(label=_("From"), required=False)
    fixed_to = DayField(label=_("To"), required=False, help_text=_("Only for fixed dates."))

    class Meta:
        model = Exclusivity
        fields = (
            "scope",
            "categories",
            "brands",
            "anchor",
            "fixed_from",
            "fixed_to",
            "days_before",
            "days_after",
            "is_open_ended",
            "platforms",
            "markets",
        )

    def __init__(self, *args: Any, by: Membership, own: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = self.fields["categories"]
        assert isinstance(categories, CategoryChoice)  # noqa: S101 - tells mypy what the class says
        categories.offer(by.agency)
        self.visible = Brand.objects.visible_to(by).exclude(pk=own.pk)
        choices_of(self, "brands", self.visible)
        for name in ("days_before", "days_after"):
            days = self.fields[name]
            days.validators.append(MaxValueValidator(3_650))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("anchor") == Exclusivity.Anchor.FIXED:
            if not cleaned.get("fixed_from") and "fixed_from" not in self.errors:
                self.add_error("fixed_from", _("Say from which day."))
            elif cleaned.get("is_open_ended"):
                cleaned["fixed_to"] = None
            elif not cleaned.get("fixed_to") and "fixed_to" not in self.errors:
                self.add_error("fixed_to", _("Say until which day, or that it has no end."))
        else:
            cleaned["fixed_from"] = cleaned["fixed_to"] = None
        both_ordered = cleaned.get("fixed_from") and cleaned.get("fixed_to")
        if both_ordered and cleaned["fixed_from"] > cleaned["fixed_to"]:
            self.add_error("fixed_to", _("The last day comes before the first."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take. Named brands that the author may not see stay named."""
        facts = dict(self.cleaned_data)
        brands = list(facts["brands"])
        if self.instance.pk:
            brands += self.instance.brands.exclude(pk__in=self.visible.values("pk"))
        return facts | {"brands": brands}


class UnavailabilityForm(forms.ModelForm):  # type: ignore[type-arg]
    """Days on which a creator takes no work."""

    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    class Meta:
        model = Unavailability
        fields = ("starts_on", "ends_on", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        both_or_none(self, "starts_on", "ends_on")
        return cleaned


class AcceptClashForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
