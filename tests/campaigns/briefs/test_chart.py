"""The drawn timeline: fractions worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.briefs.chart import chart_of
from campaigns.briefs.snapshot import ClientBrief, CreatorLine, DeliverableLine, read_client_brief
from campaigns.models import Campaign


@pytest.fixture
def bare(campaign: Campaign) -> ClientBrief:
    """Ten days, Monday 4 to Wednesday 13 May 2026, nobody in the line-up."""
    return replace(read_client_brief(campaign), starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 13), creators=())


def creator(first: date, last: date, *deliverables: DeliverableLine, name: str = "Emma") -> CreatorLine:
    return CreatorLine(name, "booked", "booked", first, last, (), deliverables)


def deliverable(draft: date | None, first: date | None, last: date | None) -> DeliverableLine:
    return DeliverableLine("reel", "", "planned", draft, None, first, last, None, None)


def test_days_become_fractions(bare: ClientBrief) -> None:
    line = creator(
        date(2026, 5, 5),
        date(2026, 5, 9),
        deliverable(date(2026, 5, 6), date(2026, 5, 8), date(2026, 5, 9)),
        deliverable(None, None, None),
    )

    chart = chart_of(replace(bare, creators=(line,)))

    assert chart["rows"] == [
        {
            "name": "Emma",
            "state": "booked",
            "bar": {"at": 0.1, "wide": 0.5},
            "live": [{"at": 0.4, "wide": 0.2}],
            "drafts": [{"at": 0.2, "wide": 0.1}],
        }
    ]
    assert [(tick["at"], tick["label"]) for tick in chart["ticks"]] == [(0.0, "4 May"), (0.7, "11 May")]


def test_a_draft_before_the_flight_widens_the_chart(bare: ClientBrief) -> None:
    line = creator(bare.starts_on, bare.ends_on, deliverable(date(2026, 4, 24), None, None))

    chart = chart_of(replace(bare, creators=(line,)))

    # 24 April to 13 May are 20 days; 4 May is the eleventh.
    assert chart["rows"][0]["bar"] == {"at": 0.5, "wide": 0.5}
    assert chart["rows"][0]["drafts"] == [{"at": 0.0, "wide": 0.05}]
    assert [tick["label"] for tick in chart["ticks"]] == ["27 Apr", "4 May", "11 May"]


@pytest.mark.parametrize(
    ("ends_on", "labels"),
    [
        (date(2026, 8, 31), ["Jun", "Jul", "Aug"]),
        (date(2027, 2, 28), ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2027", "Feb"]),
        (date(2027, 12, 31), ["Jul 2026", "Oct 2026", "Jan 2027", "Apr 2027", "Jul 2027", "Oct 2027"]),
        (date(2030, 5, 31), ["Jan 2027", "Jan 2028", "Jan 2029", "Jan 2030"]),
    ],
)
def test_long_charts_are_ruled_by_months_quarters_or_years(bare: ClientBrief, ends_on: date, labels: list[str]) -> None:
    assert [tick["label"] for tick in chart_of(replace(bare, ends_on=ends_on))["ticks"]] == labels


def test_long_names_are_shortened_in_the_chart_only(bare: ClientBrief) -> None:
    line = creator(bare.starts_on, bare.ends_on, name="A" * 41)

    assert chart_of(replace(bare, creators=(line,)))["rows"][0]["name"] == "A" * 39 + "…"
