"""Forms of brand fit: scorecards, the choice of a brand, what a ranking is asked for; and the warning on words of notes."""

from typing import Any

from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Brand, Membership
from influencers.fit.asked import HIGH, LOW, NORMAL
from influencers.fit.criteria import CRITERIA
from influencers.fit.scorecards import score_word, valid_until
from influencers.fit.words import SensitiveWord, fold, sensitive_words
from influencers.models import BrandFit, BrandFitScore, Influencer, InfluencerQuerySet, Platform
from influencers.services.fit import HIGHEST, Scores

CONFIRMED = "confirmed_words"


class WatchesWords(forms.BaseForm):
    """Asks once before it takes words that point to health, religion, politics, orientation, ethnicity or a trade union.

    Such words are confirmed with the form, each by name: what is written afterwards is asked about again.
    """

    watched: tuple[str, ...] = ("text",)
    names: tuple[str, ...] = ()  # of the creator and the brand, which may contain such a word

    def sensitive_words(self) -> list[SensitiveWord]:
        texts = (str(self.cleaned_data.get(name) or "") for name in self.watched)
        brand = self.cleaned_data.get("brand")
        names = (*self.names, str(brand)) if brand else self.names
        return sensitive_words(" \n ".join(texts), names=names)

    @property
    def words_to_confirm(self) -> list[SensitiveWord]:
        """Those that nobody confirmed yet; only of a form that is valid."""
        confirmed = set(str(self.data.get(CONFIRMED, "")).split("|"))
        found = self.sensitive_words() if self.is_bound and self.is_valid() else []
        return found if any(fold(word.text) not in confirmed for word in found) else []

    @property
    def confirmation(self) -> str:
        """What the check box says when it is ticked."""
        return "|".join(fold(word.text) for word in self.words_to_confirm)

    def may_be_kept(self) -> bool:
        """Valid, and nothing is left to confirm."""
        return self.is_valid() and not self.words_to_confirm


