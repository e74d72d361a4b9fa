"""Posts: one row per post, in the layouts of the usual exports and in our own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, tzinfo
from functools import partial

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, plain_text, shown, words
from influencers.imports.dates import ColumnDates
from influencers.imports.disclosure import Sponsored, SponsoredSource, read_flag, sponsored
from influencers.imports.errors import CellError, ImportRefused, RefusedRow
from influencers.imports.handles import FREE_PLATFORMS, PlatformName, handle_key, normalise_handle, read_platform
from influencers.imports.headers import Column, Columns, plain_key, read_columns
from influencers.imports.identifiers import is_rounded, read_identifier
from influencers.imports.numbers import ColumnNumbers
from influencers.imports.post_addresses import PostAddress, PostKind, read_post_address
from influencers.imports.repeats import Repeats
from influencers.imports.sheet import Sheet, SheetFacts, misquoted, refuse_uncalculated

_LONGEST_POST_ID = 100
_LONGEST_ACCOUNT_ID = 64
_LONGEST_HANDLE = 200
_LONGEST_URL = 500
_COUNTS = ("likes", "comments", "shares", "saves", "views", "reach", "impressions", "replies", "followers")
# On these the id in the link and the id of the export are the same thing, so that two different ones are a mistake.
_ONE_ID = frozenset({"tiktok", "youtube", "x"})
_KINDS: dict[str, PostKind] = {
    **dict.fromkeys(
        ["post", "photo", "image", "picture", "carousel", "album", "sidecar", "feed", "carousel album", "foto"], "post"
    ),
    **dict.fromkeys(["graphimage", "graphsidecar", "link"], "post"),
    **dict.fromkeys(["video", "graphvideo", "igtv", "clip"], "video"),
    **dict.fromkeys(["short", "shorts", "reel", "reels", "short video"], "short"),
    **dict.fromkeys(["story", "stories"], "story"),
    **dict.fromkeys(["live", "live video", "livestream", "live stream"], "live"),
    **dict.fromkeys(["text", "status", "tweet", "article", "thread"], "text"),
}
_USUAL_KIND: dict[str, PostKind] = {
    "tiktok": "video",
    "youtube": "video",
    "twitch": "video",
    "blog": "text",
    "newsletter": "text",
}


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post with the counts of `counted_at`; a count that is not known is None, never 0.

    The account is named by `account_external_id` (matched first), by `handle`, or both; with `is_title` the handle is
    only the name that the export shows, and it is empty if only the id is known. `followers` are those beside the
    post. Without `counted_at` the file does not say when it was counted. `repeats_line` names an earlier line that
    says the same.
    """

    line: int
    platform: PlatformName
    handle: str
    is_title: bool
    account_external_id: str | None
    external_id: str
    url: str
    posted_at: datetime
    kind: PostKind
    caption: str
    likes: int | None
    comments: int | None
    shares: int | None
    saves: int | None
    views: int | None
    reach: int | None
    impressions: int | None
    replies: int | None
    followers: int | None
    is_sponsored: Sponsored
    sponsored_source: SponsoredSource
    counted_at: datetime | None
    repeats_line: int | None = None


_CONTENT = tuple(field.name for field in fields(PostRow) if field.name not in {"line", "repeats_line"})


