"""Figures that explain themselves: each with its formula in words, n, and the reason where it is empty."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.templatetags.meso import days_text
from influencers.models import EngagementFigures, Platform

Text = str | Promise
VIEW_PLATFORMS = frozenset({Platform.TIKTOK, Platform.YOUTUBE})


class Spread(NamedTuple):
    """How a rate lies over the posts: mean, lower and upper quartile."""

    mean: float | None
    p25: float | None
    p75: float | None


@dataclass(frozen=True, slots=True)
class ExplainedFigure:
    """One figure: `unit` is rate, growth, ratio or number; `value` None with a `reason`, never 0 for unknown."""

    label: Text
    unit: str
    value: float | None
    formula: Text
    n: str = ""
    reason: str = ""
    spread: Spread | None = None


def explain(figures: EngagementFigures, platform: str) -> list[ExplainedFigure]:
    """Every figure of the row, the headline first."""
    return [
        explain_headline(figures, platform),
        *(_rate(figures, kind) for kind in ("followers", "views", "reach")),
        _posts_per_week(figures),
        explain_saturation(figures),
        explain_growth(figures),
        *(_of_window(figures, figure) for figure in WINDOW_FIGURES),
    ]


def headline_name(platform: str) -> str:
    """What the headline rate of the platform is measured by."""
    return _("by views") if platform in VIEW_PLATFORMS else _("by followers")


def _posts(count: int) -> str:
    return ngettext("%(count)d post", "%(count)d posts", count) % {"count": count}


def explain_headline(figures: EngagementFigures, platform: str) -> ExplainedFigure:
    by_views = platform in VIEW_PLATFORMS
    n = figures.er_views_n if by_views else figures.er_followers_n
    return ExplainedFigure(
        label=_("Engagement rate"),
        unit="rate",
        value=figures.headline_rate,
        formula=_("Median of the rate %(by)s over the last 12 posts between 3 and 90 days old; at least 5 rated posts.")
        % {"by": headline_name(platform)},
        n=_posts(n),
        reason=str(figures.get_headline_reason_display()) if figures.headline_reason else "",
    )


RATES: dict[str, tuple[Text, Text, Text]] = {
    "followers": (
        gettext_lazy("Rate by followers"),
        gettext_lazy("Median of interactions / followers at publication, per post."),
        gettext_lazy("none of the %(posts)s has known likes, comments and followers"),
    ),
    "views": (
        gettext_lazy("Rate by views"),
        gettext_lazy("Median of interactions / views, per post."),
        gettext_lazy("none of the %(posts)s has known likes, comments and views"),
    ),
    "reach": (
        gettext_lazy("Rate by reach"),
        gettext_lazy("Median of interactions / reach, per post."),
        gettext_lazy("none of the %(posts)s has known likes, comments and reach"),
    ),
}


def _no_window(figures: EngagementFigures) -> str:
    """Why no figure over the window can be there, empty if one can."""
    if figures.headline_reason == EngagementFigures.Reason.NOT_APPLICABLE or not figures.window_posts:
        reason = figures.headline_reason or EngagementFigures.Reason.NO_POSTS
        return str(EngagementFigures.Reason(reason).label)
    return ""


def _rate(figures: EngagementFigures, kind: str) -> ExplainedFigure:
    label, formula, missing = RATES[kind]
    median = getattr(figures, f"er_{kind}_median")
    reason = _no_window(figures) or str(missing) % {"posts": _posts(figures.window_posts)}
    spread = Spread(*(getattr(figures, f"er_{kind}_{part}") for part in ("mean", "p25", "p75")))
    return ExplainedFigure(
        label=label,
        unit="rate",
        value=median,
        formula=formula,
        n=_posts(getattr(figures, f"er_{kind}_n")),
        reason="" if median is not None else reason,
        spread=None if median is None else spread,
    )


def _posts_per_week(figures: EngagementFigures) -> ExplainedFigure:
    value = figures.posts_per_week
    return ExplainedFigure(
        label=_("Posts a week"),
        unit="number",
        value=value,
        formula=_("Posts of the last 28 days / 4."),
        n="" if value is None else _posts(round(value * 4)),
        reason=_("no posts in the last 28 days") if value is None else "",
    )


def explain_saturation(figures: EngagementFigures) -> ExplainedFigure:
    known = figures.saturation_known
    reason = ngettext(
        "fewer than 5 posts of the last 90 days say whether they are sponsored (%(count)d does)",
        "fewer than 5 posts of the last 90 days say whether they are sponsored (%(count)d do)",
        known,
    )
    return ExplainedFigure(
        label=_("Saturation"),
        unit="rate",
        value=figures.saturation,
        formula=_("Sponsored posts / posts of the last 90 days of which it is known."),
        n=_posts(known),
        reason="" if figures.saturation is not None else reason % {"count": known},
    )


def explain_growth(figures: EngagementFigures) -> ExplainedFigure:
    value = figures.growth_30d
    return ExplainedFigure(
        label=_("Growth in 30 days"),
        unit="growth",
        value=value,
        formula=_("Followers now / followers then, scaled to 30 days."),
        n="" if value is None else days_text(figures.growth_from, figures.growth_to),
        reason=""
        if value is not None
        else _("no two follower counts at least 7 days apart, the later one from the last 7 days"),
    )


WHERE_KNOWN = gettext_lazy("of the last %(posts)s those where it is known")


@dataclass(frozen=True, slots=True)
class WindowFigure:
    """A figure over the window; its row keeps no n of its own, so `n` says what is sure."""

    name: str
    label: Text
    unit: str
    formula: Text
    reason: Text
    n: Text = WHERE_KNOWN


WINDOW_FIGURES = (
    WindowFigure(
        "sponsored_to_organic",
        gettext_lazy("Sponsored to organic"),
        "ratio",
        gettext_lazy("Median rate of sponsored posts / median rate of organic ones, 3 to 90 days old."),
        gettext_lazy("fewer than 3 rated posts of each kind, or the organic ones have a rate of 0"),
        n=gettext_lazy("at least 3 rated posts of each kind"),
    ),
    WindowFigure(
        "comment_like_ratio",
        gettext_lazy("Comments per like"),
        "ratio",
        gettext_lazy("All comments / all likes, over the posts where both are known."),
        gettext_lazy("no post with known comments and likes, or no likes at all"),
    ),
    WindowFigure(
        "reply_rate",
        gettext_lazy("Reply rate"),
        "rate",
        gettext_lazy("The creator's replies / comments, over the posts where both are known."),
        gettext_lazy("replies by the creator are unknown, or there are no comments"),
    ),
    WindowFigure(
        "view_rate",
        gettext_lazy("View rate"),
        "rate",
        gettext_lazy("Median of views / followers at publication."),
        gettext_lazy("no post with known views and followers"),
    ),
    WindowFigure(
        "reach_rate",
        gettext_lazy("Reach rate"),
        "rate",
        gettext_lazy("Median of reach / followers at publication."),
        gettext_lazy("no post with known reach and followers"),
    ),
)


def _of_window(figures: EngagementFigures, figure: WindowFigure) -> ExplainedFigure:
    value = getattr(figures, figure.name)
    no_posts = str(EngagementFigures.Reason.NO_POSTS.label) if not figures.window_posts else ""
    return ExplainedFigure(
        label=figure.label,
        unit=figure.unit,
        value=value,
        formula=figure.formula,
        n=str(figure.n) % {"posts": _posts(figures.window_posts)},
        reason="" if value is not None else no_posts or str(figure.reason),
    )
