"""What a roster says, row by row: the shape that the database half takes over."""

from typing import NamedTuple

from influencers.imports.handles import PlatformName, handle_key
from influencers.imports.numbers import Count


class RosterAccount(NamedTuple):
    """One profile of a row.

    `is_title` says that the file gives only the channel's title (a list of YouTubers without handles); `handle` then
    holds that title, unique per platform in small letters like a handle, and `url` is empty. `total_views` is read, so
    that a wrong figure is told, but no table of ours keeps it.
    """

    platform: PlatformName
    handle: str
    external_id: str | None
    url: str
    followers: Count | None
    is_title: bool = False
    total_views: Count | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What tells two accounts of one file apart."""
        return (self.platform, handle_key(self.handle))


class RosterRow(NamedTuple):
    """One row that can be imported.

    `name` is never empty: without a name the first handle stands for it and `is_name_given` is false. `repeats_line`
    names an earlier line with the same content, so that this row is to be skipped. Where several sheets are read,
    `line` is the line in `sheet` (and `repeats_line` that in `repeats_sheet`); otherwise both names are empty.
    """

    line: int
    name: str
    is_name_given: bool
    accounts: tuple[RosterAccount, ...] = ()
    niches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    country: str = ""
    region: str = ""
    city: str = ""
    email: str = ""
    status: str = ""
    repeats_line: int | None = None
    sheet: str = ""
    repeats_sheet: str = ""

    @property
    def content(self) -> tuple[object, ...]:
        """Everything that the row says, for telling whether two rows say the same."""
        return (
            *(self.name, self.accounts, self.niches, self.tags, self.languages),
            *(self.country, self.region, self.city, self.email, self.status),
        )
