"""The criteria by which creators are ranked for a brand. Each gives 0 (speaks against) to 1 (speaks for), or nothing at all.

`table` (computed once), `join` and `part` are SQL over `line`, the roster line of a creator; `part` is null where nothing is known.
`columns` are the inputs that the sentences name. docs/fit.md explains the formulas, with an example worked by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.models import Brand
from agency.templatetags.meso import days_text, percent, signed_percent
from influencers.fit.asked import Known, OwnPrice, Row, listed, share, spellings
from influencers.models import BrandFit, Price

Says = Callable[[Row, Known], str]


def _nothing(_brand: Brand) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to compare creators. `says` names the inputs, `lacks` why there are none, `unusable` why the brand cannot ask."""

    key: str
    label: Promise
    formula: Promise
    part: str
    says: Says
    lacks: Says
    table: str = ""
    join: str = ""
    columns: Sequence[str] = ()
    unusable: Callable[[Brand], str] = _nothing


# --- scorecards ---------------------------------------------------------------------------------------
CARD = (
    "LEFT JOIN influencers_brandfit AS card ON card.influencer_id = line.influencer_id AND card.brand_id = %(brand)s"
    " AND card.is_current"
)
SCORES = """LEFT JOIN (
    SELECT f.influencer_id, avg(s.score) AS mean, count(*) AS number FROM influencers_brandfit AS f
    JOIN influencers_brandfitscore AS s ON s.fit_id = f.id
    WHERE f.brand_id = %(brand)s AND f.is_current AND f.expires_on >= %(today)s GROUP BY f.influencer_id
) AS scored ON scored.influencer_id = line.influencer_id"""


def _verdict(row: Row, _known: Known) -> str:
    verdict = BrandFit.Verdict(row["verdict"]).label
    return _("verdict: %(verdict)s (%(day)s)") % {"verdict": verdict, "day": date_format(row["judged_on"], "j M Y")}


def _no_verdict(row: Row, known: Known) -> str:
    if row["verdict"] and row["valid_until"] < known.asked.today:
        return _("the scorecard expired on %(day)s") % {"day": date_format(row["valid_until"], "j M Y")}
    return _("not assessed")


def _scores(row: Row, _known: Known) -> str:
    said = ngettext("scores: %(mean)s of 4 (%(n)d criterion)", "scores: %(mean)s of 4 (%(n)d criteria)", row["scored"])
    return said % {"mean": number_format(row["mean_score"], 1), "n": row["scored"]}


# --- audience -----------------------------------------------------------------------------------------
def _audience(name: str, dimension: str, keys: str) -> str:
    """Of the account that speaks for the creator, what its latest day says of the dimension."""
    return f"""{name} AS MATERIALIZED (
    SELECT DISTINCT ON (account_id) account_id, as_of, inside, whole FROM (
        SELECT s.account_id, s.as_of, sum(s.share::float8) AS whole,
            coalesce(sum(s.share::float8) FILTER (WHERE s.key = ANY({keys})), 0) AS inside
        FROM influencers_audienceshare AS s
        WHERE s.agency_id = %(agency)s AND s.dimension = '{dimension}' {{accounts}}
        GROUP BY s.account_id, s.as_of
    ) AS days ORDER BY account_id, as_of DESC
)"""  # noqa: S608 - names and keys are constants below


def _of_account(name: str) -> str:
    return f"LEFT JOIN {name} ON {name}.account_id = line.account_id"


def _audience_columns(name: str, dimension: str) -> Sequence[str]:
    source = f"""(SELECT max(s.source) FROM influencers_audienceshare AS s WHERE s.account_id = line.account_id
        AND s.dimension = '{dimension}' AND s.as_of = {name}.as_of) AS {name}_source"""  # noqa: S608 - as above
    return [*(f"{name}.{column} AS {name}_{column}" for column in ("inside", "whole", "as_of")), source]


