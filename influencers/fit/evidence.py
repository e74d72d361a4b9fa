"""What the data say beside a scorecard: the same parts that the ranking uses, each with its inputs, source, day and n."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.models import Brand, Membership
from agency.templatetags.meso import days_text
from influencers.fit.asked import NORMAL, Asked, OwnPrice, Row
from influencers.fit.criteria import CRITERIA, price_words
from influencers.fit.mentions import Mentions, mentions_of
from influencers.fit.prices import FEWEST
from influencers.fit.ranking import Part, rank
from influencers.fit.work import Work
from influencers.models import EngagementFigures, Influencer, Post
from influencers.selectors.explained import explain_growth, explain_headline, explain_saturation
from influencers.selectors.roster import figures_of
from influencers.selectors.tiers import Bands

JUDGED_BY_PEOPLE = ("verdict", "scores")
AUDIENCE = ("markets", "ages", "women")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Link:
    """A place where it can be seen."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that is known, or the reason why it is not; `note` says where from and how it is computed."""

    label: str | Promise
    text: str
    is_known: bool
    note: str = ""
    links: list[Link] = field(default_factory=list)


def evidence_of(influencer: Influencer, brand: Brand, reader: Membership, bands: Bands) -> list[Evidence]:
    """Everything that the reader may know, the audience first. Nothing here is added up to one number."""
    weights = {criterion.key: NORMAL for criterion in CRITERIA if criterion.key not in JUDGED_BY_PEOPLE}
    asked = Asked(
        brand, reader, brand.agency.today(), bands, weights, Influencer.objects.filter(pk=influencer.pk), few=True
    )
    ranking = rank(asked, limit=1)
    [found] = ranking.rows
    parts = {part.criterion.key: part for part in found.parts}
    account_id, platform = found.row["account_id"], found.row["platform"]
    figures = figures_of([account_id] if account_id else []).get(account_id)
    told: list[Evidence] = []
    for criterion in CRITERIA:
        part = parts.get(criterion.key)
        if criterion.key == "rivals":
            told.extend(_work(ranking.known.work.get(influencer.pk, ())))
        elif criterion.key == "price":
            told.append(_price(ranking.known.prices.get(influencer.pk, ())))
        elif part is not None:
            note = _note(part, found.row, figures, platform)
            told.append(Evidence(criterion.label, part.text, part.is_known, note))
        elif criterion.key not in JUDGED_BY_PEOPLE:
            told.append(Evidence(criterion.label, criterion.unusable(brand), is_known=False))
    return [*told, _mentions(mentions_of(influencer, brand))]


def _note(part: Part, row: Row, figures: EngagementFigures | None, platform: str) -> str:
    """Where the inputs come from: the source of audience figures; n and the formula of computed ones."""
    key = part.criterion.key
    if key in AUDIENCE and part.is_known:
        return _("Source: %(source)s.") % {"source": row[f"{key}_source"]}
    if figures is None or not part.is_known:
        return ""
    explained = {
        "rate": lambda: explain_headline(figures, platform),
        "saturation": lambda: explain_saturation(figures),
        "growth": lambda: explain_growth(figures),
    }.get(key)
    if explained is None:
        return ""
    figure = explained()
    return _("%(n)s. %(formula)s") % {"n": figure.n, "formula": figure.formula}


def _price(prices: Iterable[OwnPrice]) -> Evidence:
    """Each valid price beside the median of its tier, or alone with the reason."""
    prices = list(prices)
    label = _("Price")
    if not prices:
        return Evidence(label, _("no valid price is known"), is_known=False)
    alone = not all(price.median for price in prices)
    note = _("No median where fewer than %(n)d creators of the tier have a price of the kind.") % {"n": FEWEST}
    return Evidence(label, "; ".join(price_words(price) for price in prices), is_known=True, note=note if alone else "")


def _work(works: Iterable[Work]) -> Iterable[Evidence]:
    """Past and running work for the brand; work for rivals. Only what the reader may know of is counted."""
    works = list(works)
    own, rival = [work for work in works if not work.is_rival], [work for work in works if work.is_rival]
    note = _("From the bookings that you may see; rivals: those of the brand page, and who promotes the same category.")
    yield _line_of_work(_("Work for the brand"), own, _("none is booked here"))
    yield _line_of_work(_("Work for rivals, 12 months"), rival, _("none is booked here"), note)


def _line_of_work(label: str, works: list[Work], nothing: str, note: str = "") -> Evidence:
    links = [
        Link(f"{work.brand}, {work.what}: {work.state}, {days_text(work.first, work.last)}", work.url) for work in works
    ]
    said = ngettext("%(n)d collaboration", "%(n)d collaborations", len(works)) % {"n": len(works)}
    return Evidence(label, said if works else nothing, is_known=True, note=note, links=links[:SHOWN])


def _mentions(mentions: Mentions) -> Evidence:
    """How often the creator names the brand unpaid, with the posts."""
    label = _("Unpaid mentions, 12 months")
    if not mentions.read:
        return Evidence(label, _("no captions of the last 12 months are known"), is_known=False)
    count = len(mentions.unpaid)
    said = ngettext("%(n)d post names the brand", "%(n)d posts name the brand", count) % {"n": count}
    read = ngettext("%(n)d caption was read.", "%(n)d captions were read.", mentions.read) % {"n": mentions.read}
    if mentions.unknown:
        doubt = ngettext(
            "%(n)d more post names it, of which nobody knows whether it is paid.",
            "%(n)d more posts name it, of which nobody knows whether they are paid.",
            len(mentions.unknown),
        )
        read = f"{read} {doubt % {'n': len(mentions.unknown)}}"
    return Evidence(label, said, is_known=True, note=read, links=[_post(post) for post in mentions.unpaid[:SHOWN]])


def _post(post: Post) -> Link:
    day = date_format(post.posted_at, "j M Y") if post.posted_at else ""
    return Link(f"{day}: {post.caption[:80]}", post.url)
