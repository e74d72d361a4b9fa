"""Messages to workers are noted instead of sent."""

from typing import Any

import pytest

from agency.celery import app


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of every task that was sent."""
    messages: list[tuple[str, dict[str, Any]]] = []

    def send_task(name: str, kwargs: dict[str, Any] | None = None, **options: Any) -> None:
        assert options == {"expires": 120}
        messages.append((name, kwargs or {}))

    monkeypatch.setattr(app, "send_task", send_task)
    return messages
