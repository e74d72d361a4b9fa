"""Where this checkout keeps its state and how its embedded services are reached: computed, never looked up."""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE = "meso"
DATABASE_USER = "meso"
DATABASE_PORT = 5432  # only part of the socket's file name; nothing listens on TCP
SOCKET_PATH_LIMIT = 100  # the kernel's limit is 107 bytes; PostgreSQL adds ".lock" to the name for its lock file


def state_dir() -> Path:
    """Everything this checkout writes: `var/`, or MESO_STATE_DIR."""
    configured = os.environ.get("MESO_STATE_DIR")
    return Path(configured).absolute() if configured else CHECKOUT / "var"


def state_key() -> str:
    """A short name that only this checkout (or MESO_STATE_DIR) has on this machine."""
    home = state_dir() if os.environ.get("MESO_STATE_DIR") else CHECKOUT
    return hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def runs_as_root() -> bool:
    return os.geteuid() == 0


def service_home() -> Path:
    """The folder of the services' data: the state directory; as root a folder that PostgreSQL's own user can reach."""
    return Path("/var/lib/meso") / state_key() if runs_as_root() else state_dir()


def database_dir() -> Path:
    return service_home() / "postgres"


def database_log() -> Path:
    """The PostgreSQL server's log of this and earlier starts."""
    return service_home() / "postgres.log"


def redis_dir() -> Path:
    return service_home() / "redis"


def redis_log() -> Path:
    return service_home() / "redis.log"


def socket_dir() -> Path:
    """A folder of mode 0700 for the Unix sockets, its path short enough for the kernel."""
    home = service_home() / "run"
    longest = len(os.fsencode(home / f".s.PGSQL.{DATABASE_PORT}.lock"))
    if longest <= SOCKET_PATH_LIMIT:
        return home
    return Path("/tmp") / f"meso-{os.geteuid()}-{state_key()}"  # noqa: S108 - owner and mode are checked before use


def redis_socket() -> Path:
    return socket_dir() / "redis.sock"


def database_url() -> str:
    """The embedded PostgreSQL as a libpq URL over its Unix socket."""
    return f"postgresql://{DATABASE_USER}@{quote(str(socket_dir()), safe='')}:{DATABASE_PORT}/{DATABASE}"


def redis_url() -> str:
    """The embedded Redis over its Unix socket, as redis-py spells it."""
    return f"unix://{quote(str(redis_socket()))}"


def demo_password() -> str:
    """The demo logins' password: MESO_DEMO_PASSWORD, else a random one kept in the file `demo-password`."""
    return os.environ.get("MESO_DEMO_PASSWORD") or kept_secret("demo-password", secrets.token_urlsafe(12))


def development_secret_key() -> str:
    """Django's SECRET_KEY where none is set: random once, then the same at every start of this checkout."""
    return kept_secret("secret-key", secrets.token_urlsafe(50))


def kept_secret(name: str, fresh: str) -> str:
    """The secret in the file `name` (mode 0600); `fresh` is kept if there is none. Two at once agree on one."""
    path = state_dir() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")  # mkstemp: mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(fresh + "\n")
        try:
            Path(path).hardlink_to(written)  # unlike a rename it fails if somebody else was first
        except FileExistsError:
            pass  # then theirs is the one
        finally:
            Path(written).unlink()
    return path.read_text().strip()
