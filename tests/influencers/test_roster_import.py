"""The roster import against the tables: matching, merging, counting, refusing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from agency.errors import Refused
from agency.models import Agency
from influencers.models import Account, ImportBatch, Influencer
from influencers.services.imports import import_roster
from tests.factories import AccountFactory, AgencyFactory, FollowerCountFactory, InfluencerFactory

pytestmark = pytest.mark.django_db


def roster(agency: Agency, text: str, **options: Any) -> dict[str, Any]:
    file = io.BytesIO(text.encode())
    return import_roster(agency=agency, file=file, filename="roster.csv", by=None, **options).as_dict()


def counts(answer: dict[str, Any]) -> tuple[int, int, int, int, int, int]:
    return (
        answer["rows"],
        answer["created"],
        answer["updated"],
        answer["unchanged"],
        answer["skipped"],
        len({error["row"] for error in answer["errors"]}),
    )


def test_the_same_file_twice_changes_nothing(agency: Agency) -> None:
    text = (
        'name,instagram,followers,niche,country\nAda Sø,ada.so,12.4K,"cycling, food",DK\nBo Li,@bo_li,900,travel,NL\n'
    )
    first = roster(agency, text)
    before = list(Account.objects.order_by("pk").values())
    second = roster(agency, text)
    assert counts(first) == (2, 2, 0, 0, 0, 0)
    assert counts(second) == (2, 0, 0, 2, 0, 0)
    assert list(Account.objects.order_by("pk").values()) == before
    ada = Influencer.objects.get(name="Ada Sø")
    assert (ada.niches, ada.country, ada.status, ada.source) == (
        ["cycling", "food"],
        "DK",
        "prospect",
        "imported from roster.csv",
    )
    account = ada.accounts.get()
    assert (account.handle, account.followers, account.typed_followers_step, account.is_rounded) == (
        "ada.so",
        12_400,
        100,
        True,
    )
    assert account.followers_on == agency.today()
    assert ada.search_text.split() == ["ada", "so", "ada.so", "cycling", "food"]


def test_a_changed_file_updates_what_it_says_and_keeps_what_it_does_not(agency: Agency) -> None:
    roster(agency, "name,instagram,followers,niche,country\nAda,ada.so,12431,cycling,DK\nBo,bo_li,900,travel,NL\n")
    answer = roster(
        agency, "name,instagram,followers,niche,country\nAda Sø,Ada.So,13000,Food,\nBo,bo_li,900,Travel,NL\n"
    )
    assert counts(answer) == (2, 0, 1, 1, 0, 0)
    ada = Influencer.objects.get(name="Ada Sø")
    assert (ada.niches, ada.country, ada.sort_name) == (["cycling", "Food"], "DK", "ada so")
    assert ada.accounts.get().followers == 13_000


def test_a_rounded_count_does_not_replace_the_exact_one_that_it_agrees_with(agency: Agency) -> None:
    roster(agency, "name,instagram,followers\nAda,ada.so,12431\nBo,bo_li,900\n")
    answer = roster(agency, "name,instagram,followers\nAda,ada.so,12.4K\nBo,bo_li,1.2K\n")
    assert counts(answer) == (2, 0, 1, 1, 0, 0)
    assert dict(Account.objects.values_list("handle", "typed_followers")) == {"ada.so": 12_431, "bo_li": 1_200}


def test_a_count_of_a_later_day_stays_the_current_one(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="ada.so", typed_followers=100)
    FollowerCountFactory(agency=agency, account=account, followers=150)
    roster(agency, "instagram,followers\nada.so,200\n")
    account.refresh_from_db()
    assert (account.typed_followers, account.followers) == (200, 150)


def test_a_row_with_several_platforms_is_one_creator(agency: Agency) -> None:
    roster(agency, "name,instagram,tiktok\nAda,ada.so,\n")
    answer = roster(agency, "name,instagram,tiktok\nAda,ada.so,ada_tok\n")
    assert counts(answer) == (1, 0, 1, 0, 0, 0)
    assert sorted(Influencer.objects.get().accounts.values_list("platform", "handle")) == [
        ("instagram", "ada.so"),
        ("tiktok", "ada_tok"),
    ]


def test_accounts_of_two_creators_in_one_row_are_refused_and_the_rest_is_in(agency: Agency) -> None:
    AccountFactory(agency=agency, platform="instagram", handle="ada.so", influencer__name="Ada")
    AccountFactory(agency=agency, platform="tiktok", handle="bo_tok", influencer__name="Bo")
    answer = roster(agency, "name,instagram,tiktok\nAda,ada.so,bo_tok\nCy,cy.one,\n")
    assert counts(answer) == (2, 1, 0, 0, 0, 1)
    assert answer["errors"] == [
        {
            "row": 2,
            "column": "",
            "value": "Ada, Bo",
            "message": "These accounts belong to different creators on the roster: Ada, Bo. Merge them first, or split the row.",
        }
    ]


def test_an_account_is_the_same_by_its_id_even_under_a_new_handle(agency: Agency) -> None:
    AccountFactory(agency=agency, handle="old.name", external_id="77", influencer__name="Ada")
    answer = roster(agency, "name,handle,account id\nAda,new.name,77\n", platform="instagram")
    assert counts(answer) == (1, 0, 1, 0, 0, 0)
    assert Account.objects.get().handle == "new.name"


def test_a_known_handle_with_another_id_is_refused(agency: Agency) -> None:
    AccountFactory(agency=agency, handle="ada.so", external_id="77", influencer__name="Ada")
    answer = roster(agency, "name,handle,account id\nAda,ada.so,78\n", platform="instagram")
    assert counts(answer) == (1, 0, 0, 0, 0, 1)
    assert answer["errors"][0]["message"] == (
        "On the roster, @ada.so is an account with another id. Mend the id or the handle."
    )


def test_two_lines_that_mean_one_account_are_refused_from_the_second_on(agency: Agency) -> None:
    AccountFactory(agency=agency, handle="ada.so", external_id="77", influencer__name="Ada")
    answer = roster(agency, "name,handle,account id\nAda,new.name,77\nAda,ada.so,\n", platform="instagram")
    assert counts(answer) == (2, 0, 1, 0, 0, 1)
    assert (
        answer["errors"][0]["message"] == "An earlier line of the file has the same account, @ada.so. Keep one of them."
    )


def test_a_row_without_accounts_is_found_by_its_name(agency: Agency) -> None:
    text = "name,country\nProf. Eva Holm,DK\n"
    assert counts(roster(agency, text)) == (1, 1, 0, 0, 0, 0)
    assert counts(roster(agency, text)) == (1, 0, 0, 1, 0, 0)
    InfluencerFactory(agency=agency, name="prof. eva holm")
    answer = roster(agency, text)
    assert counts(answer) == (1, 0, 0, 0, 0, 1)
    assert answer["errors"][0]["message"] == (
        "Several creators without accounts are called Prof. Eva Holm. Give the row a profile link or a handle."
    )


def test_other_agencies_are_neither_matched_nor_touched(agency: Agency) -> None:
    foreign = AccountFactory(agency=AgencyFactory(), handle="ada.so", typed_followers=5)
    assert counts(roster(agency, "name,instagram,followers\nAda,ada.so,100\n")) == (1, 1, 0, 0, 0, 0)
    foreign.refresh_from_db()
    assert foreign.typed_followers == 5


def test_a_dry_run_says_what_would_happen_and_changes_nothing(agency: Agency) -> None:
    answer = roster(agency, "name,instagram\nAda,ada.so\n", dry_run=True)
    assert (counts(answer), answer["batch"]) == ((1, 1, 0, 0, 0, 0), None)
    assert (Influencer.objects.count(), Account.objects.count(), ImportBatch.objects.count()) == (0, 0, 0)


def test_search_and_followers_columns_follow_every_write(agency: Agency) -> None:
    account = AccountFactory(agency=agency, handle="Ærø.cyclist", influencer__name="Åse Lüth", typed_followers=10)
    influencer = account.influencer
    influencer.refresh_from_db()
    assert influencer.search_text.split() == ["ase", "luth", "aero.cyclist"]
    account.handle = "renamed"
    account.save()
    FollowerCountFactory(agency=agency, account=account, followers=20)
    influencer.refresh_from_db()
    account.refresh_from_db()
    assert (influencer.search_text.split(), account.followers) == (["ase", "luth", "renamed"], 20)
    account.counts.all().delete()
    account.refresh_from_db()
    assert account.followers == 10
    account.delete()
    influencer.refresh_from_db()
    assert influencer.search_text.split() == ["ase", "luth"]


# --- the command ------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    call_command("import_roster", *arguments)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_import_roster_prints_one_object(agency: Agency, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "creators.csv"
    file.write_text("Who,Where\nAda,ada.so\nBo,b o\n")
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"Who": "name", "Where": "handle"}')
    answer = run(capsys, str(file), "--agency", "northern", "--platform", "instagram", "--mapping", str(mapping))
    batch = ImportBatch.objects.get()
    assert counts(answer) == (2, 1, 0, 0, 0, 1)
    assert (answer["batch"], batch.file_name, batch.kind, batch.created) == (batch.pk, "creators.csv", "roster", 1)
    assert [(error["row"], error["column"], error["value"]) for error in answer["errors"]] == [(3, "Where", "b o")]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["missing.csv", "--agency", "northern"], 2, "There is no file missing.csv."),
        (["{file}", "--agency", "nowhere"], 2, "There is no agency “nowhere”."),
        (["{file}", "--agency", "northern", "--mapping", "missing.json"], 2, "The mapping missing.json cannot be read"),
        (["{file}", "--agency", "northern", "--mapping", "{list}"], 2, "A mapping is a JSON object of texts"),
        (["{empty}", "--agency", "northern"], 1, "empty"),
    ],
)
def test_import_roster_says_what_was_wrong(
    agency: Agency, tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    files = {"file": tmp_path / "a.csv", "list": tmp_path / "l.json", "empty": tmp_path / "e.csv"}
    files["file"].write_text("name,instagram\nAda,ada.so\n")
    files["list"].write_text("[]")
    files["empty"].write_text("")
    with pytest.raises(CommandError, match=sentence) as caught:
        call_command("import_roster", *(argument.format(**files) for argument in arguments))
    assert caught.value.returncode == code
    assert Influencer.objects.count() == 0


def test_import_roster_exits_1_when_every_row_is_refused(agency: Agency, tmp_path: Path) -> None:
    file = tmp_path / "creators.csv"
    file.write_text("name,instagram\nAda,not a handle\n")
    with pytest.raises(SystemExit) as caught:
        call_command("import_roster", str(file), "--agency", "northern")
    assert caught.value.code == 1


# --- real files -------------------------------------------------------------------------------------


def test_real_rosters_come_in_whole(agency: Agency, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nigeria = str(shared_data / "roster-nigeria-tiktok" / "influencers.csv")
    arguments = [nigeria, "--agency", "northern", "--platform", "tiktok"]
    first = run(capsys, *arguments)
    second = run(capsys, *arguments)
    assert (counts(first), first["errors"]) == ((200, 200, 0, 0, 0, 0), [])
    assert counts(second) == (200, 0, 0, 200, 0, 0)
    biggest = Account.objects.order_by("-followers").values_list("followers", "typed_followers_step").first()
    assert biggest == (10_400_000, 100_000)


# --- the pages --------------------------------------------------------------------------------------


def test_import_detail_shows_what_came_of_a_file(login: Any, marketer: Any, agency: Agency) -> None:
    client = login(marketer)
    file = io.BytesIO(b"name,instagram\nAda,ada.so\nBo,b o\n")
    outcome = import_roster(agency=agency, file=file, filename="creators.csv", by=marketer)
    batch = ImportBatch.objects.get(pk=outcome.batch)
    assert (batch.imported_by, batch.state) == (marketer.user, ImportBatch.State.APPLIED)
    shown = client.get(batch.get_absolute_url())
    assert shown.status_code == 200
    assert (shown.context["refused"], shown.context["hidden_errors"]) == (1, 0)
    assert "b o" in shown.content.decode()


def test_roster_import_page_says_why_a_file_is_refused(login: Any, marketer: Any) -> None:
    picture = SimpleUploadedFile("creators.csv", b"\x89PNG\r\n\x1a\n" + bytes(100))
    answer = login(marketer).post(reverse("influencers:roster_import", args=["northern"]), {"file": picture})
    assert answer.status_code == 200
    assert len(answer.context["form"].errors["file"]) == 1
    assert ImportBatch.objects.count() == 0


def test_import_list_queries(login: Any, viewer: Any, agency: Agency, django_assert_num_queries: Any) -> None:
    client = login(viewer)
    page = reverse("influencers:import_list", args=["northern"])
    ImportBatch.objects.create(
        agency=agency, kind="roster", file_name="one.csv", sha256="0" * 64, imported_by=viewer.user
    )
    client.get(page)
    with django_assert_num_queries(7):
        assert client.get(page).context["page"].paginator.count == 1
    ImportBatch.objects.create(
        agency=agency, kind="roster", file_name="two.csv", sha256="0" * 64, imported_by=viewer.user
    )
    ImportBatch.objects.create(agency=agency, kind="posts", file_name="three.csv", sha256="0" * 64)
    with django_assert_num_queries(7):
        assert client.get(page).context["page"].paginator.count == 3


@pytest.mark.parametrize("kind", ["user", "c"])
def test_an_old_youtube_name_is_never_the_handle_of_another_channel(agency: Agency, kind: str) -> None:
    link = "https://www.youtube.com/@Jane"
    jane = AccountFactory(agency=agency, platform="youtube", handle="Jane", url=link, influencer__name="Jane")
    text = f"Name,Link,Subscribers\nOther Jane,https://www.youtube.com/{kind}/jane,5000000\n"
    assert counts(roster(agency, text)) == (1, 1, 0, 0, 0, 0)
    jane.refresh_from_db()
    assert (jane.influencer.name, jane.url, jane.typed_followers) == ("Jane", link, 12_431)
    other = Account.objects.exclude(pk=jane.pk).get()
    assert (other.handle, other.url) == (f"{kind}/jane", f"https://www.youtube.com/{kind}/jane")
    assert counts(roster(agency, text)) == (1, 0, 0, 1, 0, 0)


def test_the_command_guesses_no_headings_where_a_page_would_ask(agency: Agency) -> None:
    text = "Anna;anna;instagram\nBo;bo;tiktok\n"
    with pytest.raises(Refused):
        roster(agency, text)
    doubtful = "Creator;Shoe size;Eye colour;Pet\nAnna;38;blue;cat\n"
    with pytest.raises(Refused, match="not certain that row 1 holds headings"):
        roster(agency, doubtful)
    assert not Influencer.objects.exists()
    assert not ImportBatch.objects.exists()
    assert counts(roster(agency, doubtful, mapping={"Creator": "name"})) == (1, 1, 0, 0, 0, 0)


@pytest.mark.parametrize("said", ["jan@other.example,", ",BE", "jan@other.example,BE", "jan@other.example,NL"])
def test_a_namesake_of_whom_the_file_says_something_else_is_refused(agency: Agency, said: str) -> None:
    jan = InfluencerFactory(agency=agency, name="Jan Jansen", email="jan@uva.example", country="NL", city="Amsterdam")
    answer = roster(agency, f"Name,City,Email,Country\nJan Jansen,Leuven,{said}\n")
    assert counts(answer) == (1, 0, 0, 0, 0, 1)
    assert answer["errors"][0]["row"] == 2
    assert "Jan Jansen on the roster has another e-mail address or country" in answer["errors"][0]["message"]
    jan.refresh_from_db()
    assert (jan.email, jan.country, jan.city) == ("jan@uva.example", "NL", "Amsterdam")


@pytest.mark.parametrize("said", ["JAN@uva.example,NL", ",", "jan@uva.example,", ",NL"])
def test_a_namesake_of_whom_the_file_says_the_same_is_the_same(agency: Agency, said: str) -> None:
    jan = InfluencerFactory(agency=agency, name="Jan Jansen", email="jan@uva.example", country="NL", city="Amsterdam")
    assert counts(roster(agency, f"Name,City,Email,Country\nJan Jansen,Leuven,{said}\n")) == (1, 0, 1, 0, 0, 0)
    jan.refresh_from_db()
    assert (jan.country, jan.city) == ("NL", "Leuven")
