"""The demo's creators: accounts, a year of follower counts, posts up to yesterday. The same seed makes the same people."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product

from agency.models import Agency
from campaigns.demo.cast import (
    CAPTIONS,
    DISCLOSURES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    LONG_NAME,
    NICHES,
    PLACES,
    PLATFORM_SHARE,
    SECOND_CHANNELS,
    SIZES,
)
from influencers.models import Account, FollowerCount, Influencer, Platform, Post

SECOND_CHANNEL_COUNT = 115
WEEKS = 52
POSTS_IN_WINDOW, POSTS_BEFORE = 24, 28
SPONSORED_SHARE = 0.22
HIDES_LIKES, SHARES_INSIGHTS = 0.05, 0.85


@dataclass(slots=True)
class Character:
    """What makes one account's numbers hang together."""

    account: Account
    followers: int
    monthly_growth: float
    rate: float
    language: str
    niche: str
    hides_likes: bool
    shares_insights: bool

    def followers_on(self, days_ago: int) -> int:
        return max(1, round(self.followers * math.exp(-math.log1p(self.monthly_growth) * days_ago / 30)))


Sizes = Sequence[tuple[int, int, int]]


def make_creators(
    agency: Agency, rng: random.Random, *, sizes: Sizes = SIZES, second_channels: int = SECOND_CHANNEL_COUNT
) -> list[Influencer]:
    """Write the roster in a handful of bulk inserts; creators come back from the smallest tier to the biggest."""
    followers = list(_followers(sizes, rng))
    people = Influencer.objects.bulk_create(_people(agency, len(followers), rng))
    characters = [_character(agency, person, count, rng) for person, count in zip(people, followers, strict=True)]
    with_account = [character for character in characters if character is not None]
    seconds = _second_channels(agency, [character.account for character in with_account], second_channels, rng)
    Account.objects.bulk_create([character.account for character in with_account] + seconds)
    today = agency.today()
    FollowerCount.objects.bulk_create(
        (count for character in with_account for count in _counts(character, today, rng)), batch_size=5_000
    )
    Post.objects.bulk_create(
        [post for character in with_account for post in _posts(character, agency, rng)]
        + [post for account in seconds for post in _rare_posts(account, agency, rng)],
        batch_size=2_000,
    )
    return people


def _followers(sizes: Sizes, rng: random.Random) -> Iterator[int]:
    for low, high, count in sizes:
        for _ in range(count):
            yield round(math.exp(rng.uniform(math.log(low), math.log(high - 1))))


def _people(agency: Agency, number: int, rng: random.Random) -> list[Influencer]:
    names = [f"{given} {family}" for given, family in product(GIVEN_NAMES, FAMILY_NAMES)]
    chosen = rng.sample(names, number)
    chosen[7] = LONG_NAME
    people = []
    for index, name in enumerate(chosen):
        country, city, language = rng.choice(PLACES)
        niche = rng.choice(sorted(NICHES))
        people.append(
            Influencer(
                agency=agency,
                name=name,
                country=country,
                city=city,
                languages=[language, "en"],
                niches=[niche],
                tags=rng.sample(NICHES[niche], k=2),
                status=rng.choices(["active", "prospect", "paused", "blocked"], [70, 22, 6, 2])[0],
                source="made up for the demo",
                informed_on=agency.today() - timedelta(days=rng.randrange(40, 300)) if index % 5 else None,
            )
        )
    for index in (3, 11):  # experts who vouch for a brand without any account
        people[index].kind = Influencer.Kind.EXPERT
        people[index].role_type = Influencer.RoleType.MENTOR
    return people


def handle_of(name: str, rng: random.Random) -> str:
    """A handle as people make it from their name: no accents, a dot or an underscore, sometimes a word."""
    plain = name.lower().translate(str.maketrans("æøåöéë", "aoaoee"))
    given, _, family = plain.partition(" ")
    family = "".join(letter for letter in family if letter.isascii() and letter.isalpha())[:12]
    return rng.choice([f"{given}.{family}", f"{given}_{family}", f"{given}{family[:6]}", f"its.{given}.{family[:5]}"])[
        :30
    ]


def _character(agency: Agency, person: Influencer, followers: int, rng: random.Random) -> Character | None:
    if person.kind == Influencer.Kind.EXPERT:
        return None
    platform = rng.choices(list(PLATFORM_SHARE), list(PLATFORM_SHARE.values()))[0]
    handle = handle_of(person.name, rng)
    account = Account(
        agency=agency, influencer=person, platform=platform, handle=handle, url=_url(platform, handle), is_primary=True
    )
    # Rates fall slowly with size; by views they are higher than by followers.
    base = (0.085 if platform in {"tiktok", "youtube"} else 0.055) * (followers / 10_000) ** -0.12
    return Character(
        account=account,
        followers=followers,
        monthly_growth=rng.gauss(0.018, 0.02),
        rate=base * rng.lognormvariate(0, 0.35),
        language=person.languages[0],
        niche=person.niches[0],
        hides_likes=platform == "instagram" and rng.random() < HIDES_LIKES,
        shares_insights=rng.random() < SHARES_INSIGHTS,
    )