def _inside(row: Row, name: str, where: str) -> str:
    day = date_format(row[f"{name}_as_of"], "j M Y")
    said = _("%(share)s of the audience in %(where)s") % {"share": share(row[f"{name}_inside"]), "where": where}
    outside = row[f"{name}_whole"] - row[f"{name}_inside"]
    rest = 1 - row[f"{name}_whole"]
    parts = [said, _("%(share)s elsewhere") % {"share": share(outside)}]
    if rest > 0.0005:
        parts.append(_("%(share)s not broken down") % {"share": share(rest)})
    return _("%(parts)s (as of %(day)s)") % {"parts": ", ".join(parts), "day": day}


def _women(row: Row, known: Known) -> str:
    said = {
        "share": share(row["women_inside"]),
        "target": share((known.brand.target_women_percent or 0) / 100),
        "day": date_format(row["women_as_of"], "j M Y"),
    }
    return _("%(share)s women, wanted %(target)s (as of %(day)s)") % said


def _no_audience(what: Promise) -> Says:
    def lacks(row: Row, _known: Known) -> str:
        return str(what) if row["account_id"] else _("no account")

    return lacks


# --- what the creator says of themselves --------------------------------------------------------------
def _matched(label: Promise, column: str, wanted: Callable[[Brand], list[str]]) -> Says:
    """niches: food, not travel."""

    def says(row: Row, known: Known) -> str:
        fits = set(spellings(wanted(known.brand)))
        matched, other = [w for w in row[column] if w in fits], [w for w in row[column] if w not in fits]
        if not matched:
            return _("%(label)s: %(other)s, none that the brand names") % {"label": label, "other": listed(other)}
        return f"{label}: {listed(matched)}" + (_(" (also %(other)s)") % {"other": listed(other)} if other else "")

    return says


def _country(row: Row, known: Known) -> str:
    is_in = row["country"] in known.brand.markets
    return (_("lives in %(code)s") if is_in else _("lives in %(code)s, outside the markets")) % {"code": row["country"]}


# --- figures ------------------------------------------------------------------------------------------
def _percentile(row: Row, known: Known) -> str:
    said = {"rate": percent(row["headline_rate"]), "share": share(row["rate_percentile"]), "peers": known.peers(row)}
    return _("rate %(rate)s, above %(share)s of %(peers)s") % said + _as_of(row)


def _saturation(row: Row, _known: Known) -> str:
    return _("%(share)s of posts are paid") % {"share": share(row["saturation"])} + _as_of(row)


def _growth(row: Row, _known: Known) -> str:
    return _("followers %(growth)s in 30 days") % {"growth": signed_percent(row["growth_30d"])} + _as_of(row)


def _as_of(row: Row) -> str:
    return _(" (as of %(day)s)") % {"day": date_format(row["figures_as_of"], "j M Y")}


def _because(reason: Promise) -> Says:
    def lacks(row: Row, _known: Known) -> str:
        if not row["account_id"]:
            return _("no account")
        return str(reason) if row["figures_as_of"] else _("no figures have been computed yet")

    return lacks


def _no_percentile(row: Row, known: Known) -> str:
    if row["headline_rate"] is None:
        return _because(gettext_lazy("no engagement rate is known"))(row, known)
    return _("fewer than 30 rates of %(peers)s to compare with") % {"peers": known.peers(row)}


# Medians come as arrays; the price that began last counts, as on the price card.
PRICES = """priced AS MATERIALIZED (
    SELECT own.influencer_id, avg(CASE WHEN own.amount <= 0 THEN 1 ELSE
        greatest(0, least(1, 0.5 - 0.5 * ln(own.amount::float8 / median.amount) / ln(2.0::float8))) END) AS part
    FROM ({prices}) AS own
    JOIN unnest(%(m_kinds)s::text[], %(m_platforms)s::text[], %(m_currencies)s::text[], %(m_tiers)s::text[],
        %(m_amounts)s::float8[]) AS median (kind, platform, currency, tier, amount)
        ON (median.kind, median.platform, median.currency, median.tier) = (own.kind, own.platform, own.currency, own.tier)
    GROUP BY own.influencer_id
)"""
PRICED = "LEFT JOIN priced ON priced.influencer_id = line.influencer_id"


