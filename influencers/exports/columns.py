"""What may stand in the columns of an exported roster, who may have it, how a creator's cell is read. Notes are never among it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.models import Membership
from influencers.models import Influencer, Platform, Price


@dataclass(frozen=True, slots=True)
class AccountCells:
    """What an export says of an account."""

    pk: int
    platform: str
    handle: str
    url: str
    followers: int | None
    followers_on: Any


@dataclass(slots=True)
class Creator:
    """What is read of a creator: their fields, their accounts (the one that speaks for them first), today's price by kind."""

    fields: dict[str, Any]
    tier: str = ""
    accounts: list[AccountCells] = field(default_factory=list)
    prices: dict[str, tuple[Any, str]] = field(default_factory=dict)

    @property
    def speaking(self) -> AccountCells | None:
        return self.accounts[0] if self.accounts else None

    def on(self, platform: str) -> AccountCells | None:
        """The account that stands first on the platform."""
        return next((account for account in self.accounts if account.platform == platform), None)


class Form(StrEnum):
    """How a cell is written; an unknown value is an empty cell in each."""

    TEXT = "text"
    NUMBER = "number"
    RATE = "rate"
    MONEY = "money"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the cell of a creator under it."""

    heading: str
    read: Callable[[Creator], Any]
    form: Form = Form.TEXT


class Need(StrEnum):
    """What must be read from the database for a choice beyond the creator's own row."""

    ACCOUNTS = "accounts"
    PRICES = "prices"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person ticks: one column or a few that belong together."""

    key: str
    label: str | Promise
    group: str | Promise
    columns: Callable[[], list[Column]]
    needs: frozenset[Need] = frozenset()
    is_usual: bool = False
    is_allowed: Callable[[Membership], bool] = lambda _member: True


ROSTER, PLACES = gettext_lazy("Creator"), gettext_lazy("Place and language")
FIGURES, ACCOUNTS = gettext_lazy("Size and figures"), gettext_lazy("Accounts")
CONTACTS, PROTECTION, PRICES = gettext_lazy("Contacts"), gettext_lazy("Data protection"), gettext_lazy("Prices")


def can_write(member: Membership) -> bool:
    return member.can_write


def can_see_fees(member: Membership) -> bool:
    return member.can_see_fees


def _own(
    key: str,
    label: str | Promise,
    group: str | Promise,
    *,
    source: str = "",
    form: Form = Form.TEXT,
    show: Callable[[Any], Any] | None = None,
    labels: type[TextChoices] | None = None,
    is_usual: bool = False,
    is_allowed: Callable[[Membership], bool] = lambda _member: True,
) -> Choice:
    """One column out of the creator's own row; `show` turns the stored value into the cell's, `labels` into its words."""
    name = source or key

    def columns() -> list[Column]:
        # Said once, in the language of who asked: the cells are read when the request is over.
        words = {member.value: str(member.label) for member in labels} if labels else {}

        def read(creator: Creator) -> Any:
            value = creator.fields[name]
            if labels:
                return words.get(value)
            return show(value) if show and value is not None else value

        return [Column(str(label), read, form)]

    return Choice(key, label, group, columns, is_usual=is_usual, is_allowed=is_allowed)


def _words(values: list[str]) -> str:
    return ", ".join(values)


def _speaking(key: str, label: str | Promise, attribute: str, form: Form = Form.TEXT) -> Choice:
    """One column of the account that speaks for the creator."""
    return Choice(
        key,
        label,
        FIGURES,
        lambda: [Column(str(label), lambda creator: getattr(creator.speaking, attribute, None), form)],
        needs=frozenset({Need.ACCOUNTS}),
        is_usual=key == "handle",
    )


def _on_platform(platform: Platform) -> Choice:
    """Handle, followers and address of the first account on the platform."""

    def column(heading: str, attribute: str, form: Form = Form.TEXT) -> Column:
        words = {"platform": platform.label}
        return Column(heading % words, lambda creator: getattr(creator.on(platform), attribute, None), form)

    return Choice(
        f"on_{platform}",
        platform.label,
        ACCOUNTS,
        lambda: [
            column(_("%(platform)s handle"), "handle"),
            column(_("%(platform)s followers"), "followers", Form.NUMBER),
            column(_("%(platform)s URL"), "url"),
        ],
        needs=frozenset({Need.ACCOUNTS}),
    )


def _further(creator: Creator) -> str:
    """The accounts that no column of their platform shows."""
    shown = {id(creator.on(account.platform)) for account in creator.accounts}
    return ", ".join(
        f"{account.platform}: {account.handle}" for account in creator.accounts if id(account) not in shown
    )


def _price(kind: Price.Kind) -> Choice:
    """Amount and currency of the price that holds today: of the speaking account's platform, else of any."""
    heading = _("Price: %(kind)s")
    return Choice(
        f"price_{kind}",
        kind.label,
        PRICES,
        lambda: [
            Column(heading % {"kind": kind.label}, lambda creator: creator.prices.get(kind, (None, ""))[0], Form.MONEY),
            Column(
                _("Currency: %(kind)s") % {"kind": kind.label}, lambda creator: creator.prices.get(kind, (None, ""))[1]
            ),
        ],
        needs=frozenset({Need.PRICES, Need.ACCOUNTS}),
        is_allowed=can_see_fees,
    )