def _url(platform: str, handle: str) -> str:
    return {
        "instagram": f"https://www.instagram.com/{handle}/",
        "tiktok": f"https://www.tiktok.com/@{handle}",
        "youtube": f"https://www.youtube.com/@{handle}",
        "facebook": f"https://www.facebook.com/{handle}",
        "linkedin": f"https://www.linkedin.com/in/{handle}/",
    }.get(platform, "")


def _second_channels(agency: Agency, firsts: list[Account], number: int, rng: random.Random) -> list[Account]:
    channels = []
    for first in rng.sample(firsts, number):
        platform = rng.choice([name for name in SECOND_CHANNELS if name != first.platform])
        channels.append(
            Account(
                agency=agency,
                influencer=first.influencer,
                platform=platform,
                handle=first.handle,
                url=_url(platform, first.handle),
                typed_followers=rng.randrange(2, 90) * 100,
                typed_followers_step=100,
                typed_followers_on=agency.today() - timedelta(days=rng.randrange(5, 60)),
            )
        )
    return channels


def _counts(character: Character, today: date, rng: random.Random) -> Iterator[FollowerCount]:
    for days_ago in [*range(WEEKS * 7, 1, -7), 1]:
        wobble = 1 + rng.gauss(0, 0.002)
        yield FollowerCount(
            agency_id=character.account.agency_id,
            account=character.account,
            day=today - timedelta(days=days_ago),
            followers=round(character.followers_on(days_ago) * wobble),
            source=FollowerCount.Source.IMPORT,
        )


def _posts(character: Character, agency: Agency, rng: random.Random) -> Iterator[Post]:
    recent = [*rng.sample(range(4 * 24, 88 * 24), POSTS_IN_WINDOW - 4), 30, 52, 60, 70]
    older = rng.sample(range(90 * 24, 360 * 24), POSTS_BEFORE)
    now = datetime.combine(agency.today(), time(0), tzinfo=agency.zone)
    for number, hours_ago in enumerate(sorted(older + recent, reverse=True)):
        yield _post(character, number, now - timedelta(hours=hours_ago, minutes=rng.randrange(60)), now, rng)


def _post(character: Character, number: int, posted_at: datetime, now: datetime, rng: random.Random) -> Post:
    account = character.account
    is_video = account.platform in {Platform.TIKTOK, Platform.YOUTUBE} or rng.random() < 0.5
    sponsored = rng.choices(["yes", "no", "unknown"], [SPONSORED_SHARE, 0.72, 0.06])[0]
    followers = character.followers_on((now - posted_at).days)
    reach = round(followers * min(0.9, rng.lognormvariate(math.log(0.28), 0.4)))
    views = round(reach * rng.uniform(1.1, 1.8)) if is_video else None
    by_views = account.platform in {Platform.TIKTOK, Platform.YOUTUBE}
    base = (views or reach) if by_views else followers
    interactions = base * character.rate * rng.lognormvariate(0, 0.3) * (0.72 if sponsored == "yes" else 1)
    comments = round(interactions * rng.uniform(0.02, 0.07))
    caption = f"{rng.choice(CAPTIONS)} · {character.niche}"
    if sponsored == "yes":
        caption = f"{DISCLOSURES[character.language]} · {caption}"
    return Post(
        agency_id=account.agency_id,
        account=account,
        external_id=f"demo-{account.handle}-{number:03d}",
        posted_at=posted_at,
        kind=Post.Kind.VIDEO if is_video else Post.Kind.POST,
        caption=caption,
        likes=None if character.hides_likes else max(0, round(interactions) - comments),
        comments=comments,
        shares=round(interactions * 0.04) if account.platform != Platform.INSTAGRAM else None,
        saves=round(interactions * 0.03) if character.shares_insights else None,
        views=views,
        reach=reach if character.shares_insights else None,
        impressions=round(reach * 1.3) if character.shares_insights else None,
        replies=round(comments * rng.uniform(0.05, 0.6)) if character.shares_insights else None,
        is_sponsored=sponsored,
        sponsored_source="" if sponsored == "unknown" else Post.SponsoredSource.PLATFORM,
        counted_at=now,
    )


def _rare_posts(account: Account, agency: Agency, rng: random.Random) -> Iterator[Post]:
    now = datetime.combine(agency.today(), time(0), tzinfo=agency.zone)
    for number in range(rng.randrange(0, 4)):
        yield Post(
            agency=agency,
            account=account,
            external_id=f"demo-{account.handle}-{account.platform}-{number}",
            posted_at=now - timedelta(days=rng.randrange(5, 300), hours=9),
            caption=rng.choice(CAPTIONS),
            likes=rng.randrange(5, 400),
            comments=rng.randrange(0, 20),
            views=rng.randrange(400, 9_000) if rng.random() < 0.7 else None,
            counted_at=now,
        )
