"""What must be said about advertising, by market: a reminder with its source and its day, not legal advice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agency.countries import country_name

READ_ON = date(2026, 11, 22)
"""The day on which the rules below were last read at their sources."""

# Members of the European Economic Area: where no rule of the country stands below, the general European one holds.
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905 - a table
)


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """Words that are safe, where they stand, and what does not suffice. The words themselves are never translated."""

    market: str
    rule: str
    safe: str
    placement: str
    not_enough: str
    source: str
    as_of: date = READ_ON


RULES = {
    "NL": DisclosureRule(
        market="Netherlands",
        rule="Advertising Code Social Media & Influencer Marketing (RSM), consumer law, Media Act",
        safe="#ad, #advertentie, betaald partnerschap met [brand], and the platform's own label",
        placement="In the caption, at the front or the back of the row of hashtags; in a video or picture also as text or spoken; "
        "in a story series at least on the first and the last; in a live stream repeated aloud.",
        not_enough="Only tagging the brand; #partner and #collab",
        source="reclamecode.nl, influencerregels.com, cvdm.nl",
    ),
    "DK": DisclosureRule(
        market="Denmark",
        rule="Marketing Practices Act § 6(4), Consumer Ombudsman; § 11(2) for audiences under 18",
        safe="Reklame or Annonce, and for whom, on every post, video and story frame",
        placement="Before or at the moment of viewing: in the picture, above it, or as the first words of the text.",
        not_enough="ad, spons, sponsoreret; tagging the firm; a label at the end or among hashtags",
        source="forbrugerombudsmanden.dk",
    ),
    "FR": DisclosureRule(
        market="France",
        rule="Law 2023-451 of 9 June 2023, amended by ordinance 2024-978 of 6 November 2024",
        safe="Publicité or Collaboration commerciale; Images retouchées or Images virtuelles where faces or bodies were "
        "changed or made",
        placement="Clear, legible and identifiable on the picture or video, in every format, for the whole promotion.",
        not_enough="Vague thanks; a tag of the brand",
        source="legifrance.gouv.fr, economie.gouv.fr/dgccrf, arpp.org",
    ),
    "DE": DisclosureRule(
        market="Germany",
        rule="Unfair Competition Act (UWG) § 5a(4), Interstate Media Treaty (MStV) § 22",
        safe="Werbung or Anzeige",
        placement="At the very start, and on every story slide or permanently laid over.",
        not_enough="#ad at the end; sponsored by; powered by; one notice for the whole account; the platform's tool alone",
        source="die-medienanstalten.de",
    ),
    "BE": DisclosureRule(
        market="Belgium",
        rule="Code of Economic Law, FPS Economy; recommendations of the Advertising Council",
        safe="#reclame, #advertentie or #publiciteit (Publicité), in the language of the post",
        placement="Visible at a glance.",
        not_enough="A word in another language; a hidden hashtag; a label only at the end of a video",
        source="economie.fgov.be, jep.be",
    ),
    "GB": DisclosureRule(
        market="United Kingdom",
        rule="CAP Code section 2 (ASA), Digital Markets, Competition and Consumers Act 2024 (CMA)",
        safe="Ad, #ad, Advert, Advertising, Advertisement; Ad – gifted for goods",
        placement="Upfront and prominent, before anyone engages.",
        not_enough="gifted, spon, sp, aff, collab, thanks to, made possible by, in association with",
        source="asa.org.uk, gov.uk/government/publications/social-media-endorsements-guide-for-influencers",
    ),
    "US": DisclosureRule(
        market="United States",
        rule="FTC Endorsement Guides, 16 CFR Part 255 (2023)",
        safe="Ad, Advertisement, Sponsored, Thanks to [brand] for the free product",
        placement="With the endorsement itself, hard to miss; in a video seen and heard; repeated in live streams.",
        not_enough="On the profile page; at the end; after “more”; in a pile of hashtags; sp, spon, collab",
        source="ftc.gov/influencers",
    ),
}

EUROPE = DisclosureRule(
    market="European Union",
    rule="Directive 2005/29/EC on unfair commercial practices, Audiovisual Media Services Directive; national law decides",
    safe="The country's own word for advertising, together with the platform's label",
    placement="Immediately visible, for the whole of the content.",
    not_enough="The platform's label alone; a tag of the brand",
    source="commission.europa.eu (Influencer Legal Hub)",
)


def rules_for(markets: Iterable[str]) -> tuple[list[DisclosureRule], list[str]]:
    """The rules of the markets, the general European one where it applies, and the names of markets without a rule here.

    No markets means all of them: every rule known here.
    """
    codes = list(dict.fromkeys(markets))
    if not codes:
        return [*RULES.values(), EUROPE], []
    known = [RULES[code] for code in codes if code in RULES]
    if any(code in EEA for code in codes):
        known.append(EUROPE)
    return known, [country_name(code) for code in codes if code not in RULES and code not in EEA]
