"""The post import against the tables: accounts matched, newer counts kept, people's words respected."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency
from influencers.models import Account, FollowerCount, ImportBatch, Influencer, Post
from influencers.services.imports import import_posts
from tests.factories import AccountFactory, FollowerCountFactory, PostFactory

pytestmark = pytest.mark.django_db

HEAD = "platform,handle,external_id,posted_at,caption,likes,comments,views,followers,counted_at\n"
FIRST = "instagram,ada.so,p1,2026-05-01T22:30:00Z,Hello #ad,100,10,,12000,2026-05-10T00:00:00Z\n"


def posts(agency: Agency, text: str, **options: Any) -> dict[str, Any]:
    file = io.BytesIO(text.encode())
    return import_posts(agency=agency, file=file, filename="posts.csv", by=None, **options).as_dict()


def counts(answer: dict[str, Any]) -> tuple[int, ...]:
    changes = (answer[name] for name in ("rows", "created", "updated", "unchanged", "skipped"))
    return (*changes, len(answer["errors"]))


@pytest.fixture
def account(agency: Agency) -> Account:
    return AccountFactory(agency=agency, handle="Ada.So", influencer__name="Ada")


def test_a_post_comes_in_with_what_is_known(agency: Agency, account: Account) -> None:
    assert counts(posts(agency, HEAD + FIRST)) == (1, 1, 0, 0, 0, 0)
    post = Post.objects.get()
    assert (post.account, post.posted_at) == (account, datetime(2026, 5, 1, 22, 30, tzinfo=UTC))
    assert (post.likes, post.comments, post.views, post.shares) == (100, 10, None, None)
    assert (post.is_sponsored, post.sponsored_source) == ("yes", "words")
    # 22:30 in UTC is the 2nd of May in Copenhagen
    assert list(FollowerCount.objects.values_list("day", "followers", "source")) == [
        (date(2026, 5, 2), 12_000, "posts")
    ]


def test_the_same_posts_twice_change_nothing(agency: Agency, account: Account) -> None:
    posts(agency, HEAD + FIRST)
    before = list(Post.objects.values()) + list(FollowerCount.objects.values())
    assert counts(posts(agency, HEAD + FIRST)) == (1, 0, 0, 1, 0, 0)
    assert list(Post.objects.values()) + list(FollowerCount.objects.values()) == before


def test_newer_counts_replace_and_older_never_do(agency: Agency, account: Account) -> None:
    posts(agency, HEAD + FIRST)
    newer = "instagram,ada.so,p1,2026-05-01T22:30:00Z,,150,,,,2026-05-20T00:00:00Z\n"
    assert counts(posts(agency, HEAD + newer)) == (1, 0, 1, 0, 0, 0)
    post = Post.objects.get()
    assert (post.likes, post.comments, post.caption) == (150, 10, "Hello #ad")
    assert post.counted_at == datetime(2026, 5, 20, tzinfo=UTC)
    assert counts(posts(agency, HEAD + FIRST)) == (1, 0, 0, 1, 0, 0)
    post.refresh_from_db()
    assert post.likes == 150


def test_counts_that_still_hold_are_known_to_hold_later(agency: Agency, account: Account) -> None:
    def counted(day: int, likes: int) -> tuple[int, ...]:
        return counts(
            posts(agency, HEAD + f"instagram,ada.so,p1,2026-05-01T08:00:00Z,,{likes},1,,,2026-05-{day:02}T00:00:00Z\n")
        )

    assert counted(2, 10) == (1, 1, 0, 0, 0, 0)
    assert counted(10, 10) == (1, 0, 0, 1, 0, 0)
    assert counted(5, 8) == (1, 0, 0, 1, 0, 0)
    post = Post.objects.get()
    assert (post.likes, post.counted_at) == (10, datetime(2026, 5, 10, tzinfo=UTC))


def test_an_older_file_does_not_bring_back_older_followers(agency: Agency, account: Account) -> None:
    for day, followers in ((10, 600), (2, 500)):
        posts(agency, HEAD + f"instagram,ada.so,p1,2026-05-01T08:00:00Z,,1,1,,{followers},2026-05-{day:02}T00:00:00Z\n")
    assert FollowerCount.objects.get().followers == 600


def test_what_a_person_said_of_sponsorship_survives(agency: Agency, account: Account) -> None:
    PostFactory(agency=agency, account=account, external_id="p1", is_sponsored="no", sponsored_source="person",
                counted_at=datetime(2026, 5, 2, tzinfo=UTC))  # fmt: skip
    posts(agency, HEAD + FIRST)
    post = Post.objects.get()
    assert (post.likes, post.is_sponsored, post.sponsored_source) == (100, "no", "person")


def test_the_platforms_word_outweighs_words_in_the_caption(agency: Agency, account: Account) -> None:
    PostFactory(agency=agency, account=account, external_id="p1", is_sponsored="no", sponsored_source="platform",
                counted_at=datetime(2026, 5, 2, tzinfo=UTC))  # fmt: skip
    posts(agency, HEAD + FIRST)
    assert Post.objects.get().is_sponsored == "no"


def test_one_post_with_two_countings_in_a_file_keeps_the_newest(agency: Agency, account: Account) -> None:
    later = FIRST.replace(",100,", ",170,").replace("2026-05-10", "2026-05-11")
    assert counts(posts(agency, HEAD + later + FIRST)) == (2, 1, 0, 0, 1, 0)
    assert Post.objects.get().likes == 170


def test_the_last_post_of_a_day_gives_its_followers_and_other_sources_are_left_alone(
    agency: Agency, account: Account
) -> None:
    FollowerCountFactory(agency=agency, account=account, day=date(2026, 5, 3), followers=7, source="typed")
    rows = [
        ("p1", "2026-05-01T08:00:00Z", 11_000),
        ("p2", "2026-05-01T12:00:00Z", 11_500),
        ("p3", "2026-05-03T12:00:00Z", 12_500),
    ]
    text = "".join(f"instagram,ada.so,{pk},{when},,1,1,,{count},\n" for pk, when, count in rows)
    posts(agency, HEAD + text)
    assert dict(account.counts.values_list("day", "followers")) == {date(2026, 5, 1): 11_500, date(2026, 5, 3): 7}


def test_posts_of_an_unknown_account_are_refused_by_name_or_bring_it_in(agency: Agency) -> None:
    answer = posts(agency, HEAD + FIRST)
    assert counts(answer) == (1, 0, 0, 0, 0, 1)
    assert answer["errors"][0]["message"] == (
        "The roster has no Instagram account @ada.so. Add it, or allow that accounts are created."
    )
    assert counts(posts(agency, HEAD + FIRST, create_accounts=True)) == (1, 1, 0, 0, 0, 0)
    influencer = Influencer.objects.get()
    assert (influencer.name, influencer.source, influencer.accounts.get().handle) == (
        "ada.so",
        "imported from posts.csv",
        "ada.so",
    )


def test_a_known_handle_under_another_id_is_another_account(agency: Agency) -> None:
    AccountFactory(agency=agency, platform="tiktok", handle="ada", external_id="1")
    text = "user_name,user_id,video_id,video_desc,video_time,n_likes,n_shares,n_comments,n_plays\nada,2,77,Hi,1624604959,1,1,1,1\n"
    answer = posts(agency, text, platform="tiktok", create_accounts=True)
    assert counts(answer) == (1, 0, 0, 0, 0, 1)
    assert answer["errors"][0]["message"] == (
        "On the roster, @ada on TikTok is an account with another id. Mend the id or the handle."
    )


def test_a_dry_run_changes_nothing(agency: Agency, account: Account) -> None:
    assert counts(posts(agency, HEAD + FIRST, dry_run=True)) == (1, 1, 0, 0, 0, 0)
    assert (Post.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_import_posts_command(
    agency: Agency, account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(
        "title,video_id,views,likes,upload_date,fetch_date\nOne,abcdefghijk,50,5,2026-05-01T00:00:00Z,2026-06-01T00:00:00Z\n"
    )
    call_command(
        "import_posts", str(file), "--agency=northern", "--platform=youtube", "--handle=ada", "--create-accounts"
    )
    assert counts(json.loads(capsys.readouterr().out)) == (1, 1, 0, 0, 0, 0)
    assert Post.objects.get().account.handle == "ada"


def test_real_exports_come_in_or_are_refused_with_what_they_lack(agency: Agency, shared_data: Path) -> None:
    tiktok = shared_data / "posts-tiktok-santaclara"
    answers = {}
    for file, options in {
        tiktok / "tiktok_collected_videos.csv": {},
        tiktok / "trending_videos.csv": {},
        shared_data / "posts-youtube-dunkey" / "dunkey_more.csv": {"platform": "youtube", "handle": "channel"},
        shared_data / "posts-fanpagekarma-br-gov" / "governopara.xlsx": {},
    }.items():
        answer = import_posts(agency=agency, file=file, filename=file.name, create_accounts=True, by=None, **options)
        answers[file.name] = counts(answer.as_dict())
    assert answers == {
        "tiktok_collected_videos.csv": (100, 100, 0, 0, 0, 0),
        "trending_videos.csv": (100, 100, 0, 0, 0, 0),
        "dunkey_more.csv": (197, 197, 0, 0, 0, 0),
        "governopara.xlsx": (582, 582, 0, 0, 0, 0),
    }
    with pytest.raises(Refused, match="This file has no posts"):
        import_posts(agency=agency, file=tiktok / "trending_authors.csv", filename="a", by=None)
    with pytest.raises(Refused, match="does not say when its posts were published"):
        import_posts(agency=agency, file=tiktok / "tiktok_funny_hashtag_videos.csv", filename="b", by=None)


def test_post_import_page(login: Any, marketer: Any, account: Account) -> None:
    page = reverse("influencers:post_import", args=["northern"])
    client = login(marketer)
    assert client.get(page).status_code == 200
    answer = client.post(page, {"file": SimpleUploadedFile("posts.csv", (HEAD + FIRST).encode()), "handle": " "})
    assert answer.url == reverse("influencers:import_detail", args=["northern", ImportBatch.objects.get().pk])
    refused = client.post(page, {"file": SimpleUploadedFile("posts.csv", b"")})
    assert refused.status_code == 200
    assert refused.context["form"].errors["file"]


def test_a_handle_under_a_heading_for_names_is_a_handle(agency: Agency, account: Account) -> None:
    text = "Profile,Network,Link,Date,Likes per post,Comments per post\n@ada.so,INSTAGRAM,https://www.instagram.com/p/Cabc123/,2026-05-01T08:00:00Z,1,2\n"
    assert counts(posts(agency, text)) == (1, 1, 0, 0, 0, 0)
    assert Post.objects.get().account == account
