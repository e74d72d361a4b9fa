"""Who and what the demo is about. All names are made up."""

from dataclasses import dataclass

GIVEN_NAMES = (  # noqa: SIM905 - a list of a hundred quoted names reads worse
    "Alma Anton Asta August Bastian Bea Birk Calle Clara Cosmo Dagny Dario Edda Eik Elio Elva Emil Enya Esben Fenna Filip Freja "
    "Gaia Gustav Hedda Holger Idun Ilse Ivar Janna Jeppe Joris Juno Kaja Karla Kasper Kees Lærke Leonie Liv Lotte Lovis Magne "
    "Maren Mateo Mira Nanna Nils Noor Odin Oona Otto Pelle Petra Pim Quinn Ragna Rasmus Rosa Runa Saga Sander Selma Sietse Signe "
    "Sofus Svea Tara Teun Thea Tilde Tjalle Tora Ulf Uma Vera Viggo Vita Wessel Wilma Xenia Ylva Yara Zita"
).split()
FAMILY_NAMES = (  # noqa: SIM905 - as above
    "Aabenfeldt Bakkelund Birkedahl Blomvang Bredahl Brinkhof Dalgaardsen Doornink Drostholm Eikelboom Elmgreen Engholm Fagerli "
    "Fjellhaug Frostrup Gravelund Grønvold Haarlemse Havnsø Heidekamp Hjortebæk Holtmark Ibsgaard Kaldervik Kirkeby Klinkhamer "
    "Klitmøller Kornblom Krageskov Lindehus Lundvang Markholt Mosegren Nordlykke Oldenbeek Østerbo Ploegmakers Ravnsborg Rietveldt "
    "Rosenlund Rugvang Sandvoort Skovdal Solbakke Steenwijk Stormark Strandby Søndervig Tangeland Tulpstra Tyrihjelm Ulvedal "
    "Vandermolen Vestergren Vinterhav Wagterveld Westerkade Wiersum Ydemark Zandkamp"
).split()
LONG_NAME = "Maximiliana Wilhelmina Christensdatter van der Vlierboom-Østergaard af Rosenlund og Havnsø-Klinkhamer"

NICHES = {
    "coffee": ("slow mornings", "home barista", "café corners"),
    "food": ("weeknight dinners", "baking", "plant-based lunch"),
    "cycling": ("commuting", "gravel weekends", "bike repair"),
    "skin care": ("sensitive skin", "evening routine", "ingredients"),
    "parenting": ("packed lunches", "small flat", "first year"),
    "travel": ("night trains", "islands", "small towns"),
    "music": ("bedroom studio", "vinyl", "headphones"),
    "fitness": ("running", "winter swimming", "home workout"),
    "interior": ("rental makeover", "plants", "second hand"),
    "tech": ("desk setup", "phone photography", "keyboards"),
}
PLACES = (
    ("DK", "Copenhagen", "da"), ("DK", "Aarhus", "da"), ("DK", "Odense", "da"), ("NL", "Amsterdam", "nl"), ("NL", "Utrecht", "nl"),
    ("NL", "Groningen", "nl"), ("SE", "Malmö", "sv"), ("NO", "Bergen", "no"), ("DE", "Hamburg", "de"), ("BE", "Ghent", "nl"),
)  # fmt: skip
PLATFORM_SHARE = {"instagram": 0.46, "tiktok": 0.32, "youtube": 0.16, "facebook": 0.03, "linkedin": 0.03}
SECOND_CHANNELS = ("podcast", "newsletter", "blog", "twitch", "instagram", "youtube", "facebook", "tiktok")
# Lower and upper follower counts of a tier, and how many of 150 creators are in it.
SIZES = (
    (700, 5_000, 24),
    (5_000, 50_000, 62),
    (50_000, 100_000, 28),
    (100_000, 1_000_000, 30),
    (1_000_000, 4_200_000, 6),
)


@dataclass(frozen=True, slots=True)
class BrandCast:
    """A brand of the demo: its client, its category, where it sells, what it stands for."""

    name: str
    client: str
    category: str
    markets: tuple[str, ...]
    values: str
    no_go_topics: str
    target_audience: str
    ages: tuple[str, ...] = ("25-34", "35-44")
    women_percent: int | None = None
    niches: tuple[str, ...] = ()


