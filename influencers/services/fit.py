"""Scorecards of brand fit: each edit is a new version, with a reason for every score."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agency.errors import Refused
from agency.models import Brand, Membership
from influencers.models import BrandFit, BrandFitScore, Influencer
from influencers.services.notes import refuse_strangers

Scores = Mapping[str, tuple[int, str]]
HIGHEST = 4


class ScorecardChangedError(Refused):
    """Somebody wrote another version in the meantime: `current`; None if there is none (any more)."""

    def __init__(self, current: BrandFit | None) -> None:
        super().__init__(_("Somebody else changed this scorecard while you wrote. Nothing was saved."))
        self.current = current


@transaction.atomic
def score_brand_fit(
    *,
    influencer: Influencer,
    brand: Brand,
    scores: Scores,
    verdict: str,
    conditions: str,
    expires_on: date,
    by: Membership,
    expected_version: int | None,
) -> BrandFit:
    """The next version of the scorecard; `scores` has (0 to 4, reason) by criterion, those left out are not assessed.

    `expected_version` is the version that the author saw, None for none: another one raises ScorecardChangedError.
    """
    refuse_strangers(influencer, brand, by)
    conditions = conditions.strip()
    _refuse_unfounded(scores, verdict, conditions)
    today = influencer.agency.today()
    if expires_on < today:
        raise Refused(_("A scorecard cannot have expired already."))
    # Two authors at once: the second waits here, then finds that the version is not the one it saw.
    Influencer.objects.select_for_update(no_key=True).get(pk=influencer.pk)
    current = BrandFit.objects.current().filter(influencer=influencer, brand=brand).select_related("author").first()
    if (current.version if current else None) != expected_version:
        raise ScorecardChangedError(current)
    if current is None and not scores:
        raise Refused(_("Score at least one criterion."))
    if current is not None:
        BrandFit.objects.filter(pk=current.pk).update(is_current=False)
    fit = BrandFit.objects.create(
        agency=influencer.agency,
        influencer=influencer,
        brand=brand,
        version=current.version + 1 if current else 1,
        verdict=verdict,
        conditions=conditions if verdict == BrandFit.Verdict.CONDITIONS else "",
        author=by.user,
        written_on=today,
        expires_on=expires_on,
    )
    BrandFitScore.objects.bulk_create(
        BrandFitScore(fit=fit, criterion=criterion, score=score, reason=reason.strip())
        for criterion, (score, reason) in scores.items()
    )
    return fit


def _refuse_unfounded(scores: Scores, verdict: str, conditions: str) -> None:
    """Every score has a reason, every verdict a score, every condition is named."""
    for criterion, (score, reason) in scores.items():
        label = BrandFitScore.Criterion(criterion).label
        if not 0 <= score <= HIGHEST:
            raise Refused(_("%(criterion)s: a score is 0 to 4.") % {"criterion": label})
        if not reason.strip():
            raise Refused(_("%(criterion)s: say why.") % {"criterion": label})
    chosen = BrandFit.Verdict(verdict)
    if chosen == BrandFit.Verdict.CONDITIONS and not conditions:
        raise Refused(_("Name the conditions."))
    if chosen != BrandFit.Verdict.NOT_ASSESSED and not scores:
        raise Refused(_("A verdict needs at least one scored criterion."))