class PostReading:
    """Posts whose columns are understood; `rows()` reads them from the top each time it is called."""

    def __init__(
        self, sheet: Sheet, columns: Columns, *, platform: PlatformName | None, handle: str | None, zone: tzinfo
    ) -> None:
        self._sheet = sheet
        self.columns = columns
        self._platform = platform
        self._handle = handle
        self._column = {column.meaning: column for column in columns.used if column.meaning != "caption"}
        self._captions = columns.all("caption")
        self._numbers = {
            meaning: ColumnNumbers(column.header, unit=column.unit, whole_column=partial(sheet.column, column.index))
            for meaning, column in self._column.items()
            if meaning in _COUNTS
        }
        self._dates = {
            meaning: ColumnDates(column.header, zone=zone, whole_column=partial(sheet.column, column.index))
            for meaning, column in self._column.items()
            if meaning in {"posted_at", "counted_at"}
        }

    @property
    def facts(self) -> SheetFacts:
        """What was found out about the file."""
        return self._sheet.facts

    def rows(self) -> Iterator[PostRow | RefusedRow]:
        """Yield every row that is not blank, in the order of the file.

        The same post may come again with another `counted_at`. With the same one it either says the same
        (`repeats_line`) or the row is refused and names the earlier line.
        """
        repeats = Repeats()
        width, delimiter = len(self._sheet.headers), self._sheet.facts.delimiter
        for line, cells in self._sheet.rows():
            broken = misquoted(cells, width, delimiter)
            row = RefusedRow.of(line, broken) if broken is not None else self._row(line, cells)
            yield _compared(row, repeats) if isinstance(row, PostRow) else row

    def _row(self, line: int, cells: Sequence[Cell]) -> PostRow | RefusedRow:
        errors: list[CellError] = []
        counts = self._counts(cells, errors)
        times = self._times(cells, errors)
        if errors:
            return RefusedRow.of(line, *errors)
        try:
            return self._post(line, cells, counts, times)
        except CellError as error:
            return RefusedRow.of(line, error)

    def _post(
        self, line: int, cells: Sequence[Cell], counts: dict[str, int | None], times: dict[str, datetime | None]
    ) -> PostRow:
        address = self._address(cells)
        platform = self._platform_of(cells, address)
        handle, is_title = self._handle_of(cells, platform, address)
        caption = self._caption(cells)
        is_sponsored, source = sponsored(self._flag(cells), caption)
        external_id = self._external_id(cells, platform, address)
        account_id = self._account_id(cells, has_handle=bool(handle))
        if not handle and account_id is None:
            raise CellError("", "", _("This row does not say whose post it is."))
        posted_at = times.get("posted_at")
        if posted_at is None:
            column = self._column["posted_at"]
            raise CellError(
                column.header, shown(cells[column.index]), _("This row does not say when the post was published.")
            )
        return PostRow(
            line=line,
            platform=platform,
            handle=handle,
            is_title=is_title,
            account_external_id=account_id,
            external_id=external_id,
            url=address.url if address is not None else "",
            posted_at=posted_at,
            kind=self._kind(cells, platform, address),
            caption=caption,
            is_sponsored=is_sponsored,
            sponsored_source=source,
            counted_at=times.get("counted_at"),
            **counts,
        )

    def _text(self, meaning: str, cells: Sequence[Cell]) -> tuple[str, str]:
        """Return (text, heading) of the column of this meaning, empty if there is none."""
        column = self._column.get(meaning)
        return ("", "") if column is None else (words(cells[column.index]), column.header)

    def _counts(self, cells: Sequence[Cell], errors: list[CellError]) -> dict[str, int | None]:
        found: dict[str, int | None] = dict.fromkeys(_COUNTS)
        for meaning, numbers in self._numbers.items():
            try:
                count = numbers.read(cells[self._column[meaning].index])
            except CellError as error:
                errors.append(error)
            else:
                found[meaning] = None if count is None else count.value
        return found

    def _times(self, cells: Sequence[Cell], errors: list[CellError]) -> dict[str, datetime | None]:
        found: dict[str, datetime | None] = {}
        for meaning, dates in self._dates.items():
            try:
                found[meaning] = dates.read(cells[self._column[meaning].index])
            except CellError as error:
                errors.append(error)
        return found

    def _address(self, cells: Sequence[Cell]) -> PostAddress | None:
        text, header = self._text("url", cells)
        if not text:
            return None
        address = read_post_address(text)
        if address is None:
            raise CellError(header, shown(text), _("This is not a link that starts with https:// or names a platform."))
        if len(address.url) > _LONGEST_URL:
            raise CellError(header, shown(text), _("This address is longer than 500 characters."))
        return address

    def _platform_of(self, cells: Sequence[Cell], address: PostAddress | None) -> PlatformName:
        text, header = self._text("platform", cells)
        said = read_platform(text, column=header) if text else self._platform
        if text and self._platform is not None and said != self._platform:
            message = _("This row says %(said)s, but the import was started for %(platform)s.")
            raise CellError(header, text, message % {"said": said, "platform": self._platform})
        linked = address.platform if address is not None else None
        if said is not None:
            if linked is not None and linked != said and said not in FREE_PLATFORMS:
                message = _("This address is on %(found)s, but the column or the file says %(said)s.")
                raise CellError(
                    self._text("url", cells)[1], self._text("url", cells)[0], message % {"found": linked, "said": said}
                )
            return said
        if linked is None:
            raise CellError(header, text, _("This row does not say which platform the post is on."))
        return linked

    def _handle_of(
        self, cells: Sequence[Cell], platform: PlatformName, address: PostAddress | None
    ) -> tuple[str, bool]:
        """Return the handle and whether it is only a title: the file's own first, the told one, the link's, the title."""
        told = normalise_handle(platform, self._handle) if self._handle else ""
        text, header = self._text("handle", cells)
        handle = normalise_handle(platform, text, column=header) if text else ""
        if told and handle and handle_key(told) != handle_key(handle):
            message = _("This row is of %(handle)s, but the import was started for %(told)s.")
            raise CellError(header, shown(text), message % {"handle": handle, "told": told})
        if told or handle:
            return handle or told, False
        if address is not None and address.handle:
            return normalise_handle(platform, address.handle, column=self._text("url", cells)[1]), False
        title, header = self._text("title", cells)
        if len(title) > _LONGEST_HANDLE:
            raise CellError(header, shown(title), _("A title has at most 200 characters."))
        if title.startswith("@"):  # nobody's name begins so: it is the handle, under another heading
            return normalise_handle(platform, title, column=header), False
        return title, bool(title)

    def _external_id(self, cells: Sequence[Cell], platform: PlatformName, address: PostAddress | None) -> str:
        column = self._column.get("external_id")
        cell = None if column is None else cells[column.index]
        header = "" if column is None else column.header
        linked = address.post_id if address is not None and address.platform == platform else None
        # Instagram exports number posts in a way that no link shows; the short code in the link is what leads there.
        if linked is not None and (platform == "instagram" or is_rounded(cell)):
            return linked
        own = read_identifier(cell, column=header, longest=_LONGEST_POST_ID)
        if own is not None and linked is not None and own != linked and platform in _ONE_ID:
            raise CellError(
                header, own, _("The id is %(id)s, but the address says %(other)s.") % {"id": own, "other": linked}
            )
        found = own or linked or self._place_as_id(platform, address)
        if found is None:
            raise CellError(header, shown(cell), _("This row has neither the id of a post nor a link to one."))
        return found

    @staticmethod
    def _place_as_id(platform: PlatformName, address: PostAddress | None) -> str | None:
        """Return host and path: on a blog they are the only id a post has."""
        if address is None or platform not in FREE_PLATFORMS or len(address.place) > _LONGEST_POST_ID:
            return None
        return address.place

    def _account_id(self, cells: Sequence[Cell], *, has_handle: bool) -> str | None:
        column = self._column.get("account_external_id")
        if column is None or (has_handle and is_rounded(cells[column.index])):
            return None
        return read_identifier(cells[column.index], column=column.header, longest=_LONGEST_ACCOUNT_ID)

    def _caption(self, cells: Sequence[Cell]) -> str:
        parts = dict.fromkeys(plain_text(cells[column.index]) for column in self._captions)
        return "\n".join(part for part in parts if part)

    def _flag(self, cells: Sequence[Cell]) -> Sponsored:
        column = self._column.get("sponsored")
        return "unknown" if column is None else read_flag(cells[column.index], column=column.header)

    def _kind(self, cells: Sequence[Cell], platform: PlatformName, address: PostAddress | None) -> PostKind:
        text, header = self._text("kind", cells)
        if text:
            kind = _KINDS.get(plain_key(text))
            if kind is None:
                message = _(
                    "This is not a kind of post that is known here. Known are: post, video, short, story, live, text."
                )
                raise CellError(header, shown(text), message)
            return kind
        if address is not None and address.kind is not None:
            return address.kind
        return _USUAL_KIND.get(platform, "post")