CONFIDENTIAL_CLIENT = "Kestrel Holdings"
BRANDS = (
    BrandCast("Fjordlys Coffee", "Fjordlys Group", "Coffee", ("DK", "NL", "SE"), "Slow mornings, traceable beans, no hurry.",
              "Weight loss, politics.", "25–44, people who brew at home.", niches=("coffee", "food")),
    BrandCast("Fjordlys Tea", "Fjordlys Group", "Tea", ("DK", "NL"), "Quiet evenings, whole leaves.", "Medical promises.",
              "30–55, evening routine.", ages=("35-44", "45-54"), women_percent=65, niches=("food", "interior")),
    BrandCast("Brikka Coffee", "Brikka Foods", "Coffee", ("NL", "DK", "BE"), "Strong, quick, on the move.", "Alcohol.",
              "18–34, commuters.", ages=("18-24", "25-34"), niches=("coffee", "cycling")),
    BrandCast("Velo Nord", "Velo Nord ApS", "Bicycles & scooters", ("DK", "NL", "DE"), "Every trip under ten kilometres by bike.",
              "Cars as status.", "25–50, city commuters.", niches=("cycling", "travel")),
    BrandCast("Havtorn Skin", "Havtorn Labs", "Face care", ("DK", "SE", "NO"), "Few ingredients, plainly said.",
              "Before-and-after pictures.", "20–40, sensitive skin.",
              ages=("18-24", "25-34"), women_percent=75, niches=("skin care",)),
    BrandCast("Aurelia Audio", CONFIDENTIAL_CLIENT, "Audio", ("NL", "DE", "DK"), "Sound without show.", "Leaks before the launch.",
              "20–45, people who listen on the way.", ages=("18-24", "25-34", "35-44"), niches=("music", "tech")),
)  # fmt: skip
MARKET_LANGUAGES = {"DK": "da", "NL": "nl", "SE": "sv", "NO": "no", "DE": "de", "BE": "nl"}
RIVALS = ("Fjordlys Coffee", "Brikka Coffee")

CAPTIONS = (
    "What I wish I had known a year ago", "Three things that worked this week", "Nobody asked, but here it is",
    "The short version, because you wanted it", "Slow Sunday", "I was wrong about this", "From my kitchen to yours",
    "Part two, as promised", "A small thing that made the day", "Questions from you, answers from me", "Rain again, out anyway",
    "Behind the scenes of last week",
)  # fmt: skip
DISCLOSURES = {"da": "Reklame", "nl": "#advertentie", "sv": "Reklam", "no": "Reklame", "de": "Werbung"}
FIT_NOTES = (
    "Speaks about mornings as we would. Answers her comments herself. Check that no other hot drink runs in the same month.",
    "Audience is a little young for this brand, the tone fits. Worth a small first step.",
    "Long-standing fan, posted about it unpaid twice last winter. A good ambassador to begin with.",
    "Too many paid posts this spring. Ask again in autumn.",
    "Calm, exact, never overclaims. Her followers ask where she bought things.",
)

AUDIENCE_PLACES = ("DK", "NL", "SE", "NO", "DE", "BE", "GB", "US", "FR")
AUDIENCE_SOURCE = "screenshot of the creator's own insights"


@dataclass(frozen=True, slots=True)
class ScorecardCast:
    """A scorecard of the demo: how old it is, what it says of each criterion and why."""

    brand: str
    verdict: str
    days_ago: int
    scores: dict[str, tuple[int, str]]
    conditions: str = ""


SCORECARDS = (
    ScorecardCast("Fjordlys Coffee", "fits", 40, {
        "topic": (4, "Brews on camera twice a week, unasked."), "audience": (3, "Home market is right, a little young."),
        "values": (4, "Talks about growers by name."), "tone": (3, "Calm; sometimes very long."),
        "credibility": (4, "Marks every paid post in the first line."), "load": (3, "One paid post in five."),
    }),
    ScorecardCast("Fjordlys Coffee", "conditions", 75, {
        "topic": (3, "Food first, coffee now and then."), "audience": (3, "Two thirds at home."),
        "tone": (2, "Quick cuts, loud music."), "rivals": (1, "Worked with another roaster in spring."),
    }, conditions="Not before the other roaster's weeks are over."),
    ScorecardCast("Fjordlys Coffee", "unfit", 120, {
        "values": (0, "Promises that a drink helps to lose weight: a no-go topic."), "topic": (2, "Mostly fitness."),
    }),
    ScorecardCast("Velo Nord", "fits", 20, {
        "topic": (4, "Commutes by bicycle and shows it."), "audience": (4, "City people in the right two countries."),
        "locality": (4, "Lives where the shops are."), "credibility": (3, "Answers questions herself."),
    }),
    ScorecardCast("Havtorn Skin", "conditions", 60, {
        "topic": (4, "Ingredients are the topic."), "load": (1, "Nearly half of the posts are paid."),
        "tone": (3, "Plain daylight, no filters."),
    }, conditions="At most one paid post a month from others while ours runs."),
    ScorecardCast("Havtorn Skin", "fits", 400, {"topic": (3, "Evening routines."), "audience": (3, "Women of 20 to 35.")}),
    ScorecardCast("Aurelia Audio", "fits", 15, {
        "topic": (4, "Tests headphones and says what is wrong with them."), "values": (3, "Never leaks."),
    }),
)  # fmt: skip
