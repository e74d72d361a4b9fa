"""Which parts of a workbook the parser will read, and how: told by the workbook itself, as a part may have any name."""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal
from xml.parsers import expat

from django.utils.translation import gettext as _

from influencers.imports.errors import ImportRefused

Role = Literal["strings", "worksheet", "small", "unread"]

_CONTENT_TYPES = "[Content_Types].xml"
# What spreadsheet programs keep beside the tables; it can be large and is not read, unless a chart sheet leads to it.
_BESIDE = (
    *("xl/richdata/", "xl/media/", "xl/printersettings/", "xl/calcchain.xml", "xl/pivotcache/", "xl/pivottables/"),
    *("xl/externallinks/", "xl/comments", "xl/threadedcomments/", "xl/tables/", "xl/persons/", "xl/worksheets/_rels/"),
    *("xl/drawings/", "customxml/"),
)


@dataclass(slots=True)
class Roles:
    """The roles of the parts of one workbook."""

    strings: set[str] = field(default_factory=set)
    worksheets: set[str] = field(default_factory=set)
    chart_sheets: set[str] = field(default_factory=set)

    def of(self, name: str) -> Role:
        """Return how the part is read; a part that claims two roles gets the narrower one."""
        lowered = name.lower()
        if name in self.strings or lowered.endswith("sharedstrings.xml"):
            return "strings"
        if name in self.worksheets and name not in self.chart_sheets:
            return "worksheet"
        if not self.chart_sheets and (lowered.startswith(_BESIDE) or not lowered.endswith((".xml", ".rels"))):
            return "unread"
        return "small"


def read_roles(archive: zipfile.ZipFile, largest: int) -> Roles:
    """Return the roles that content types and relationships give; a list of more than `largest` bytes is not looked into."""
    roles = Roles()
    for part in archive.infolist():
        if part.file_size <= largest and (part.filename == _CONTENT_TYPES or part.filename.endswith(".rels")):
            parser = new_parser(partial(_note, roles, posixpath.dirname(posixpath.dirname(part.filename))))
            parser.Parse(archive.read(part), True)  # noqa: FBT003 - expat takes it by place
    return roles


def new_parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    """Return a parser that builds nothing, calls `start` at each element and refuses document types (entity bombs)."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _note(roles: Roles, folder: str, _name: str, attributes: dict[str, str]) -> None:
    if attributes.get("ContentType", "").endswith("sharedStrings+xml"):
        roles.strings.add(attributes.get("PartName", "").lstrip("/"))
    kind = attributes.get("Type", "")
    target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
    if kind.endswith("/worksheet"):
        roles.worksheets.add(target)
    elif "chartsheet" in kind:
        roles.chart_sheets.add(target)
    elif kind.endswith("/sharedStrings"):
        roles.strings.add(target)


def _refuse_doctype(*_arguments: object) -> None:
    raise ImportRefused(_("This workbook contains definitions that no spreadsheet program writes. It was not opened."))