CHOICES: tuple[Choice, ...] = (
    _own("name", gettext_lazy("Name"), ROSTER, is_usual=True),
    _own("kind", gettext_lazy("Kind"), ROSTER, labels=Influencer.Kind),
    _own("role_type", gettext_lazy("Role type"), ROSTER, labels=Influencer.RoleType),
    _own("status", gettext_lazy("Status"), ROSTER, labels=Influencer.Status, is_usual=True),
    _own("niches", gettext_lazy("Niches"), ROSTER, show=_words, is_usual=True),
    _own("tags", gettext_lazy("Tags"), ROSTER, show=_words, is_usual=True),
    _own(
        "platform",
        gettext_lazy("Platform"),
        FIGURES,
        source="line__platform",
        labels=Platform,
        is_usual=True,
    ),
    _speaking("handle", gettext_lazy("Handle"), "handle"),
    _own("followers", gettext_lazy("Followers"), FIGURES, source="line__followers", form=Form.NUMBER, is_usual=True),
    _speaking("followers_on", gettext_lazy("Followers counted on"), "followers_on", Form.DAY),
    Choice(
        "tier",
        gettext_lazy("Tier"),
        FIGURES,
        lambda: [Column(_("Tier"), lambda creator: creator.tier)],
        is_usual=True,
    ),
    _own(
        "headline_rate",
        gettext_lazy("Engagement rate"),
        FIGURES,
        source="line__headline_rate",
        form=Form.RATE,
        is_usual=True,
    ),
    _own(
        "rate_percentile",
        gettext_lazy("Rate, percentile among peers"),
        FIGURES,
        source="line__rate_percentile",
        form=Form.RATE,
    ),
    _own(
        "growth_30d",
        gettext_lazy("Growth in 30 days"),
        FIGURES,
        source="line__growth_30d",
        form=Form.RATE,
        is_usual=True,
    ),
    _own("saturation", gettext_lazy("Saturation"), FIGURES, source="line__saturation", form=Form.RATE, is_usual=True),
    _own("figures_as_of", gettext_lazy("Figures as of"), FIGURES, source="line__figures_as_of"),
    _own("country", gettext_lazy("Country"), PLACES, is_usual=True),
    _own("region", gettext_lazy("Region"), PLACES),
    _own("city", gettext_lazy("City"), PLACES),
    _own("languages", gettext_lazy("Languages"), PLACES, show=_words),
    *(_on_platform(platform) for platform in Platform),
    Choice(
        "further_accounts",
        gettext_lazy("Further accounts"),
        ACCOUNTS,
        lambda: [Column(_("Further accounts"), _further)],
        needs=frozenset({Need.ACCOUNTS}),
    ),
    *(
        _own(key, label, CONTACTS, is_allowed=can_write)
        for key, label in (
            ("email", gettext_lazy("E-mail")),
            ("phone", gettext_lazy("Phone")),
            ("management_contact", gettext_lazy("Management contact")),
            ("management_email", gettext_lazy("Management e-mail")),
        )
    ),
    _own("source", gettext_lazy("Source of the record"), PROTECTION, is_allowed=can_write),
    _own(
        "lawful_basis",
        gettext_lazy("Lawful basis"),
        PROTECTION,
        labels=Influencer.LawfulBasis,
        is_allowed=can_write,
    ),
    _own("informed_on", gettext_lazy("Informed on"), PROTECTION, form=Form.DAY, is_allowed=can_write),
    _own("informed_how", gettext_lazy("Informed how"), PROTECTION, is_allowed=can_write),
    *(_price(kind) for kind in Price.Kind),
)


def choices_for(reader: Membership | None) -> list[Choice]:
    """What the reader may choose from; a command (no reader) from everything."""
    return [choice for choice in CHOICES if reader is None or choice.is_allowed(reader)]


def usual_keys() -> list[str]:
    """What the roster's page shows."""
    return [choice.key for choice in CHOICES if choice.is_usual]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file, their headings said in the reader's language."""

    columns: tuple[Column, ...]
    needs: frozenset[Need]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]


def layout(keys: Iterable[str], reader: Membership | None) -> Layout:
    """The columns of what is asked for and the reader may have, in our order; all of it for no keys at all."""
    wanted = set(keys)
    chosen = [choice for choice in choices_for(reader) if not wanted or choice.key in wanted]
    columns = tuple(column for choice in chosen for column in choice.columns())
    return Layout(columns, frozenset().union(*(choice.needs for choice in chosen)))