# --- work and price -----------------------------------------------------------------------------------
def _rivals(row: Row, known: Known) -> str:
    rival = [work for work in known.work.get(row["influencer_id"], ()) if work.is_rival]
    if not rival:
        return _("no work for a rival is booked here in 12 months")
    named = [f"{work.brand} ({days_text(work.first, work.last)})" for work in rival]
    return _("work for a rival: %(named)s") % {"named": ", ".join(dict.fromkeys(named))}


def _prices(row: Row, known: Known) -> str:
    return "; ".join(price_words(price) for price in known.prices.get(row["influencer_id"], ()) if price.median)


def price_words(price: OwnPrice) -> str:
    """post 500 EUR, median of mid 600 EUR (n = 12); without a median what was asked for."""
    said = {
        "kind": Price.Kind(price.group.kind).label,
        "amount": number_format(price.amount, 0, force_grouping=True),
        "currency": price.group.currency,
    }
    if price.median is None:
        return _("%(kind)s %(amount)s %(currency)s") % said
    said |= {
        "median": number_format(price.median.amount, 0, force_grouping=True),
        "tier": price.group.tier,
        "n": str(price.median.n),
    }
    return _("%(kind)s %(amount)s %(currency)s, median of %(tier)s %(median)s %(currency)s (n = %(n)s)") % said


def _no_price(row: Row, known: Known) -> str:
    if not known.prices.get(row["influencer_id"]):
        return _("no valid price is known")
    return _("fewer than 5 prices of this kind in the tier to compare with")