class BrandChoiceForm(forms.Form):
    """Which brand, of those that the member may know of."""

    brand = forms.ModelChoiceField(
        label=gettext_lazy("Brand"), queryset=Brand.objects.none(), empty_label=gettext_lazy("Choose a brand")
    )

    def __init__(self, asked: QueryDict, *, by: Membership) -> None:
        super().__init__(asked if asked.get("brand") else None, auto_id="choice-%s")  # a note has a brand too
        brand = self.fields["brand"]
        assert isinstance(brand, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the class says
        brand.queryset = Brand.objects.visible_to(by)

    def chosen(self) -> Brand | None:
        """The brand of the address, None if it names none; Http404 if there is no such brand for the member."""
        if not self.is_bound:
            return None
        if not self.is_valid():
            raise Http404
        brand: Brand = self.cleaned_data["brand"]
        return brand


class ScorecardForm(WatchesWords, forms.Form):
    """A score with its reason per criterion, the verdict, its conditions, how long it is valid."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        choices=BrandFit.Verdict.choices,
        widget=forms.RadioSelect(attrs={"class": "form-selectgroup-input"}),
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only for “fits with conditions”, and then needed."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Afterwards it counts as not assessed."),
    )

    watched = ("conditions", *(f"reason_{value}" for value in BrandFitScore.Criterion.values))

    def __init__(
        self, data: QueryDict | None, *, influencer: Influencer, brand: Brand, current: BrandFit | None
    ) -> None:
        today = influencer.agency.today()
        super().__init__(data, initial=_initial(current) | {"expires_on": valid_until(today)})
        self.names = (influencer.name, brand.name)
        scores = [("", _("not assessed")), *((str(n), f"{n} · {score_word(n)}") for n in range(HIGHEST + 1))]
        for value, label in BrandFitScore.Criterion.choices:
            self.fields[f"score_{value}"] = forms.ChoiceField(
                label=label,
                choices=scores,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-selectgroup-input"}),
            )
            self.fields[f"reason_{value}"] = forms.CharField(
                label=_("Why: %(criterion)s") % {"criterion": label},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control", "placeholder": _("Why")}),
            )

    def lines(self) -> list[tuple[Any, Any]]:
        """The two fields of each criterion, in order."""
        return [(self[f"score_{value}"], self[f"reason_{value}"]) for value in BrandFitScore.Criterion.values]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for value in BrandFitScore.Criterion.values:
            score, reason = cleaned.get(f"score_{value}"), (cleaned.get(f"reason_{value}") or "").strip()
            if score and not reason:
                self.add_error(f"reason_{value}", _("Say why."))
            if reason and not score:
                self.add_error(f"score_{value}", _("Choose a score for this reason, or clear the reason."))
        if cleaned.get("verdict") == BrandFit.Verdict.CONDITIONS and not (cleaned.get("conditions") or "").strip():
            self.add_error("conditions", _("Name the conditions."))
        return cleaned

    def scores(self) -> Scores:
        """What the service takes: score and reason by criterion; those that are not assessed are left out."""
        given = self.cleaned_data
        return {
            value: (int(given[f"score_{value}"]), given[f"reason_{value}"])
            for value in BrandFitScore.Criterion.values
            if given[f"score_{value}"]
        }


def _initial(current: BrandFit | None) -> dict[str, Any]:
    if current is None:
        return {"verdict": BrandFit.Verdict.NOT_ASSESSED}
    initial: dict[str, Any] = {
        "version": current.version,
        "verdict": current.verdict,
        "conditions": current.conditions,
    }
    for score in current.scores.all():
        initial |= {f"score_{score.criterion}": str(score.score), f"reason_{score.criterion}": score.reason}
    return initial


class RankingForm(forms.Form):
    """Who is ranked, by what, how heavily; all of it stands in the address."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=200, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("Any status")), *Influencer.Status.choices],
    )
    platform = forms.ChoiceField(
        label=gettext_lazy("Platform"),
        required=False,
        choices=[("", gettext_lazy("Any platform")), *Platform.choices],
    )
    known = forms.ChoiceField(
        label=gettext_lazy("How much is known"),
        required=False,
        choices=[
            ("", gettext_lazy("Whatever is known")),
            ("half", gettext_lazy("At least half is known")),
            ("all", gettext_lazy("All is known")),
        ],
    )
    by = forms.MultipleChoiceField(required=False, choices=[(criterion.key, criterion.label) for criterion in CRITERIA])

    WEIGHTS = ((LOW, gettext_lazy("low")), (NORMAL, gettext_lazy("normal")), (HIGH, gettext_lazy("high")))

    def __init__(self, asked: QueryDict, *, brand: Brand) -> None:
        super().__init__(asked)
        self.brand = brand
        self.usable = [criterion for criterion in CRITERIA if not criterion.unusable(brand)]
        for criterion in CRITERIA:
            self.fields[f"w_{criterion.key}"] = forms.TypedChoiceField(
                label=_("Weight of: %(criterion)s") % {"criterion": criterion.label},
                coerce=int,
                required=False,
                choices=self.WEIGHTS,
            )

    def asked(self, name: str) -> Any:
        """What the address says; nothing where it says what is no choice."""
        self.is_valid()
        return self.cleaned_data.get(name, "")

    def weights(self) -> dict[str, int]:
        """The chosen criteria that the brand has a use for; all of them, equally, while none is chosen."""
        usable = [criterion.key for criterion in self.usable]
        chosen = [key for key in usable if key in (self.asked("by") or usable)] or usable
        return {key: self.asked(f"w_{key}") or NORMAL for key in chosen}

    def at_least(self) -> int:
        """How many of the chosen criteria must be known."""
        count = len(self.weights())
        return {"half": -(-count // 2), "all": count}.get(self.asked("known"), 0)

    def wants_blocked(self) -> bool:
        """Those with whom the agency does not work are ranked only if they are asked for."""
        return bool(self.asked("status") == Influencer.Status.BLOCKED)

    def creators(self) -> InfluencerQuerySet | None:
        """Whom the filters leave; None for everybody."""
        rows = Influencer.objects.filter(agency_id=self.brand.agency_id)
        narrowed = rows
        if words := self.asked("q"):
            narrowed = narrowed.matching(words)
        if status := self.asked("status"):
            narrowed = narrowed.filter(status=status)
        if platform := self.asked("platform"):
            narrowed = narrowed.filter(line__platform=platform)
        return None if narrowed is rows else narrowed

    def selects(self) -> list[forms.BoundField]:
        """The filters that are chosen from a list."""
        return [self[name] for name in ("status", "platform", "known")]

    def lines(self) -> list[dict[str, Any]]:
        """Each criterion with its state, for the page."""
        weights = self.weights()
        return [
            {
                "criterion": criterion,
                "is_chosen": criterion.key in weights,
                "weight": weights.get(criterion.key, NORMAL),
                "unusable": criterion.unusable(self.brand),
            }
            for criterion in CRITERIA
        ]
