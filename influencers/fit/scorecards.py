"""Scorecards as pages show them: every criterion in its order, what is not assessed, what an edit changed, how old they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agency.models import Brand, Membership
from influencers.models import BrandFit, BrandFitScore, Influencer

Criterion = BrandFitScore.Criterion


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion of a scorecard; `score` None is not assessed, which is not the same as 0."""

    criterion: str
    label: str
    score: int | None
    reason: str = ""

    @property
    def word(self) -> str:
        return score_word(self.score)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A version with all its criteria. An expired one is shown as such and counts as not assessed."""

    fit: BrandFit
    lines: list[Line]
    has_expired: bool

    @property
    def known(self) -> int:
        return sum(line.score is not None for line in self.lines)

    @property
    def verdict(self) -> str:
        """What counts today."""
        return BrandFit.Verdict.NOT_ASSESSED if self.has_expired else self.fit.verdict


@dataclass(frozen=True, slots=True)
class Change:
    """What a version said otherwise than the one before; empty where it said nothing."""

    label: str
    before: str
    after: str


def score_word(score: int | None) -> str:
    """0 poor to 4 excellent."""
    words = (_("poor"), _("weak"), _("fair"), _("good"), _("excellent"))
    return _("not assessed") if score is None else words[score]


def valid_until(today: date) -> date:
    """A year from today, unless the author says otherwise; from 29 February to the 28th."""
    return today.replace(year=today.year + 1, day=28 if (today.month, today.day) == (2, 29) else today.day)


def scorecard(fit: BrandFit, today: date) -> Scorecard:
    """The version with its lines; reads its prefetched scores."""
    given = {score.criterion: score for score in fit.scores.all()}
    lines = [
        Line(value, str(label), given[value].score, given[value].reason) if value in given else Line(value, str(label), None)
        for value, label in Criterion.choices
    ]  # fmt: skip
    return Scorecard(fit, lines, fit.has_expired(today))


def scorecards_of(influencer: Influencer, reader: Membership) -> list[Scorecard]:
    """The current scorecards of a creator that the reader may see, newest first. Two queries; none for viewers."""
    fits = current_fits(reader).filter(influencer=influencer)
    return [scorecard(fit, influencer.agency.today()) for fit in fits.order_by("-written_on", "-pk")]


def scorecards_for(brand: Brand, reader: Membership) -> QuerySet[BrandFit]:
    """The current scorecards of a brand that the reader may see, the most recent first."""
    return current_fits(reader).filter(brand=brand).select_related("influencer").order_by("-written_on", "-pk")


def current_fits(reader: Membership) -> QuerySet[BrandFit]:
    fits: QuerySet[BrandFit] = BrandFit.objects.visible_to(reader).current()
    return fits.select_related("brand", "author").prefetch_related("scores")


def versions_of(fit: BrandFit) -> list[BrandFit]:
    """All versions of the scorecard that the version belongs to, the newest first. Two queries."""
    fits = BrandFit.objects.filter(influencer_id=fit.influencer_id, brand_id=fit.brand_id)
    return list(fits.select_related("author").prefetch_related("scores").order_by("-version"))


def changes(before: BrandFit | None, after: BrandFit) -> list[Change]:
    """What the later version says otherwise, criterion by criterion, verdict, conditions and expiry included."""
    old, new = (_as_texts(fit) if fit else {} for fit in (before, after))
    labels: Iterable[str] = dict.fromkeys([*new, *old])
    return [
        Change(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def _as_texts(fit: BrandFit) -> dict[str, str]:
    given: dict[str, Any] = {score.criterion: score for score in fit.scores.all()}
    texts = {_("Verdict"): fit.get_verdict_display(), _("Conditions"): fit.conditions}
    for value, label in Criterion.choices:
        if value in given:
            score = given[value]
            texts[str(label).capitalize()] = f"{score.score}: {score.reason}"
    return texts | {_("Valid until"): f"{fit.expires_on:%Y-%m-%d}"}
