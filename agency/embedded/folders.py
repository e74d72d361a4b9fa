"""Makes the folders of the services with the owners and modes that PostgreSQL and safety ask for."""

import os

from agency.embedded import locations
from agency.embedded.binaries import ServerUser
from agency.embedded.errors import ServiceError


def prepare_folders(user: ServerUser) -> None:
    """The service home can be entered by the server's user, the socket folder by nobody but it (and root)."""
    home = locations.service_home()
    home.mkdir(parents=True, exist_ok=True)
    locations.state_dir().mkdir(parents=True, exist_ok=True)
    sockets = locations.socket_dir()
    sockets.mkdir(mode=0o700, exist_ok=True)
    if sockets.is_symlink() or sockets.stat().st_uid not in {os.geteuid(), user.uid}:
        raise ServiceError(f"{sockets} belongs to somebody else. Remove it, or set MESO_STATE_DIR to another folder.")
    sockets.chmod(0o700)
    locations.database_log().touch(mode=0o600)
    if locations.runs_as_root():
        os.chown(sockets, user.uid, user.gid)
        os.chown(locations.database_log(), user.uid, user.gid)
