"""The pages of the runs, the dashboard's panel, and the health check."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from agency.models import Agency, Membership
from influencers.metrics import progress, runs
from influencers.models import MetricsRange, MetricsRun
from influencers.run_panels import last_night
from influencers.services import figures
from tests.factories import AccountFactory, AgencyFactory

T = datetime(2026, 5, 1, tzinfo=UTC)
Login = Callable[[Membership], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(agency: Agency, settings: Any) -> MetricsRun:
    """A run of four accounts, one of which is done."""
    settings.METRICS_RANGE_ACCOUNTS = 1
    AccountFactory.create_batch(4, agency=agency)
    run = runs.create_run(agency=agency, kind=MetricsRun.Kind.MANUAL, as_of=T, replace=False, by=None)
    figures.compute_range(range_id=run.ranges.order_by("low").first().pk)
    MetricsRun.objects.filter(pk=run.pk).update(started_at=now() - timedelta(seconds=10))
    run.refresh_from_db()
    return run


def finish(run: MetricsRun) -> None:
    for part in run.ranges.all():
        figures.compute_range(range_id=part.pk)
    run.refresh_from_db()


def page(client: Client, name: str, *arguments: Any, status: int = 200, **headers: str) -> str:
    response = client.get(reverse(f"influencers:{name}", args=arguments), headers=headers)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


# --- list --------------------------------------------------------------------------------------------


def test_run_list_without_runs_says_when_the_first_comes(agency: Agency, viewer: Membership, login: Login) -> None:
    assert "computed every night after 02:00" in page(login(viewer), "run_list", agency.slug)


def test_run_list_shows_the_agencys_runs_newest_first(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    finish(run)
    figures.recompute(agency=agency, as_of=T + timedelta(days=1), by=viewer)
    foreign = figures.recompute(agency=AgencyFactory(), as_of=T, by=None)
    html = page(login(viewer), "run_list", agency.slug)
    assert html.index("2 May 2026, 02:00") < html.index("1 May 2026, 02:00")  # in Copenhagen
    assert "2 runs" in html
    assert "a command" in html
    assert str(viewer.user) in html
    assert f"/figures/{foreign.pk}/" not in html


@pytest.mark.parametrize("count", [1, 3])
def test_run_list_takes_the_same_queries_for_any_number_of_runs(
    agency: Agency, manager: Membership, login: Login, count: int
) -> None:
    for day in range(count):
        figures.recompute(agency=agency, as_of=T + timedelta(days=day), by=manager)
    client = login(manager)
    page(client, "run_list", agency.slug)
    with CaptureQueriesContext(connection, ) as queries:  # fmt: skip
        page(client, "run_list", agency.slug)
    assert len([query for query in queries if "metricsrun" in query["sql"]]) == 3  # count, page, one in progress


def test_run_list_offers_recompute_to_managers_only(
    agency: Agency, manager: Membership, marketer: Membership, login: Login
) -> None:
    assert "Recompute now" in page(login(manager), "run_list", agency.slug)
    assert "Recompute now" not in page(login(marketer), "run_list", agency.slug)


def test_run_list_shows_the_way_to_a_run_in_progress(
    agency: Agency, run: MetricsRun, manager: Membership, login: Login
) -> None:
    html = page(login(manager), "run_list", agency.slug)
    assert "Recompute now" not in html
    assert "A run is in progress" in html


# --- detail ------------------------------------------------------------------------------------------


def test_run_detail_polls_while_the_run_is_open(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    html = page(login(viewer), "run_detail", agency.slug, run.pk)
    assert "1 of 4 accounts" in html
    assert 'hx-trigger="every 1s"' in html
    assert 'aria-valuenow="25"' in html


def test_run_detail_answers_htmx_with_the_progress_alone(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    client = login(viewer)
    html = page(client, "run_detail", agency.slug, run.pk, **{"HX-Request": "true", "HX-Target": "run-progress"})
    assert html.startswith('<div id="run-progress"')
    assert "<html" not in html
    finish(run)
    ended = page(client, "run_detail", agency.slug, run.pk, **{"HX-Request": "true", "HX-Target": "run-progress"})
    assert "hx-trigger" not in ended
    assert "4 of 4 accounts" in ended
    assert "unknown: no posts between 3 and 90 days old" in ended


def test_run_detail_says_that_ranges_were_taken_over(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    part = run.ranges.order_by("low").last()
    assert runs.take_range(part.pk) is not None
    MetricsRange.objects.filter(pk=part.pk).update(leased_until=now() - timedelta(seconds=1))
    assert "Resumed" not in page(login(viewer), "run_detail", agency.slug, run.pk)
    finish(run)
    html = page(login(viewer), "run_detail", agency.slug, run.pk)
    assert "Resumed: 1 range was taken over from a worker that vanished. Nothing was lost." in html


def test_run_detail_says_that_a_range_was_computed_again(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    lease = runs.take_range(run.ranges.order_by("low").last().pk)
    assert lease is not None
    runs.fail_range(lease, "deadlock detected")
    finish(run)
    html = page(login(viewer), "run_detail", agency.slug, run.pk)
    assert "1 range failed at first and was computed again." in html
    assert "Resumed" not in html


def test_run_detail_says_what_failed(agency: Agency, run: MetricsRun, viewer: Membership, login: Login) -> None:
    part = run.ranges.order_by("low").last()
    for _attempt in range(3):
        lease = runs.take_range(part.pk)
        assert lease is not None
        runs.fail_range(lease, "<b>disk full</b>")
    finish(run)
    html = page(login(viewer), "run_detail", agency.slug, run.pk)
    assert "1 account has no new figures." in html
    assert "&lt;b&gt;disk full&lt;/b&gt;" in html
    assert "3 of 4 accounts" in html


def test_run_detail_says_that_a_past_day_was_computed_from_todays_knowledge(
    agency: Agency, run: MetricsRun, viewer: Membership, login: Login
) -> None:
    finish(run)
    assert "A past day computed later" in page(login(viewer), "run_detail", agency.slug, run.pk)
    today = figures.recompute(agency=agency, by=None)
    assert "A past day computed later" not in page(login(viewer), "run_detail", agency.slug, today.pk)


def test_run_detail_of_another_agency_does_not_exist(
    agency: Agency, run: MetricsRun, outsider: Membership, viewer: Membership, login: Login
) -> None:
    foreign = figures.recompute(agency=outsider.agency, as_of=T, by=None)
    page(login(viewer), "run_detail", agency.slug, foreign.pk, status=404)
    page(login(outsider), "run_detail", agency.slug, run.pk, status=404)


# --- recompute now -----------------------------------------------------------------------------------


def test_run_create_starts_a_run_and_shows_it(
    agency: Agency, manager: Membership, login: Login, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    AccountFactory(agency=agency)
    with django_capture_on_commit_callbacks(execute=True):
        response = login(manager).post(reverse("influencers:run_create", args=[agency.slug]))
    created = MetricsRun.objects.get()
    assert (response.status_code, response["Location"]) == (302, created.get_absolute_url())
    assert (created.requested_by, created.kind, len(sent)) == (manager.user, MetricsRun.Kind.MANUAL, 1)


def test_run_create_is_refused_while_a_run_is_in_progress(
    agency: Agency, run: MetricsRun, manager: Membership, login: Login
) -> None:
    response = login(manager).post(reverse("influencers:run_create", args=[agency.slug]))
    assert response.status_code == 409
    assert "The figures are being recomputed already." in response.content.decode()
    assert MetricsRun.objects.count() == 1


def test_run_create_is_for_managers(agency: Agency, marketer: Membership, outsider: Membership, login: Login) -> None:
    address = reverse("influencers:run_create", args=[agency.slug])
    assert login(marketer).post(address).status_code == 403
    assert login(outsider).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert not MetricsRun.objects.exists()


# --- progress ----------------------------------------------------------------------------------------


def test_progress_counts_accounts_rate_and_time_left(run: MetricsRun) -> None:
    here = progress.Progress(run=run, done=1, failed=0, taken_over=0, retried=0, seconds=10.0)
    assert (here.percent, here.rate, here.seconds_left) == (25, 0, 30)
    begun = progress.Progress(run=run, done=0, failed=0, taken_over=0, retried=0, seconds=0.0)
    assert (begun.percent, begun.rate, begun.seconds_left) == (0, None, None)


def test_progress_of_a_run_without_accounts_is_complete(agency: Agency) -> None:
    there = progress.progress_of(figures.recompute(agency=agency, as_of=T, by=None))
    assert (there.percent, there.is_open, there.seconds_left) == (100, False, None)


def test_outcome_counts_rates_and_reasons(run: MetricsRun) -> None:
    finish(run)
    outcome = progress.outcome_of(run)
    assert (outcome.with_rate, outcome.without_rate) == (0, 4)
    assert outcome.rows == [("no posts between 3 and 90 days old", 4)]


# --- dashboard ---------------------------------------------------------------------------------------


def panel(membership: Membership) -> str:
    request = RequestFactory().get("/")
    request.user, request.agency, request.membership = membership.user, membership.agency, membership
    request.resolver_match = None
    return " ".join(last_night(request).split())


def test_last_night_is_empty_for_an_agency_without_accounts(viewer: Membership) -> None:
    assert panel(viewer) == ""


def test_last_night_says_when_the_first_run_comes(viewer: Membership) -> None:
    AccountFactory(agency=viewer.agency)
    assert "No figures yet" in panel(viewer)


def test_last_night_shows_the_nightly_run_rather_than_a_later_one(viewer: Membership) -> None:
    AccountFactory(agency=viewer.agency)
    [night] = figures.start_nightly_runs(at=datetime(2026, 5, 2, 12, tzinfo=UTC))
    assert "0 of 1 accounts so far" in panel(viewer)
    finish(night)
    later = figures.recompute(agency=viewer.agency, by=None)
    html = panel(viewer)
    assert "The last night" in html
    assert ": 1 accounts in" in html
    assert night.get_absolute_url() in html
    assert later.get_absolute_url() not in html


def test_last_night_says_what_failed(run: MetricsRun, viewer: Membership) -> None:
    MetricsRange.objects.exclude(state="done").update(state="failed", attempts=3, error="no\nno\nno")
    MetricsRun.objects.update(state="failed", finished_at=now())
    html = panel(viewer)
    assert "The figures" in html
    assert "Without new figures because of an error: 3" in html


# --- health ------------------------------------------------------------------------------------------


def test_nightly_is_on_time_while_every_grown_agency_had_its_night(agency: Agency) -> None:
    assert progress.nightly_is_on_time()  # too young to be late
    Agency.objects.update(created_at=now() - timedelta(hours=27))
    assert not progress.nightly_is_on_time()
    figures.recompute(agency=agency, by=None)
    assert not progress.nightly_is_on_time()  # on demand is not by night
    [night] = figures.start_nightly_runs(at=agency.start_of(agency.today()) + timedelta(hours=3))
    assert progress.nightly_is_on_time()
    MetricsRun.objects.filter(pk=night.pk).update(finished_at=now() - timedelta(hours=27))
    assert not progress.nightly_is_on_time()
    assert progress.nightly_is_on_time(at=now() - timedelta(hours=2))
