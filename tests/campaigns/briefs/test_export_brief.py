"""The command that writes a brief to a file."""

import io
import json
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Campaign


def export(*arguments: str) -> tuple[dict[str, object], str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    call_command("export_brief", *arguments, stdout=stdout, stderr=stderr)
    return json.loads(stdout.getvalue()), stderr.getvalue()


def test_export_brief_writes_the_file_and_says_what_it_wrote(campaign: Campaign, tmp_path: Path) -> None:
    target = tmp_path / "brief.pdf"

    answer, messages = export(str(campaign.pk), "--kind", "client", "--format", "pdf", "-o", str(target))

    assert answer == {
        "campaign": campaign.pk,
        "kind": "client",
        "format": "pdf",
        "file": str(target),
        "pages": len(pypdf.PdfReader(target).pages),
        "placeholders": ["U+5B57", "U+6F22"],
    }
    assert messages.strip() == "▯ stands for 2 characters that the fonts of this document lack: U+5B57, U+6F22."
    assert [path.name for path in tmp_path.iterdir()] == ["brief.pdf"]


def test_export_brief_without_placeholders_says_nothing(campaign: Campaign, tmp_path: Path) -> None:
    campaign.donts = ""
    campaign.save()

    answer, messages = export(str(campaign.pk), "-o", str(tmp_path / "brief.pdf"))

    assert (answer["placeholders"], messages) == ([], "")


def test_export_brief_of_no_campaign_is_a_usage_error(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^There is no campaign 4711\.$") as refusal:
        export("4711", "-o", str(tmp_path / "brief.pdf"))

    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_export_brief_to_nowhere_changes_nothing(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="could not be written") as refusal:
        export(str(campaign.pk), "-o", str(tmp_path / "missing" / "brief.pdf"))

    assert refusal.value.returncode == 1


@pytest.mark.parametrize("arguments", [["--kind", "creator"], ["--format", "docx"], []])
def test_export_brief_knows_only_what_exists(campaign: Campaign, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        export(str(campaign.pk), *arguments)
