"""A person who went through everything that the site does to a person."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import now

from agency.history import changed_by
from agency.models import Agency, Membership
from campaigns.fields import day_set
from campaigns.models import Clash, Collaboration, Deliverable, Unavailability
from influencers.models import (
    Account,
    AudienceShare,
    BrandFit,
    BrandFitNote,
    BrandFitScore,
    ColumnMapping,
    DataExport,
    EngagementFigures,
    FollowerCount,
    ImportBatch,
    ImportChange,
    Influencer,
    Merge,
    NotDuplicates,
    Post,
    Price,
    SavedView,
    Shortlist,
    ShortlistEntry,
)
from tests.factories import BrandFactory, CampaignFactory, CollaborationFactory, InfluencerFactory

NAME, HANDLE, EMAIL, EXTERNAL_ID, OLD_NAME, OLD_HANDLE = (
    "Quilla Überfjord",
    "quilla.fjord",
    "quilla@uberfjord.example",
    "UCquilla98765",
    "Quilla Nordhavn",
    "quillanordhavn",
)
WORDS = (NAME, "quilla", "Überfjord", "uberfjord", HANDLE, EMAIL, EXTERNAL_ID, OLD_NAME, OLD_HANDLE)
DAY = date(2026, 5, 1)


def file_of(batch: ImportBatch, content: bytes) -> Path:
    """An upload of the batch, kept as an import in progress keeps it."""
    path = Path(settings.MEDIA_ROOT, "imports", f"{batch.pk}.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    batch.upload = f"imports/{batch.pk}.csv"
    batch.save(update_fields=["upload"])
    return path


def add_records(agency: Agency, person: Influencer, by: Membership) -> None:
    """Accounts with all that hangs on them, prices, notes and scorecards, with a history of each."""
    user = by.user
    account = Account.objects.create(
        agency=agency, influencer=person, platform="youtube", handle=OLD_HANDLE, external_id=EXTERNAL_ID, is_primary=True,
        url=f"https://www.youtube.com/@{HANDLE}",
    )  # fmt: skip
    account.handle = HANDLE
    account.save()
    FollowerCount.objects.create(agency=agency, account=account, day=DAY, followers=51_000, source="typed")
    Post.objects.create(
        agency=agency, account=account, external_id="post-1", caption=f"Hello from {NAME}", counted_at=now(), likes=10
    )
    share = AudienceShare.objects.create(
        agency=agency, account=account, dimension="country", key="DK", share="0.5", source=f"told by {NAME}", as_of=DAY
    )
    share.share = "0.6"
    share.save()
    EngagementFigures.objects.create(
        agency=agency, account=account, as_of=agency.start_of(DAY), formula_version=1, computed_at=now(), window_posts=0,
        headline_reason="no_posts", er_followers_n=0, er_views_n=0, er_reach_n=0, saturation_known=0,
    )  # fmt: skip
    price = Price.objects.create(
        agency=agency,
        influencer=person,
        kind="post",
        amount="400.00",
        currency="EUR",
        valid_from=DAY,
        note=f"{NAME} said so",
    )
    price.amount = "500.00"
    price.save()
    brand = BrandFactory(agency=agency, name="Fjord Coffee")
    note = BrandFitNote.objects.create(
        agency=agency, influencer=person, brand=brand, text=f"{NAME} is warm", written_on=DAY, author=user
    )
    note.text = f"{NAME} is very warm"
    note.save()
    BrandFitNote.objects.create(
        agency=agency, influencer=person, brand=brand, text="And calm", written_on=DAY, author=user, adds_to=note
    )
    for version in (1, 2):
        fit = BrandFit.objects.create(
            agency=agency, influencer=person, brand=brand, version=version, is_current=version == 2, verdict="fits",
            author=user, written_on=DAY, expires_on=DAY,
        )  # fmt: skip
        BrandFitScore.objects.create(
            fit=fit, criterion="topic", score=3, reason=f"Version {version}: {NAME} drinks coffee"
        )


def add_traces(agency: Agency, person: Influencer, by: Membership) -> dict[str, Any]:
    """What others hold of the person: imports, lists, views, exports, notes on somebody else, the admin log, a session, a file."""
    account = person.accounts.get()
    other = InfluencerFactory(agency=agency, name="Somebody Else")
    duo = InfluencerFactory(agency=agency, name=f"{NAME} & Somebody Else")
    duo.members.add(person, other)
    duo.city = "Aarhus"
    duo.save()
    batch = ImportBatch.objects.create(
        agency=agency, kind="roster", state="uploaded", file_name=f"{HANDLE}_2026.csv", sha256="0" * 64, rows=2,
        errors=[{"row": 2, "column": "Name", "value": NAME, "message": f"\n{HANDLE} is “{OLD_NAME}”"}],
        detected={"sheet": NAME}, left=[{"row": 3, "why": f"{EMAIL} was edited"}], options={"sheet": OLD_NAME},
    )  # fmt: skip
    ImportChange.objects.create(batch=batch, table="influencer", created_ids=[person.pk, other.pk])
    ImportChange.objects.create(batch=batch, table="account", created_ids=[account.pk])
    ImportChange.objects.create(
        batch=batch, table="influencer", line=2, row_id=person.pk, before={"name": OLD_NAME}, after={"name": NAME}
    )
    ImportChange.objects.create(
        batch=batch, table="influencer", line=3, row_id=other.pk, before={"tags": []}, after={"tags": [f"like {NAME}"]}
    )
    ColumnMapping.objects.create(
        agency=agency, name=f"from {NAME}", kind="roster", headers=["Name", EMAIL], mapping={"Name": "name"}
    )
    Merge.objects.create(
        agency=agency,
        kept=person,
        merged_id=99_999,
        merged_name=OLD_NAME,
        undo={"name": OLD_NAME},
        choices={"name": NAME},
    )
    NotDuplicates.objects.create(agency=agency, first=person, second=other)
    mine = Shortlist.objects.create(agency=agency, name=f"Like {NAME}", owner=by)
    Shortlist.objects.create(agency=agency, name=f"Like {EMAIL}", owner=by)
    ShortlistEntry.objects.create(shortlist=mine, influencer=person)
    for query in ("q=Quilla+%C3%9Cberfjord&platform=youtube", "q=quilla.fjord", "q=quilla uberfjord"):
        SavedView.objects.create(agency=agency, name=f"view {query}", query=query, owner=by)
    DataExport.objects.create(
        agency=agency, kind="roster", recipient="client", subject=f"search {NAME}", influencer_ids=[other.pk, person.pk]
    )
    BrandFitNote.objects.create(
        agency=agency, influencer=other, brand=BrandFactory(agency=agency), text=f"Warmer than {NAME} (@{HANDLE})",
        written_on=DAY, author=by.user,
    )  # fmt: skip
    Post.objects.create(
        agency=agency, account=Account.objects.create(agency=agency, influencer=other, platform="x", handle="somebody"),
        external_id="other-1", caption=f"With @{HANDLE} at the sea", counted_at=now(),
    )  # fmt: skip
    for model, row in ((Influencer, person), (Account, account)):
        LogEntry.objects.create(
            user=by.user, content_type=ContentType.objects.get_for_model(model), object_id=str(row.pk),
            object_repr=str(row), action_flag=CHANGE, change_message=f"[{{'name': '{NAME}'}}]",
        )  # fmt: skip
    session = SessionStore()
    session["_messages"] = json.dumps([f"{NAME} was added."])
    session.save()
    return {
        "other": other,
        "duo": duo,
        "batch": batch,
        "file": file_of(batch, f"Name;Handle\n{NAME};{HANDLE}\n".encode()),
    }


def add_work(agency: Agency, person: Influencer, by: Membership) -> dict[str, Collaboration]:
    """A finished booking with a fee and a deliverable, and a proposal that came to nothing."""
    campaign = CampaignFactory(
        agency=agency, brand=BrandFactory(agency=agency, name="Harbour Tea"), dos=f"As {NAME} does"
    )
    done = CollaborationFactory(
        agency=agency, campaign=campaign, influencer=person, state="completed", booked_at=datetime(2026, 4, 1, tzinfo=agency.zone),
        booked_by=by, fee="1234.00", code="QUILLA10", link=f"https://tea.example/?ref={HANDLE}",
    )  # fmt: skip
    Deliverable.objects.create(
        agency=agency, collaboration=done, account=person.accounts.get(), post=person.accounts.get().posts.get(),
        live_from=DAY, live_to=DAY, note=f"{NAME} at the harbour", state="live",
    )  # fmt: skip
    absence = Unavailability.objects.create(
        agency=agency, influencer=person, starts_on=DAY, ends_on=DAY, reason=f"{NAME} is ill"
    )
    clash = {
        "agency": agency,
        "influencer": person,
        "collaboration": done,
        "rule": "C8",
        "state": "accepted",
        "decided_at": now(),
    }
    Clash.objects.create(**clash, during=day_set([(DAY, DAY)]), reason=f"{NAME} agreed", decided_by=by)
    Clash.objects.create(**clash, during=day_set([(DAY, DAY)]), reason=f"{NAME} was ill", unavailability=absence)
    proposal = CollaborationFactory(agency=agency, influencer=person, state="declined")
    return {"done": done, "proposal": proposal}


def grow_person(agency: Agency, by: Membership) -> dict[str, Any]:
    """The person with everything; the rows that a test looks at again."""
    with changed_by(user=by.user_id):
        person = Influencer.objects.create(
            agency=agency, name=OLD_NAME, email=EMAIL, phone="+45 12 34 56 78", city="Nordhavn", niches=["coffee"],
            management_contact=f"Office of {NAME}", source=f"imported from {HANDLE}.csv", status="active",
        )  # fmt: skip
        person.name = NAME
        person.save()
        add_records(agency, person, by)
        return {"person": person, **add_traces(agency, person, by), **add_work(agency, person, by)}
