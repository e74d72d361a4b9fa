"""A real Chromium against a live server, with the console watched."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from agency.embedded.browser import ensure_browser
from agency.models import Membership, User
from campaigns.demo import MANAGER, MARKETER
from campaigns.demo.seed import seed_demo

CHECKOUT = Path(__file__).resolve().parents[2]
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run", "--force-color-profile=srgb"]  # fmt: skip


@pytest.fixture(autouse=True)
def _chromium_may_be_reached(socket_enabled: None) -> None:
    """Playwright talks to the browser, the browser to the live server: sockets on this machine only."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's event loop runs in the main thread from here on; the ORM is nevertheless called from no coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ensure_browser()), args=SWITCHES)
        yield browser
        browser.close()


class Desk:
    """One person at one browser window. `problems` collects what the console and the page complained of."""

    def __init__(self, browser: Browser, origin: str, **options: Any) -> None:
        self.origin = origin
        self.context = browser.new_context(base_url=origin, **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{self.page.url}: {message.text}")

    def log_in(self, user: User) -> "Desk":
        """With a session made directly, for flows that are not about logging in."""
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies["sessionid"]
        self.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.origin}])
        return self

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page


@pytest.fixture
def sit_down(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Desk]]:
    """`sit_down(user, width=390, dark=True)`: a person at a fresh window; nobody else's cookies are in it."""
    desks: list[Desk] = []

    def make(who: User | Membership | None = None, *, width: int = 1440, height: int = 900, dark: bool = False) -> Desk:
        options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
        desk = Desk(
            chromium, live_server.url, color_scheme="dark" if dark else "light", accept_downloads=True, **options
        )
        desks.append(desk)
        if who is not None:
            desk.log_in(who.user if isinstance(who, Membership) else who)
        return desk

    yield make
    for desk in desks:
        desk.context.close()


@pytest.fixture
def demo(transactional_db: None) -> dict[str, Any]:
    """The demo agency, and its people by role."""
    os.environ.setdefault("MESO_DEMO_PASSWORD", "a demo password for tests")
    summary = seed_demo()
    return {**summary, "manager": User.objects.get(email=MANAGER), "marketer": User.objects.get(email=MARKETER)}


@pytest.fixture(scope="session")
def axe_source() -> str:
    return (CHECKOUT / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def violations(axe_source: str) -> Callable[[Page], list[str]]:
    """Serious and critical findings of axe on the page that is open."""

    def find(page: Page) -> list[str]:
        # Evaluated by the test, not loaded by the page: the page's own policy refuses foreign scripts.
        page.evaluate(axe_source)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]

    return find
