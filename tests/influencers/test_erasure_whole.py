"""A person goes through the whole site and is erased: no dump, upload, Redis or log knows them, and no import brings them back."""

import io
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from redis import Redis

from agency.backups import call_program
from agency.embedded import locations
from agency.log_lines import PlainLines
from agency.models import Agency, Membership
from campaigns.claims.check import check_agency
from influencers.models import Account, BrandFit, BrandFitScore, ImportBatch, Influencer, LegalRetention, Merge
from influencers.services import write_fit_note
from tests.factories import BrandFactory, CampaignFactory, CollaborationFactory
from tests.influencers.erasing import file_of

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Membership], Client]


@pytest.fixture
def words() -> dict[str, str]:
    """What this person alone is called, in this run alone: Redis and logs belong to more than this test."""
    mark = "".join(chr(ord("g") + int(digit, 16)) for digit in uuid.uuid4().hex[:10])
    return {
        "name": f"Quilla Ö{mark}",
        "handle": f"quilla.{mark}",
        "email": f"q@{mark}.example",
        "external_id": f"UC{mark}77",
        "mark": mark,
    }


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """What the site would have logged, everything from DEBUG on, in the site's own form."""
    path = tmp_path / "site.log"
    handler = logging.FileHandler(path)
    handler.setFormatter(PlainLines("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield path
    root.setLevel(before)
    root.removeHandler(handler)
    handler.close()


def import_file(agency: Agency, tmp_path: Path, words: dict[str, str]) -> dict[str, Any]:
    """The roster's own command on a file with the person and somebody else."""
    file = tmp_path / "roster.csv"
    file.write_text(
        "Name,Platform,Handle,Channel ID,Email,Followers\n"
        f"{words['name']},YouTube,{words['handle']},{words['external_id']},{words['email']},51000\n"
        "Somebody Else,YouTube,somebody.else,UCelse12345,else@else.example,700\n"
    )
    out = io.StringIO()
    call_command("import_roster", str(file), "--agency", agency.slug, stdout=out)
    return json.loads(out.getvalue())


def live_through(agency: Agency, manager: Membership, client: Client, words: dict[str, str]) -> Influencer:
    """Edited, noted, assessed, merged, booked, exported, corrected in the admin panel, waiting in an upload, searched for."""
    person = Influencer.objects.get(name=words["name"])
    slug = agency.slug
    client.post(
        reverse("influencers:influencer_protection", args=[slug, person.pk]),
        {"source": f"told by {words['name']}", "lawful_basis": "consent", "informed_on": "", "informed_how": ""},
    )
    brand = BrandFactory(agency=agency)
    note = {"text": f"{words['name']} likes tea", "written_on": agency.today(), "by": manager}
    write_fit_note(influencer=person, brand=brand, **note)
    fit = BrandFit.objects.create(
        agency=agency, influencer=person, brand=brand, version=1, author=manager.user, written_on=agency.today(),
        expires_on=agency.today(),
    )  # fmt: skip
    BrandFitScore.objects.create(fit=fit, criterion="topic", score=4, reason=f"@{words['handle']} says so")
    Merge.objects.create(
        agency=agency, kept=person, merged_id=88_888, merged_name=words["name"], undo={"email": words["email"]}
    )
    CollaborationFactory(
        agency=agency, campaign=CampaignFactory(agency=agency, brand=brand), influencer=person, state="completed", booked_at=now(),
        fee=900, link=f"https://tea.example/{words['handle']}",
    )  # fmt: skip
    LogEntry.objects.create(
        user=manager.user, content_type=ContentType.objects.get_for_model(Account), object_id=str(person.accounts.get().pk),
        object_repr=f"@{words['handle']}", action_flag=CHANGE, change_message=json.dumps([words["name"]]),
    )  # fmt: skip
    batch = ImportBatch.objects.create(
        agency=agency, kind="posts", state="uploaded", file_name=f"{words['handle']}.csv"
    )
    file_of(batch, f"handle\n{words['handle']}\n".encode("utf-16"))
    for file_format in ("json", "pdf"):
        client.post(reverse("influencers:influencer_access", args=[slug, person.pk]), {"format": file_format})
    client.get(reverse("influencers:influencer_list", args=[slug]), {"q": words["name"]})
    client.get(f"/{slug}/no-such-page/{words['handle']}/")
    return person


def redis_text() -> str:
    """Every key of the site's Redis with its value."""
    redis = Redis.from_url(settings.REDIS_URL)
    found = []
    readers = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"hash": redis.hgetall,
        b"stream": redis.xrange,
    }
    for key in redis.scan_iter():
        read = readers.get(redis.type(key))
        found.append(f"{key!r}: {read(key)!r}" if read else repr(key))
    redis.close()
    return "\n".join(found)


def traces(text: str, words: dict[str, str]) -> set[str]:
    """Which of the words the text holds, also spelled as bytes or JSON spell them."""
    low = text.casefold()
    spelled = {what: {word, json.dumps(word)[1:-1], repr(word.encode())[2:-1]} for what, word in words.items()}
    return {what for what, spellings in spelled.items() if any(spelling.casefold() in low for spelling in spellings)}


def dumped(tmp_path: Path) -> str:
    """The database as pg_dump writes it, without what the law keeps."""
    file = tmp_path / "dump.sql"
    call_program("pg_dump", "--data-only", "--exclude-table=influencers_legalretention", f"--file={file}")
    return file.read_text()


def uploads() -> str:
    return "\n".join(
        f"{path} {path.read_bytes()!r} {path.read_bytes().decode('utf-16', 'replace')}"
        for path in Path(settings.MEDIA_ROOT).rglob("*")
        if path.is_file()
    )


def server_logs_no_values() -> bool:
    """Whether the server runs with the settings that Meso writes for its own."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_error_statement")
        statements = cursor.fetchone()[0]
        cursor.execute("SHOW log_min_messages")
        return (statements, cursor.fetchone()[0]) == ("panic", "log")


def test_nothing_but_what_the_law_keeps_knows_them(
    agency: Agency, manager: Membership, login: Login, words: dict[str, str], tmp_path: Path, log: Path
) -> None:
    client = login(manager)
    assert import_file(agency, tmp_path, words)["created"] == 2
    person = live_through(agency, manager, client, words)
    with pytest.raises(DatabaseError):  # the server has something to log
        Influencer._base_manager.extra(where=["name::integer = 1"]).filter(pk=person.pk).count()
    connection.close()
    assert traces(dumped(tmp_path), words) == set(words)
    assert traces(uploads(), words) >= {"handle", "mark"}

    address = reverse("influencers:influencer_erase", args=[agency.slug, person.pk])
    assert client.post(address, {"reason": "asked", "is_meant": "on"}).status_code == 302

    assert traces(dumped(tmp_path), words) == set()
    assert traces(uploads(), words) == set()
    assert traces(redis_text(), words) == set()
    assert traces(log.read_text(), words) == set()
    if server_logs_no_values() and locations.database_log().exists():
        assert traces(locations.database_log().read_text(errors="replace"), words) == set()
    assert LegalRetention.objects.get().facts["name"] == words["name"]
    assert "influencers_legalretention" in client.get(reverse("influencers:erasure_list", args=[agency.slug])).text
    assert check_agency(agency)[1] == []


def test_an_import_does_not_bring_them_back(
    agency: Agency, manager: Membership, login: Login, words: dict[str, str], tmp_path: Path
) -> None:
    import_file(agency, tmp_path, words)
    person = Influencer.objects.get(name=words["name"])
    address = reverse("influencers:influencer_erase", args=[agency.slug, person.pk])
    login(manager).post(address, {"reason": "objected", "is_meant": "on"})

    said = import_file(agency, tmp_path, words)

    assert (said["rows"], said["created"], said["unchanged"], said["skipped"]) == (2, 0, 1, 1)
    assert said["objected"] == [2]
    assert said["errors"] == []
    assert [each.name for each in Influencer.objects.all()] == ["Somebody Else"]
    assert traces(dumped(tmp_path), words) == set()
