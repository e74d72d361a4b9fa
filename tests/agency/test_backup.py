"""`backup` and `restore`: the same site afterwards, or nothing changed and a sentence why."""

import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from agency import backups
from agency.embedded.binaries import embedded_postgres_bin
from agency.errors import Refused
from agency.management.json_command import CommandRefused
from agency.models import Agency
from tests.factories import AccountFactory, AgencyFactory, FollowerCountFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty_database(db: None) -> Iterator[None]:
    """Django's connection points at a new, empty database for the rest of the test, when `switch` is called."""
    name, used = f"{connection.settings_dict['NAME']}_restored", connection.settings_dict["NAME"]
    words = psycopg.conninfo.make_conninfo(backups.connection_words(), dbname="postgres")
    password = connection.connection.info.password
    with psycopg.connect(words, password=password, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield name
        connection.close()
        connection.settings_dict["NAME"] = used
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def switch_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def spelled_alike(definition: str) -> str:
    """PostgreSQL writes casts and brackets of a list in another way once it has read its own words again."""
    return re.sub(r"::character varying|::text(\[\])?|[()]", "", definition)


def everything() -> dict[str, Any]:
    """Every table's rows, as PostgreSQL writes them, and every constraint, index and trigger by its definition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table)))
            rows[table] = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2")
        constraints = [(name, spelled_alike(definition)) for name, definition in cursor.fetchall()]
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = [spelled_alike(definition) for (definition,) in cursor.fetchall()]
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        return {"rows": rows, "constraints": constraints, "indexes": indexes, "triggers": cursor.fetchall()}


def rewritten(source: Path, target: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """A copy of a backup in which some members were changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = changes.get(member.name, bytes)(old.extractfile(member).read())
            member.size = len(content)
            new.addfile(member, BytesIO(content))
    return target


def call(name: str, *arguments: object, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    call_command(name, *map(str, arguments))
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    (folder / "contracts").mkdir(parents=True)
    (folder / "contracts" / "år 1.pdf").write_bytes(b"%PDF signed")
    (folder / "logo.svg").write_bytes(b"<svg/>")
    return folder


@pytest.fixture
def saved(tmp_path: Path, media: Path, db: None, capsys: pytest.CaptureFixture[str]) -> Path:
    agency = AgencyFactory(name="Sørlandet Ærlig ✨", slug="soer")
    # A creator brings the generated columns along, whose functions must work while the dump is read back.
    FollowerCountFactory(agency=agency, account=AccountFactory(agency=agency, handle="ærø.cyclist"))
    answer = call("backup", tmp_path / "site.tar", capsys=capsys)
    assert answer == {
        "file": str(tmp_path / "site.tar"),
        "bytes": (tmp_path / "site.tar").stat().st_size,
        "media_files": 2,
    }
    return tmp_path / "site.tar"


def test_backup_then_restore_gives_the_same_site(
    saved: Path, media: Path, empty_database: str, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    switch_to(empty_database)
    settings.MEDIA_ROOT = tmp_path / "new-media"

    answer = call("restore", saved, capsys=capsys)

    assert (answer["media_files"], answer["pending_migrations"]) == (2, [])
    assert everything() == before
    assert Agency.objects.get().name == "Sørlandet Ærlig ✨"
    restored = {
        path.relative_to(tmp_path / "new-media").as_posix(): path.read_bytes()
        for path in (tmp_path / "new-media").rglob("*")
        if path.is_file()
    }
    assert restored == {"contracts/år 1.pdf": b"%PDF signed", "logo.svg": b"<svg/>"}
    assert [path.name for path in (tmp_path / "new-media").iterdir() if path.name.startswith(".")] == []


def test_backup_is_private_and_says_what_it_is(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as archive:
        assert archive.getnames() == ["manifest.json", "database.dump", "media/contracts/år 1.pdf", "media/logo.svg"]
        manifest = json.load(archive.extractfile("manifest.json"))
    assert (manifest["format"], manifest["media_files"]) == (1, 2)
    assert manifest["server"] >= 180000
    assert "agency.0001_initial" in manifest["migrations"]


def test_restore_refuses_a_database_with_tables(saved: Path) -> None:
    with pytest.raises(CommandRefused, match="The database is not empty") as refusal:
        call_command("restore", str(saved))
    assert refusal.value.returncode == 1


def test_restore_refuses_an_uploads_folder_with_files(saved: Path, empty_database: str) -> None:
    switch_to(empty_database)
    with pytest.raises(CommandRefused, match=r"uploads folder .* is not empty"):
        call_command("restore", str(saved))


def test_restore_of_a_broken_dump_changes_nothing(
    saved: Path, empty_database: str, settings: Any, tmp_path: Path
) -> None:
    broken = rewritten(
        saved, tmp_path / "broken.tar", {"database.dump": lambda content: content[: len(content) * 2 // 3]}
    )
    switch_to(empty_database)
    settings.MEDIA_ROOT = tmp_path / "new-media"
    with pytest.raises(CommandRefused, match="pg_restore failed"):
        call_command("restore", str(broken))
    assert everything()["rows"] == {}
    assert list((tmp_path / "new-media").iterdir()) == []


def test_restore_refuses_a_backup_of_a_newer_meso(saved: Path, tmp_path: Path) -> None:
    def from_the_future(content: bytes) -> bytes:
        return json.dumps(json.loads(content) | {"migrations": ["agency.9999_flying_cars"]}).encode()

    newer = rewritten(saved, tmp_path / "newer.tar", {"manifest.json": from_the_future})
    with pytest.raises(CommandRefused, match=r"made by a newer Meso \(agency.9999_flying_cars\). Upgrade first"):
        call_command("restore", str(newer))


def test_restore_of_an_older_backup_names_the_migrations_to_run(
    saved: Path,
    empty_database: str,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = [*backups.known_migrations(), "agency.9999_flying_cars"]
    monkeypatch.setattr(backups, "known_migrations", lambda: known)
    switch_to(empty_database)
    settings.MEDIA_ROOT = tmp_path / "new-media"
    assert call("restore", saved, capsys=capsys)["pending_migrations"] == ["agency.9999_flying_cars"]


@pytest.mark.parametrize("name", ["media/../outside", "media/../../outside", "media/a/../../../outside"])
def test_extract_never_writes_outside_its_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        backups.add_text(archive, "database.dump", "x")
        backups.add_text(archive, name, "x")
    with tarfile.open(tmp_path / "evil.tar") as archive, pytest.raises(Refused, match="no file of Meso"):
        backups.extract(archive, tmp_path / "inside")
    assert not (tmp_path / "outside").exists()


def test_extract_wants_a_database(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bare.tar", "w") as archive:
        backups.add_text(archive, "README", "x")
    with tarfile.open(tmp_path / "bare.tar") as archive, pytest.raises(Refused, match="no database in it"):
        backups.extract(archive, tmp_path / "inside")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "cannot be restored"), (b"PNG" * 1000, "cannot be restored"), (None, "cannot be restored")],
)
def test_restore_refuses_what_is_no_backup(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(CommandRefused, match=sentence):
        call_command("restore", str(tmp_path / "x.tar"))


def test_restore_refuses_another_tar_file(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        backups.add_text(archive, "holiday.txt", "x")
    with pytest.raises(CommandRefused, match="This is not a backup of Meso"):
        call_command("restore", str(tmp_path / "x.tar"))


def test_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path, media: Path) -> None:
    with pytest.raises(CommandRefused, match="could not be written"):
        call_command("backup", str(tmp_path / "no such folder" / "x.tar"))
    (tmp_path / "taken").mkdir()
    with pytest.raises(CommandRefused, match="could not be written"):
        call_command("backup", str(tmp_path / "taken"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["media", "taken"]


def test_find_program_passes_over_one_that_is_older_than_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4 (Debian)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    embedded = embedded_postgres_bin()
    assert embedded is not None
    assert backups.find_program("pg_dump", at_least=18) == embedded / "pg_dump"
    monkeypatch.setattr(backups, "embedded_postgres_bin", lambda: None)
    assert backups.find_program("pg_dump", at_least=15) == old
    with pytest.raises(Refused, match=r"pg_dump 15 is older than the server \(PostgreSQL 18\)"):
        backups.find_program("pg_dump", at_least=18)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(Refused, match="pg_dump is not installed"):
        backups.find_program("pg_dump", at_least=18)
