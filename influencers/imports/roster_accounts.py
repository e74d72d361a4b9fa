"""The accounts of a roster's row, from one column of handles, one of addresses, or a column for each platform."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext as _

from influencers.imports.cells import Cell, one_line, profile_words, shown, words
from influencers.imports.errors import CellError, ImportRefused
from influencers.imports.handles import (
    LONGEST_HANDLE,
    PLATFORMS,
    PlatformName,
    ProfileLink,
    handle_key,
    normalise_handle,
    parse_profile,
    read_platform,
)
from influencers.imports.headers import Column, Columns
from influencers.imports.identifiers import read_identifier
from influencers.imports.name_handles import NameHandles
from influencers.imports.numbers import BIGINT, MOST_FOLLOWERS, ColumnNumbers, Count
from influencers.imports.roster_types import RosterAccount
from influencers.imports.sheet import Sheet

_LONGEST_EXTERNAL_ID = 64
# Where a list of names is a list of channels: these platforms show a title, and lists quote it.
_TITLED: frozenset[str] = frozenset({"youtube", "facebook", "podcast", "blog", "newsletter", "other"})


class AccountReader:
    """Reads the accounts of one row after the other; ImportRefused at once if the columns cannot say what is whose."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        platform: PlatformName | None,
        names: Mapping[int, NameHandles],
    ) -> None:
        self._platform = platform
        self._names = names
        self._columns = columns
        self._headers = sheet.headers
        self._groups = [_Group(columns, name) for name in PLATFORMS]
        self._groups = [group for group in self._groups if group.is_there]
        self._generic = _Group(columns, "")
        self._platform_column = columns.one("platform")
        self._title = columns.one("title:youtube") or self._name_as_title()
        self._title_platform: PlatformName = "youtube" if columns.one("title:youtube") else platform or "youtube"
        self._numbers = {
            column.index: ColumnNumbers(
                column.header,
                unit=column.unit,
                whole_column=partial(sheet.column, column.index),
                answers=column.answers,
                most=MOST_FOLLOWERS if column.kind == "followers" else BIGINT,
            )
            for column in (*columns.all("followers"), *columns.all("total_views"))
        }
        self._readers = self._all_readers()
        self._has_figures = bool(self._generic.followers or columns.one("total_views"))
        self._refuse_what_cannot_be_placed()

    def read(self, cells: Sequence[Cell], errors: list[CellError]) -> list[RosterAccount]:
        """Return the accounts of a row; what is wrong with it is added to `errors`."""
        found: list[RosterAccount] = []
        has_own = False
        for read_one, is_own in self._readers:
            try:
                account = read_one(cells, found)
            except CellError as error:
                errors.append(error)
                continue
            if account is not None and not (found and any(other.key == account.key for other in found)):
                found.append(account)
                has_own = has_own or is_own
        if self._has_figures and not errors:
            try:
                self._place_figures(cells, found, has_own=has_own)
            except CellError as error:
                errors.append(error)
        return found

    def _all_readers(self) -> list[tuple[Callable[[Sequence[Cell], list[RosterAccount]], RosterAccount | None], bool]]:
        """Return what reads one account each, and whether that is the row's own, not that of a platform's column."""
        own = [(self._from_generic, True)] if self._generic.is_there or self._platform_column else []
        title = [(self._from_title, True)] if self._title is not None else []
        return [*own, *title, *((partial(self._from_group, group), False) for group in self._groups)]

    def _name_as_title(self) -> Column | None:
        """Return the name column where it must be the channel's title, as nothing else names an account."""
        if self._generic.is_there or self._groups or self._platform not in _TITLED:
            return None
        return self._columns.one("name")

    def _refuse_what_cannot_be_placed(self) -> None:
        columns = self._columns
        has_accounts = bool(self._generic.is_there or self._groups or self._title)
        has_names = any(columns.one(meaning) for meaning in ("name", "first_name", "last_name"))
        if not has_accounts and (not has_names or columns.all("followers")):
            if not any(self._headers):
                raise ImportRefused(_("This file has no row of headings. Say what each of its columns means."))
            message = _("No column of this file holds handles or profile links. Its columns: %(columns)s.")
            headers = [column.header for column in columns.used] + list(columns.ignored)
            raise ImportRefused(message % {"columns": ", ".join(headers)})
        handles = self._generic.handle or self._generic.name_handle
        if handles and not (self._generic.url or self._platform or self._platform_column):
            message = _(
                "Nothing in this file says which platform the handles in “%(column)s” are on. Say it with --platform."
            )
            raise ImportRefused(message % {"column": handles.header})

    def _from_generic(self, cells: Sequence[Cell], _found: list[RosterAccount]) -> RosterAccount | None:
        platform = self._row_platform(cells)
        link = self._link(cells, self._generic, platform)
        return None if link is None else self._account(cells, self._generic, link)

    def _from_group(self, group: "_Group", cells: Sequence[Cell], _found: list[RosterAccount]) -> RosterAccount | None:
        link = self._link(cells, group, group.platform)
        return None if link is None else self._account(cells, group, link)

    def _from_title(self, cells: Sequence[Cell], found: list[RosterAccount]) -> RosterAccount | None:
        """Return the account that only a title names; where a handle is known the title is just a name."""
        if self._title is None or any(account.platform == self._title_platform for account in found):
            return None
        title = one_line(cells[self._title.index])
        if not profile_words(title):
            return None
        if len(title) > LONGEST_HANDLE:
            raise CellError(self._title.header, shown(title), _("A title has at most 200 characters."))
        external_id = self._external_id(cells, self._generic)
        if title.startswith("@"):  # nobody's name begins so: it is the handle, under another heading
            handle = normalise_handle(self._title_platform, title, column=self._title.header)
            return RosterAccount(self._title_platform, handle, external_id, "", None)
        return RosterAccount(self._title_platform, title, external_id, "", None, is_title=True)

    def _row_platform(self, cells: Sequence[Cell]) -> PlatformName | None:
        column = self._platform_column
        text = words(cells[column.index]) if column is not None else ""
        if column is None or not text:
            return self._platform
        said = read_platform(text, column=column.header)
        if self._platform is not None and said != self._platform:
            message = _("This row says %(said)s, but the import was started for %(platform)s.")
            raise CellError(column.header, text, message % {"said": said, "platform": self._platform})
        return said

    def _link(self, cells: Sequence[Cell], group: "_Group", platform: PlatformName | None) -> ProfileLink | None:
        first: tuple[Column, ProfileLink] | None = None
        for column in group.naming:
            cell = cells[column.index]
            if not cell:
                continue
            text = profile_words(cell)
            if text and column is group.name_handle:
                text = self._names[column.index].read(cell)[1]
            if not text:
                continue
            link = parse_profile(text, platform=platform, column=column.header)
            platform = link.platform
            if first is None:
                first = column, link
            elif handle_key(first[1].handle) != handle_key(link.handle):
                return self._settled(first, (column, text, link))
        return None if first is None else first[1]

    @staticmethod
    def _settled(first: tuple[Column, ProfileLink], second: tuple[Column, str, ProfileLink]) -> ProfileLink:
        """Return the profile of a row whose address names it by number and whose other column names it by handle."""
        heading, by_url = first
        column, text, by_handle = second
        if by_url.external_id is not None and by_url.external_id == by_url.handle:
            return ProfileLink(by_url.platform, by_handle.handle, by_url.external_id, by_url.url)
        message = _("The handle is %(handle)s, but the address in “%(column)s” is that of %(other)s.")
        values = {"handle": by_handle.handle, "column": heading.header, "other": by_url.handle}
        raise CellError(column.header, shown(text), message % values)

    def _account(self, cells: Sequence[Cell], group: "_Group", link: ProfileLink) -> RosterAccount:
        external_id = self._external_id(cells, group)
        if external_id and link.external_id and external_id != link.external_id:
            message = _("The id is %(id)s, but the address says %(other)s.")
            column = group.external_id.header if group.external_id else ""
            raise CellError(column, external_id, message % {"id": external_id, "other": link.external_id})
        followers = self._count(cells, group.followers) if group.platform else None
        return RosterAccount(link.platform, link.handle, external_id or link.external_id, link.url, followers)

    @staticmethod
    def _external_id(cells: Sequence[Cell], group: "_Group") -> str | None:
        column = group.external_id
        if column is None:
            return None
        return read_identifier(cells[column.index], column=column.header, longest=_LONGEST_EXTERNAL_ID)

    def _count(self, cells: Sequence[Cell], column: Column | None) -> Count | None:
        return None if column is None else self._numbers[column.index].read(cells[column.index])

    def _place_figures(self, cells: Sequence[Cell], found: list[RosterAccount], *, has_own: bool) -> None:
        """Give the figures of columns without a platform to the row's own account, or to the only one they can belong to."""
        column = self._generic.followers
        followers = self._count(cells, column)
        views = self._count(cells, self._columns.one("total_views"))
        if followers is None and views is None:
            return
        places = list(range(len(found)))
        if has_own:
            places = [0]
        elif len(found) > 1:
            places = [place for place in places if found[place].platform == self._platform]
        if len(places) == 1:
            old = found[places[0]]
            kept = old.followers if followers is None else followers
            found[places[0]] = old._replace(followers=kept, total_views=views)
        elif followers is not None and column is not None:
            message = _("This row has followers but no account.")
            if found:
                message = _("This row has several accounts, and “%(column)s” does not say whose followers these are.")
            question = "whose" if found else ""
            raise CellError(column.header, shown(cells[column.index]), message % {"column": column.header}, question)


class _Group:
    """The columns that speak of one platform's account, or of the row's account where the headings name no platform."""

    def __init__(self, columns: Columns, platform: str) -> None:
        suffix = f":{platform}" if platform else ""
        self.platform: PlatformName | None = next((name for name in PLATFORMS if name == platform), None)
        self.handle = columns.one(f"handle{suffix}")
        self.url = columns.one(f"url{suffix}")
        self.followers = columns.one(f"followers{suffix}")
        self.external_id = columns.one(f"external_id{suffix}")
        self.name_handle = columns.one(f"name_handle{suffix}")
        self.naming = tuple(column for column in (self.url, self.handle, self.name_handle) if column is not None)
        self.is_there = bool(self.naming)
