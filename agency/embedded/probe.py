"""The health check of the container: asks the web process of this machine, under a name that it accepts."""

import http.client
import os

HOST, PORT = "127.0.0.1", 8000


def is_healthy() -> bool:
    """Whether /healthz answers 200; a degraded site does, one without database or broker does not."""
    names = os.environ.get("ALLOWED_HOSTS", "").split(",")
    connection = http.client.HTTPConnection(HOST, int(os.environ.get("PORT") or PORT), timeout=4)
    try:
        # a name with a leading dot stands for all below it
        connection.request("GET", "/healthz", headers={"Host": names[0].strip().removeprefix(".") or HOST})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
