"""A roster through all its steps: upload, columns, check, import, take back; and what may go wrong between them."""

import csv
import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from agency.errors import Refused
from agency.models import Agency, Membership
from influencers.imports.reading_options import ReadingOptions
from influencers.imports.uploads import keep_upload, report_path, upload_path
from influencers.models import Account, ColumnMapping, Erasure, ImportBatch, ImportChange, Influencer
from influencers.protection.fingerprints import Identifier, keep_fingerprints
from influencers.services import import_care, import_runs, import_steps
from influencers.services.import_progress import claim, is_stale
from influencers.services.import_results import refused_file
from tests.factories import AccountFactory, InfluencerFactory

pytestmark = pytest.mark.django_db
State = ImportBatch.State
Login = Callable[[Membership], Client]

KNOWN = (
    "Name,Instagram,Followers,Country,Niche\nAda Sø,ada.so,13000,DK,food\nBo Li,bo_li,900,NL,\nCy,not_a_handle!,5,DK,\n"
)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """The messages that workers would get; nothing is sent."""
    messages: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        import_steps.current_app, "send_task", lambda name, kwargs, **_options: messages.append((name, kwargs))
    )
    return messages


def upload(text: str | bytes, name: str = "roster.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def address(batch: ImportBatch, page: str) -> str:
    return reverse(f"influencers:import_{page}", args=[batch.agency.slug, batch.pk])


def uploaded(agency: Agency, by: Membership, text: str = KNOWN, name: str = "roster.csv") -> ImportBatch:
    return import_steps.start_import(agency=agency, file=io.BytesIO(text.encode()), filename=name, by=by)


def checked(agency: Agency, by: Membership, text: str = KNOWN) -> ImportBatch:
    batch = uploaded(agency, by, text)
    return import_steps.request_check(batch=batch, preview=import_steps.preview_of(batch), by=by)


def applied(agency: Agency, by: Membership, text: str = KNOWN) -> ImportBatch:
    batch = import_steps.request_apply(batch=checked(agency, by, text), by=by)
    assert import_runs.apply_import(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def files(agency: Agency) -> list[str]:
    root = Path(site.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in Path(root, "imports", str(agency.pk)).glob("*/*"))


def test_roster_import_keeps_the_file_and_leads_to_the_columns(
    agency: Agency, marketer: Membership, login: Login
) -> None:
    answer = login(marketer).post(reverse("influencers:roster_import", args=["northern"]), {"file": upload(KNOWN)})
    batch = ImportBatch.objects.get()
    assert answer.headers["Location"] == address(batch, "columns")
    assert (batch.state, batch.imported_by, batch.rows) == (State.UPLOADED, marketer.user, 0)
    assert upload_path(batch.upload).read_text() == KNOWN
    assert batch.upload.startswith(f"imports/{agency.pk}/")
    assert not Influencer.objects.exists()


def test_import_columns_shows_what_each_column_means(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer)
    page = login(marketer).get(address(batch, "columns")).content.decode()
    assert "by its heading" in page
    assert "@ada.so on Instagram" in page
    assert "Check what would change" in page


def test_import_columns_takes_a_change_and_goes_on_to_the_check(
    agency: Agency, marketer: Membership, login: Login
) -> None:
    batch = uploaded(agency, marketer, "Name,Instagram,Sort\nAda,ada.so,food\n")
    client = login(marketer)
    chosen = {"column-0": "name", "shown-0": "name", "column-1": "handle:instagram", "shown-1": "handle:instagram"}
    answer = client.post(
        address(batch, "columns"), {**chosen, "column-2": "niche", "shown-2": "", "check": "1", "mapping_name": "Ours"}
    )
    assert answer.headers["Location"] == address(batch, "check")
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.rows) == (State.UPLOADED, 1, 1)
    assert batch.mapping == {"0": "name", "1": "handle:instagram", "2": "niche"}
    kept = ColumnMapping.objects.get()
    assert (kept.name, kept.headers, kept.mapping) == ("Ours", ["Name", "Instagram", "Sort"], batch.mapping)
    page = client.get(address(batch, "check")).content.decode()
    assert "Import 1 creator<" in page
    assert not Influencer.objects.exists()

    again = uploaded(agency, marketer, "Name,Instagram,Sort\nBo,bo_li,travel\n")
    assert (again.mapping, again.detected["saved_mapping"]) == (batch.mapping, "Ours")
    assert "The saved mapping “Ours” is used" in client.get(address(again, "columns")).content.decode()


def test_import_columns_asks_and_a_click_answers(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer, "name,handle\nAda,ada.so\n")
    client = login(marketer)
    page = client.get(address(batch, "columns")).content.decode()
    assert "Which platform are the handles" in page
    shown = {"column-0": "name", "shown-0": "name", "column-1": "handle", "shown-1": "handle"}
    refused = client.post(address(batch, "columns"), {**shown, "check": "1"}, follow=True)
    assert "Answer the questions first." in refused.content.decode()
    client.post(address(batch, "columns"), {**shown, "answer-platform": "instagram"})
    batch.refresh_from_db()
    assert batch.options == {"platform": "instagram"}
    assert "Which platform are the handles" not in client.get(address(batch, "columns")).content.decode()


def test_import_columns_reads_again_in_another_way(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer, "Name;Instagram\nAda;ada.so\n")
    client = login(marketer)
    client.post(address(batch, "columns"), {"delimiter": ",", "again": "1"})
    batch.refresh_from_db()
    assert (batch.options, batch.mapping) == ({"delimiter": ","}, {})
    said = client.post(address(batch, "columns"), {"delimiter": "x", "again": "1"}, follow=True).content.decode()
    assert "One of the choices does not exist." in said


def test_import_columns_says_when_the_file_is_gone(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer)
    upload_path(batch.upload).unlink()
    assert "The file is no longer here." in login(marketer).get(address(batch, "columns")).content.decode()
    assert login(marketer).post(address(batch, "columns"), {"again": "1"}).status_code == 302


def test_import_check_shows_before_and_after(agency: Agency, marketer: Membership, login: Login) -> None:
    ada = AccountFactory(
        agency=agency, handle="ada.so", typed_followers=12_431, influencer__name="Ada", influencer__country="SE"
    ).influencer
    batch = checked(agency, marketer)
    assert (batch.rows, batch.created, batch.updated, batch.unchanged, batch.skipped) == (3, 1, 1, 0, 0)
    client = login(marketer)
    page = client.get(address(batch, "check")).content.decode()
    cells = " ".join(page.split()).replace(" </strong>", "</strong>")
    assert "Import 1 creator, change 1" in cells
    assert "12,431 → <strong>13,000</strong>" in cells
    assert "SE → <strong>DK</strong>" in cells
    assert "Ada → <strong>Ada Sø</strong>" in cells
    assert f"/northern/roster/{ada.pk}/" in page
    created = client.get(address(batch, "check"), {"show": "created"}).content.decode()
    assert "bo_li" in created
    refused = client.get(address(batch, "check"), {"show": "refused", "page": "1"}).content.decode()
    assert "An Instagram handle has up to 30 letters" in refused
    ada.refresh_from_db()
    assert (ada.name, ada.country) == ("Ada", "SE")


def test_import_check_leads_back_when_nothing_was_checked(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer)
    client = login(marketer)
    assert client.get(address(batch, "check")).headers["Location"] == address(batch, "columns")
    done = applied(agency, marketer)
    for page in ("check", "columns"):
        assert client.get(address(done, page)).headers["Location"] == done.get_absolute_url()


def test_import_check_of_a_big_file_is_a_workers(
    agency: Agency,
    marketer: Membership,
    login: Login,
    settings: Any,
    sent: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.IMPORT_CHECKED_AT_ONCE_BYTES = 10
    with django_capture_on_commit_callbacks(execute=True):
        batch = checked(agency, marketer)
    assert sent == [("influencers.check_import", {"batch_id": batch.pk})]
    client = login(marketer)
    page = client.get(address(batch, "check")).content.decode()
    assert "waiting for a worker" in page
    assert "every 1s" in page
    with pytest.raises(Refused, match="imported already"):
        import_steps.request_check(batch=batch, preview=import_steps.preview_of(batch), by=marketer)
    assert import_runs.check_import(batch_id=batch.pk)
    assert not import_runs.check_import(batch_id=batch.pk)
    part = client.get(address(batch, "check"), headers={"HX-Request": "true", "HX-Target": "import-check"})
    assert "Import 2 creators" in part.content.decode()
    assert "<html" not in part.content.decode()


def test_import_apply_imports_and_keeps_only_the_refused_rows(
    agency: Agency, marketer: Membership, login: Login, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    batch = checked(agency, marketer)
    client = login(marketer)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(batch, "apply"))
    assert answer.headers["Location"] == batch.get_absolute_url()
    assert sent == [("influencers.apply_import", {"batch_id": batch.pk})]
    assert "waiting for a worker" in client.get(batch.get_absolute_url()).content.decode()
    assert client.post(address(batch, "apply")).status_code == 409
    assert import_runs.apply_import(batch_id=batch.pk)
    assert not import_runs.apply_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.created, batch.updated, batch.error) == (State.APPLIED, 2, 0, "")
    assert files(agency) == [f"{batch.upload}/refused.csv"]
    assert sorted(Influencer.objects.values_list("name", flat=True)) == ["Ada Sø", "Bo Li"]
    made = {change.table: len(change.created_ids) for change in ImportChange.objects.filter(batch=batch)}
    assert made == {"influencer": 2, "account": 2}
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Take this import back" in page
    assert "Download the refused rows" in page


def test_import_apply_wants_a_check_first(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer)
    answer = login(marketer).post(address(batch, "apply"))
    assert answer.status_code == 409
    assert "Check first what this file would change." in answer.content.decode()


def test_import_refused_can_be_mended_and_imported_again(agency: Agency, marketer: Membership, login: Login) -> None:
    AccountFactory(agency=agency, handle="ada.so")
    text = 'Name,Instagram,Followers,Note\nAda,@ada.so,10,\nCy,not_a_handle!,-5,=HYPERLINK("x")\n'
    batch = checked(agency, marketer, text)
    client = login(marketer)
    answer = client.get(address(batch, "refused"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="roster-refused.csv"'
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Instagram", "Followers", "Note", "Reason (Meso)"]
    assert rows[1][:4] == ["Cy", "not_a_handle!", "'-5", '\'=HYPERLINK("x")']
    assert "An Instagram handle has up to 30 letters" in rows[1][4]
    mended = io.StringIO()
    csv.writer(mended).writerows([rows[0], ["Cy", "'@cy.one", "5", rows[1][3], rows[1][4]]])
    again = checked(agency, marketer, mended.getvalue())
    assert (again.created, again.errors) == (1, [])
    assert refused_file(again) is None
    assert client.get(address(again, "refused")).status_code == 409


def test_import_refused_is_not_for_viewers(
    agency: Agency, marketer: Membership, viewer: Membership, login: Login
) -> None:
    batch = applied(agency, marketer)
    assert login(viewer).get(address(batch, "refused")).status_code == 403
    page = login(viewer).get(batch.get_absolute_url()).content.decode()
    assert "Take this import back" not in page
    assert "Download the refused rows" not in page


def test_import_undo_takes_everything_back(
    agency: Agency, marketer: Membership, login: Login, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    batch = applied(agency, marketer)
    client = login(marketer)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address(batch, "undo"))
    assert answer.headers["Location"] == batch.get_absolute_url()
    assert sent[-1] == ("influencers.undo_import", {"batch_id": batch.pk})
    assert "being taken back" in client.get(batch.get_absolute_url()).content.decode()
    assert client.post(address(batch, "undo")).status_code == 409
    assert import_runs.undo_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.left, batch.undone_by) == (State.UNDONE, [], marketer.user)
    assert not Influencer.objects.exists()
    assert not Account.objects.exists()
    assert (
        "Everything that it had changed is as it was before." in client.get(batch.get_absolute_url()).content.decode()
    )


def test_import_undo_needs_something_to_take_back(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = ImportBatch.objects.create(agency=agency, kind="posts", file_name="posts.csv", sha256="0")
    assert "changed nothing that could be taken back" in login(marketer).post(address(batch, "undo")).content.decode()


def test_import_give_up_deletes_the_file(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = checked(agency, marketer)
    client = login(marketer)
    assert client.post(address(batch, "give_up")).headers["Location"] == "/northern/roster/imports/"
    batch.refresh_from_db()
    assert (batch.state, batch.upload, files(agency)) == (State.GIVEN_UP, "", [])
    assert client.post(address(batch, "give_up")).status_code == 409
    assert "given up and deleted" in client.get(batch.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="no longer here"):
        import_steps.request_apply(batch=batch, by=marketer)


def test_an_open_import_is_found_again(agency: Agency, marketer: Membership, login: Login) -> None:
    batch = uploaded(agency, marketer)
    assert "Nothing of it is imported yet." in login(marketer).get(batch.get_absolute_url()).content.decode()


def test_who_objected_is_skipped_and_told_by_line_alone(agency: Agency, manager: Membership, login: Login) -> None:
    erasure = Erasure.objects.create(agency=agency, number=1)
    keep_fingerprints(erasure, [Identifier.of_handle("instagram", "ada.so"), Identifier.of_email("cy@example.com")])
    text = "Name,Instagram,E-mail\nAda,Ada.So,\nBo,bo_li,\nCy,cy.one,CY@example.com\n"
    batch = applied(agency, manager, text)
    assert (batch.created, batch.skipped, batch.objected, batch.errors) == (1, 2, [2, 4], [])
    assert list(Influencer.objects.values_list("name", flat=True)) == ["Bo"]
    page = login(manager).get(batch.get_absolute_url()).content.decode()
    assert "2 rows objected, skipped" in page
    assert "Lines: 2, 4" in page
    assert "Cy" not in page


def test_a_failed_import_changes_nothing_and_can_be_tried_again(
    agency: Agency, marketer: Membership, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    with monkeypatch.context() as broken:
        broken.setattr(import_runs, "write_refused", lambda *_: (_ for _ in ()).throw(IntegrityError("x")))
        assert not import_runs.apply_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Influencer.objects.count()) == (State.FAILED, 0)
    assert (
        batch.error
        == "The roster changed at the same moment, or a value cannot be stored. Nothing was imported; import again."
    )
    client = login(marketer)
    assert "Import again" in client.get(batch.get_absolute_url()).content.decode()
    client.post(address(batch, "apply"))
    assert import_runs.apply_import(batch_id=batch.pk)
    assert Influencer.objects.count() == 2


def test_an_accident_is_told_and_raised(agency: Agency, marketer: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    monkeypatch.setattr(import_runs, "merge_roster", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_runs.apply_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (
        State.FAILED,
        "Something went wrong here. Nothing was changed; tell your operator.",
    )


def test_an_import_whose_file_is_gone_says_so(agency: Agency, marketer: Membership) -> None:
    batch = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    upload_path(batch.upload).unlink()
    assert not import_runs.apply_import(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (State.FAILED, "The file is no longer here. Upload it again.")


def test_what_was_taken_over_is_rolled_back(
    agency: Agency, marketer: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    real = import_runs.merge_roster

    def taken_over(*rows: Any, **options: Any) -> Any:
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.FAILED)
        return real(*rows, **options)

    monkeypatch.setattr(import_runs, "merge_roster", taken_over)
    assert not import_runs.apply_import(batch_id=batch.pk)
    assert not Influencer.objects.exists()


def test_the_beat_sends_what_waits_and_tells_what_was_interrupted(
    agency: Agency, marketer: Membership, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    waiting = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    dead = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    alive = import_steps.request_apply(batch=checked(agency, marketer), by=marketer)
    assert claim(dead.pk, State.APPLYING)
    assert not claim(dead.pk, State.APPLYING)
    assert claim(alive.pk, State.APPLYING)
    ImportBatch.objects.filter(pk=dead.pk).update(heartbeat_at=now() - timedelta(seconds=61))
    dead.refresh_from_db()
    assert is_stale(dead)
    assert not is_stale(alive)
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert import_care.mind_imports() == 2
    assert sent == [("influencers.apply_import", {"batch_id": waiting.pk})]
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, dead.error) == (State.FAILED, "The import was interrupted. Nothing was changed; import again.")
    assert alive.state == State.APPLYING


def test_old_uploads_are_deleted(agency: Agency, marketer: Membership) -> None:
    old, fresh, done = uploaded(agency, marketer), uploaded(agency, marketer), applied(agency, marketer)
    stray = upload_path(keep_upload(agency.pk, io.BytesIO(b"x")))
    ImportBatch.objects.filter(pk__in=[old.pk, done.pk]).update(imported_at=now() - timedelta(days=8))
    assert import_care.forget_old_uploads() == 2
    for batch in (old, fresh, done):
        batch.refresh_from_db()
    assert [(batch.state, bool(batch.upload)) for batch in (old, fresh, done)] == [
        (State.GIVEN_UP, False),
        (State.UPLOADED, True),
        (State.APPLIED, False),
    ]
    assert stray.exists()  # young: its import may be about to be written
    os.utime(stray.parent, (0, 0))
    assert import_care.forget_old_uploads() == 1
    assert files(agency) == [f"{fresh.upload}/upload"]


def test_another_agency_has_none_of_it(
    agency: Agency, marketer: Membership, outsider: Membership, login: Login
) -> None:
    batch = checked(agency, marketer)
    client = login(outsider)
    for page in ("columns", "check", "refused", "detail"):
        assert client.get(reverse(f"influencers:import_{page}", args=["faraway", batch.pk])).status_code == 404
    for page in ("columns", "apply", "undo", "give_up"):
        assert client.post(reverse(f"influencers:import_{page}", args=["faraway", batch.pk])).status_code == 404
    batch.refresh_from_db()
    assert batch.state == State.UPLOADED


def test_save_mapping_wants_headings(agency: Agency, marketer: Membership) -> None:
    batch = uploaded(agency, marketer, "Ada Berg,@ada.so\nBo Li,@bo_li\n")
    import_steps.decide_columns(
        batch=batch, options=ReadingOptions(header_row=0, platform="instagram"), mapping={}, answers={}, by=marketer
    )
    with pytest.raises(Refused, match="without headings"):
        import_steps.save_mapping(batch=batch, name="x", by=marketer)


def test_decide_columns_forgets_what_was_checked(agency: Agency, marketer: Membership) -> None:
    batch = checked(agency, marketer)
    assert import_steps.is_checked(batch)
    import_steps.decide_columns(batch=batch, options=ReadingOptions(), mapping={"4": ""}, answers={}, by=marketer)
    batch.refresh_from_db()
    assert not import_steps.is_checked(batch)
    assert batch.mapping == {"4": ""}
    assert not report_path(batch.upload, "created").exists()


def test_several_rows_of_a_known_creator_add_up(agency: Agency, marketer: Membership) -> None:
    ada = InfluencerFactory(agency=agency, name="Ada", niches=["food"])
    AccountFactory(agency=agency, influencer=ada, platform="instagram", handle="ada.so")
    AccountFactory(agency=agency, influencer=ada, platform="tiktok", handle="ada_tok")
    text = "Name,Instagram,TikTok,Country,Niche\nAda,ada.so,,DK,travel\nAda B,,ada_tok,SE,Food; books\n"
    batch = applied(agency, marketer, text)
    assert (batch.updated, batch.created) == (2, 0)
    ada.refresh_from_db()
    assert (ada.name, ada.country, ada.niches) == ("Ada", "DK", ["food", "travel", "books"])


def test_answers_about_columns_serve_the_mended_refused_rows(agency: Agency, marketer: Membership) -> None:
    text = "Name,Instagram,TT fans\nAda,ada.so,1200\nBo,not_a_handle!,900\n"
    batch = uploaded(agency, marketer, text)
    options = ReadingOptions(header_row=1)
    import_steps.decide_columns(
        batch=batch,
        options=options,
        mapping={"0": "name", "1": "handle:instagram", "2": "followers"},
        answers={},
        by=marketer,
    )
    batch.refresh_from_db()
    batch = import_steps.request_check(batch=batch, preview=import_steps.preview_of(batch), by=marketer)
    import_steps.request_apply(batch=batch, by=marketer)
    mended = uploaded(agency, marketer, "Name,Instagram,TT fans,Reason (Meso)\nBo,bo_li,900,Instagram: no handle\n")
    assert (mended.mapping["2"], mended.detected["saved_mapping"]) == ("followers", "roster.csv")
    assert ReadingOptions.from_dict(mended.options) == ReadingOptions()