def read_posts(
    sheet: Sheet,
    *,
    zone: tzinfo,
    platform: PlatformName | None = None,
    handle: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> PostReading:
    """Return the posts in a sheet; ImportRefused if it lacks what a post needs: an id, a time, an account, a platform.

    Times without an offset are times in `zone`. `platform` and `handle` name the account where the file does not.
    """
    columns = read_columns(sheet.headers, "posts", mapping)
    _refuse_what_has_no_posts(columns, sheet.headers)
    refuse_uncalculated(sheet, columns.used)
    if platform is None and not (columns.one("platform") or columns.one("url")):
        raise ImportRefused(_("Nothing in this file says which platform the posts are on. Say it with --platform."))
    whose: list[Column | None] = [columns.one(meaning) for meaning in ("handle", "account_external_id", "url", "title")]
    if not handle and not any(whose):
        raise ImportRefused(_("Nothing in this file says whose posts these are. Say it with --handle."))
    if handle and platform is not None:
        try:
            normalise_handle(platform, handle)
        except CellError as error:
            raise ImportRefused(f"{handle}: {error.message}") from None
    return PostReading(sheet, columns, platform=platform, handle=handle, zone=zone)


def _refuse_what_has_no_posts(columns: Columns, headers: Sequence[str]) -> None:
    has_id = bool(columns.one("external_id") or columns.one("url"))
    has_time = bool(columns.one("posted_at"))
    if has_id and has_time:
        return
    if not has_id and not has_time:
        reason = _(
            "This file has no posts: no column holds the id of a post or a link to one, "
            "and none says when it was published."
        )
    elif not has_id:
        reason = _("No column of this file holds the id of a post or a link to one, so its posts cannot be told apart.")
    else:
        reason = _("This file does not say when its posts were published, so no figures can be made from it.")
    shown_headers = ", ".join(header for header in headers if header)
    raise ImportRefused(_("%(reason)s Its columns: %(columns)s.") % {"reason": reason, "columns": shown_headers})


def _compared(row: PostRow, repeats: Repeats) -> PostRow | RefusedRow:
    account = row.account_external_id or handle_key(row.handle)
    key = (row.platform, account, row.external_id, row.counted_at)
    content = tuple(getattr(row, field) for field in _CONTENT)
    known = repeats.earlier(key, content)
    if known is None:
        repeats.remember([key], content, row.line)
        return row
    line, _sheet, is_same = known
    if is_same:
        return replace(row, repeats_line=line)
    message = _("Line %(line)s has the same post with other details. Keep the row that is right.")
    return RefusedRow.of(row.line, CellError("", row.external_id, message % {"line": line}))
