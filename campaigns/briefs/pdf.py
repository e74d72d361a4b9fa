"""A brief as PDF."""

from agency.printable import printable
from agency.typesetting import PdfFile, typeset
from campaigns.briefs.document import client_document
from campaigns.briefs.snapshot import ClientBrief

BriefFile = PdfFile


def client_brief_pdf(brief: ClientBrief) -> BriefFile:
    """The client brief on A4."""
    return typeset("client.typ", client_document(brief))


def unprintable_characters(brief: ClientBrief) -> tuple[str, ...]:
    """The characters of the brief that would be printed as a placeholder, in code-point order."""
    return tuple(sorted(printable(client_document(brief))[1]))