CRITERIA = (
    Criterion(
        key="verdict",
        label=gettext_lazy("Verdict"),
        formula=gettext_lazy(
            "Of the current scorecard: fits 1, with conditions 0.5, does not fit 0; expired ones are unknown."
        ),
        join=CARD,
        part="CASE WHEN card.expires_on >= %(today)s THEN"
        " CASE card.verdict WHEN 'fits' THEN 1.0 WHEN 'conditions' THEN 0.5 WHEN 'unfit' THEN 0.0 END END",
        columns=("card.verdict", "card.written_on AS judged_on", "card.expires_on AS valid_until"),
        says=_verdict,
        lacks=_no_verdict,
    ),
    Criterion(
        key="scores",
        label=gettext_lazy("Scores"),
        formula=gettext_lazy("Mean of the scores of the current scorecard / 4; what is not assessed is left out."),
        join=SCORES,
        part="scored.mean / 4.0",
        columns=("scored.mean AS mean_score", "scored.number AS scored"),
        says=_scores,
        lacks=lambda _row, _known: _("no valid scorecard"),
    ),
    Criterion(
        key="markets",
        label=gettext_lazy("Audience in the markets"),
        formula=gettext_lazy("Share of the audience in the brand's markets."),
        table=_audience("markets", "country", "%(markets)s"),
        join=_of_account("markets"),
        part="markets.inside",
        columns=_audience_columns("markets", "country"),
        says=lambda row, known: _inside(row, "markets", listed(known.brand.markets)),
        lacks=_no_audience(gettext_lazy("the countries of the audience are unknown")),
        unusable=lambda brand: "" if brand.markets else _("The brand names no markets."),
    ),
    Criterion(
        key="ages",
        label=gettext_lazy("Audience in the target ages"),
        formula=gettext_lazy("Share of the audience in the brand's age bands."),
        table=_audience("ages", "age", "%(ages)s"),
        join=_of_account("ages"),
        part="ages.inside",
        columns=_audience_columns("ages", "age"),
        says=lambda row, known: _inside(row, "ages", listed(known.brand.target_ages)),
        lacks=_no_audience(gettext_lazy("the ages of the audience are unknown")),
        unusable=lambda brand: "" if brand.target_ages else _("The brand names no target ages."),
    ),
    Criterion(
        key="women",
        label=gettext_lazy("Women in the audience"),
        formula=gettext_lazy("1 − the distance between the share of women and the share that the brand wants."),
        table=_audience("women", "gender", "ARRAY['women']"),
        join=_of_account("women"),
        part="1 - abs(women.inside - %(women)s)",
        columns=_audience_columns("women", "gender"),
        says=_women,
        lacks=_no_audience(gettext_lazy("the gender of the audience is unknown")),
        unusable=lambda brand: (
            "" if brand.target_women_percent is not None else _("The brand names no share of women.")
        ),
    ),
    Criterion(
        key="niches",
        label=gettext_lazy("Niche"),
        formula=gettext_lazy("1 if at least one niche is among the brand's, else 0."),
        part="CASE WHEN cardinality(line.niches) > 0 THEN (line.niches && %(niches)s)::int END",
        says=_matched(gettext_lazy("niches"), "niches", lambda brand: brand.niches),
        lacks=lambda _row, _known: _("the niches are unknown"),
        unusable=lambda brand: "" if brand.niches else _("The brand names no niches."),
    ),
    Criterion(
        key="languages",
        label=gettext_lazy("Language"),
        formula=gettext_lazy("1 if at least one language is among the brand's, else 0."),
        part="CASE WHEN cardinality(line.languages) > 0 THEN (line.languages && %(languages)s)::int END",
        says=_matched(gettext_lazy("languages"), "languages", lambda brand: brand.languages),
        lacks=lambda _row, _known: _("the languages are unknown"),
        unusable=lambda brand: "" if brand.languages else _("The brand names no languages."),
    ),
    Criterion(
        key="country",
        label=gettext_lazy("Country"),
        formula=gettext_lazy("1 if the creator lives in one of the brand's markets, else 0."),
        part="CASE WHEN line.country <> '' THEN (line.country = ANY(%(markets)s))::int END",
        says=_country,
        lacks=lambda _row, _known: _("the country is unknown"),
        unusable=lambda brand: "" if brand.markets else _("The brand names no markets."),
    ),
    Criterion(
        key="rate",
        label=gettext_lazy("Engagement rate"),
        formula=gettext_lazy("Share of accounts of the same platform and tier whose rate is lower."),
        part="line.rate_percentile",
        says=_percentile,
        lacks=_no_percentile,
    ),
    Criterion(
        key="saturation",
        label=gettext_lazy("Few paid posts"),
        formula=gettext_lazy("1 − the share of sponsored posts in 90 days."),
        part="1 - line.saturation",
        says=_saturation,
        lacks=_because(gettext_lazy("fewer than 5 posts say whether they are paid")),
    ),
    Criterion(
        key="growth",
        label=gettext_lazy("Growth"),
        formula=gettext_lazy("Followers in 30 days: −5 % or less is 0, no change 0.5, +5 % or more 1."),
        # greatest and least skip nulls: without the condition an unknown growth would be the best.
        part="CASE WHEN line.growth_30d IS NOT NULL THEN greatest(0, least(1, 0.5 + 10 * line.growth_30d)) END",
        says=_growth,
        lacks=_because(gettext_lazy("the follower counts are too few or too old")),
    ),
    Criterion(
        key="rivals",
        label=gettext_lazy("No work for rivals"),
        formula=gettext_lazy(
            "0 if work for a rival in the last 12 months is booked here, as far as you may see it; else 1."
        ),
        part="1 - (line.influencer_id = ANY(%(rivals)s))::int",
        says=_rivals,
        lacks=lambda _row, _known: "",
    ),
    Criterion(
        key="price",
        label=gettext_lazy("Price"),
        formula=gettext_lazy(
            "Against the median of the tier for the same deliverable, platform and currency, from 5 prices on: "
            "half of it or less is 1, the median 0.5, twice or more 0; the mean of all that can be compared."
        ),
        table=PRICES,
        join=PRICED,
        part="priced.part",
        says=_prices,
        lacks=_no_price,
    ),
)
BY_KEY = {criterion.key: criterion for criterion in CRITERIA}
