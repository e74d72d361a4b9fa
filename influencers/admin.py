"""Admin pages of the roster: people and accounts to correct, tier schemes to edit; what is computed or imported only to read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import models
from django.db.models import Count, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agency.errors import Refused
from agency.templatetags.meso import percent, signed_percent, thousands
from agency.tenant_admin import TenantAdmin, TenantInline, TenantModelForm
from influencers.forms import LanguagesField, WordsField, country_choices
from influencers.models import (
    Account,
    AudienceShare,
    BrandFitNote,
    EngagementFigures,
    FollowerCount,
    ImportBatch,
    Influencer,
    MetricsRun,
    Post,
    Price,
    TierBand,
    TierScheme,
)
from influencers.services.bulk import tag_creators, untag_creators
from influencers.services.people import set_status


class InfluencerAdminForm(TenantModelForm):
    """Words, languages and countries as on the site."""

    niches = WordsField(label=_("niches"), required=False, help_text=_("Separated by commas."))
    tags = WordsField(label=_("tags"), required=False, help_text=_("Separated by commas."))
    languages = LanguagesField(label=_("languages"), required=False, help_text=_("Separated by commas."))
    country = forms.ChoiceField(label=_("country"), choices=country_choices, required=False)


HTTPS: "dict[type[models.Field[Any, Any]], dict[str, Any]]" = {models.URLField: {"assume_scheme": "https"}}


class AccountInline(TenantInline):
    model = Account
    formfield_overrides = HTTPS
    fields = ("platform", "handle", "external_id", "url", "typed_followers", "typed_followers_on", "is_primary")
    show_change_link = True


class PriceInline(TenantInline):
    model = Price
    fields = ("kind", "platform", "amount", "currency", "valid_from", "valid_to", "note")


class AudienceInline(TenantInline):
    model = AudienceShare
    fields = ("dimension", "key", "share", "source", "as_of")
    ordering = ("dimension", "-as_of", "-share")


class TagActionForm(ActionForm):
    """The word that the two actions on tags need."""

    tag = forms.CharField(label=_("Tag:"), max_length=60, required=False)


class BandInline(TenantInline):
    model = TierBand
    fields = ("platform", "name", "rank", "floor", "needs_check")


class ReadOnlyAdmin(TenantAdmin):
    """Rows that are computed or imported. They go with the creator or the account they belong to, never on their own."""

    may_add = may_change = False
    formfield_overrides = HTTPS

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        page = request.resolver_match.url_name if request.resolver_match else ""
        return page.startswith(("influencers_influencer_", "influencers_account_")) and self.has_view_permission(
            request
        )


@admin.register(Influencer)
class InfluencerAdmin(TenantAdmin):
    form = InfluencerAdminForm
    list_display = ("name", "accounts_shown", "status", "kind", "country", "city", "informed_on")
    list_filter = (
        "status",
        "kind",
        "role_type",
        "accounts__platform",
        "country",
        "lawful_basis",
        ("informed_on", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "accounts__handle", "email", "management_contact", "management_email")
    ordering = ("sort_name", "pk")
    date_hierarchy = "created_at"
    autocomplete_fields = ("members",)
    inlines = (AccountInline, PriceInline)
    action_form = TagActionForm
    actions = ("make_active", "make_paused", "make_prospect", "make_blocked", "add_tag", "take_tag")
    fieldsets = (
        (None, {"fields": ("name", "status", "kind", "role_type", "niches", "tags", "members")}),
        (_("Place and languages"), {"fields": ("country", "region", "city", "languages")}),
        (_("Contact"), {"fields": ("email", "phone", "management_contact", "management_email")}),
        (_("Data protection"), {"fields": ("source", "lawful_basis", "informed_on", "informed_how")}),
    )

    def get_queryset(self, request: Any) -> QuerySet[Influencer]:
        rows: QuerySet[Influencer] = super().get_queryset(request)
        return rows.prefetch_related("accounts")

    @admin.display(description=_("accounts"))
    def accounts_shown(self, influencer: Influencer) -> str:
        return ", ".join(
            f"@{account.handle} ({account.get_platform_display()})" for account in influencer.accounts.all()
        )

    @admin.action(description=_("Set status to active"))
    def make_active(self, request: Any, rows: QuerySet[Influencer]) -> None:
        self._set(request, rows, Influencer.Status.ACTIVE)

    @admin.action(description=_("Set status to paused"))
    def make_paused(self, request: Any, rows: QuerySet[Influencer]) -> None:
        self._set(request, rows, Influencer.Status.PAUSED)

    @admin.action(description=_("Set status to prospect"))
    def make_prospect(self, request: Any, rows: QuerySet[Influencer]) -> None:
        self._set(request, rows, Influencer.Status.PROSPECT)

    @admin.action(description=_("Set status to do not work with"))
    def make_blocked(self, request: Any, rows: QuerySet[Influencer]) -> None:
        self._set(request, rows, Influencer.Status.BLOCKED)

    @admin.action(description=_("Add the tag"))
    def add_tag(self, request: Any, rows: QuerySet[Influencer]) -> None:
        tag = self._tag(request)
        changed = tag_creators(agency=request.agency, creators=rows, tags=[tag], by=request.membership)
        sentence = ngettext("%(count)d creator has the tag now.", "%(count)d creators have the tag now.", changed)
        self.message_user(request, sentence % {"count": changed}, messages.SUCCESS)

    @admin.action(description=_("Take the tag away"))
    def take_tag(self, request: Any, rows: QuerySet[Influencer]) -> None:
        tag = self._tag(request)
        changed = untag_creators(agency=request.agency, creators=rows, tags=[tag], by=request.membership)
        sentence = ngettext("%(count)d creator lost the tag.", "%(count)d creators lost the tag.", changed)
        self.message_user(request, sentence % {"count": changed}, messages.SUCCESS)

    @staticmethod
    def _tag(request: Any) -> str:
        tag = " ".join(request.POST.get("tag", "").replace(",", " ").split())
        if not tag or len(tag) > 60:  # the column's length
            raise Refused(_("Type the tag beside the action, 60 characters at most."))
        return tag

    def save_model(self, request: Any, obj: Influencer, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Who made the record is kept with it."""
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def _set(self, request: Any, rows: QuerySet[Influencer], status: Influencer.Status) -> None:
        changed = set_status(influencers=rows, status=status, by=request.membership)
        sentence = ngettext("%(count)d creator is now %(status)s.", "%(count)d creators are now %(status)s.", changed)
        self.message_user(request, sentence % {"count": changed, "status": status.label}, messages.SUCCESS)


@admin.register(Account)
class AccountAdmin(TenantAdmin):
    formfield_overrides = HTTPS
    list_display = ("handle", "platform", "influencer", "followers_shown", "followers_on", "is_primary")
    list_filter = ("platform", "is_primary", ("followers", admin.EmptyFieldListFilter))
    list_select_related = ("influencer",)
    search_fields = ("handle", "external_id", "influencer__name")
    ordering = ("platform", "handle")
    autocomplete_fields = ("influencer",)
    fields = (
        *("influencer", "platform", "handle", "external_id", "url", "is_primary"),
        *("typed_followers", "typed_followers_step", "typed_followers_on", "followers_shown", "followers_on"),
    )
    readonly_fields = ("followers_shown", "followers_on")
    inlines = (AudienceInline,)

    @admin.display(description=_("followers"), ordering="followers")
    def followers_shown(self, account: Account) -> SafeString:
        return thousands(account.followers)


@admin.register(TierScheme)
class TierSchemeAdmin(TenantAdmin):
    """The bands. Which scheme counts is chosen in the settings of the site."""

    list_display = ("name", "is_default", "bands_shown", "source")
    search_fields = ("name",)
    fields = ("name", "source", "is_default")
    readonly_fields = ("is_default",)
    inlines = (BandInline,)

    def get_queryset(self, request: Any) -> QuerySet[TierScheme]:
        rows: QuerySet[TierScheme] = super().get_queryset(request)
        return rows.annotate(band_count=Count("bands"))

    @admin.display(description=_("tiers"), ordering="band_count")
    def bands_shown(self, scheme: TierScheme) -> int:
        return getattr(scheme, "band_count", 0)

    def has_delete_permission(self, request: Any, obj: TierScheme | None = None) -> bool:
        """The scheme in use stays."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_default)


@admin.register(BrandFitNote)
class BrandFitNoteAdmin(TenantAdmin):
    """Notes are read and deleted here, never rewritten: a note is what somebody thought on a day."""

    may_add = may_change = False
    list_display = ("influencer", "brand", "written_on", "author", "is_internal")
    list_filter = ("is_internal", "written_on")
    list_select_related = ("influencer", "brand", "author")
    search_fields = ("text", "influencer__name", "brand__name")
    date_hierarchy = "written_on"


@admin.register(FollowerCount)
class FollowerCountAdmin(ReadOnlyAdmin):
    list_display = ("account", "day", "followers_shown", "source")
    list_filter = ("source", "account__platform")
    list_select_related = ("account",)
    search_fields = ("account__handle",)
    date_hierarchy = "day"
    ordering = ("-day", "account")
    show_full_result_count = False

    @admin.display(description=_("followers"), ordering="followers")
    def followers_shown(self, count: FollowerCount) -> SafeString:
        return thousands(count.followers)


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = (
        "external_id",
        "account",
        "posted_at",
        "kind",
        "likes_shown",
        "comments_shown",
        "views_shown",
        "is_sponsored",
    )
    list_filter = ("kind", "is_sponsored", "sponsored_source", "is_excluded", "is_deleted", "account__platform")
    list_select_related = ("account",)
    search_fields = ("external_id", "caption", "account__handle")
    date_hierarchy = "posted_at"
    ordering = ("-posted_at", "-pk")
    show_full_result_count = False

    @admin.display(description=_("likes"), ordering="likes")
    def likes_shown(self, post: Post) -> SafeString:
        return thousands(post.likes)

    @admin.display(description=_("comments"), ordering="comments")
    def comments_shown(self, post: Post) -> SafeString:
        return thousands(post.comments)

    @admin.display(description=_("views"), ordering="views")
    def views_shown(self, post: Post) -> SafeString:
        return thousands(post.views)


@admin.register(EngagementFigures)
class EngagementFiguresAdmin(ReadOnlyAdmin):
    list_display = (
        "account",
        "as_of",
        "followers_shown",
        "rate_shown",
        "headline_reason",
        "growth_shown",
        "saturation_shown",
    )
    list_filter = ("headline_reason", "account__platform", "formula_version")
    list_select_related = ("account",)
    search_fields = ("account__handle",)
    date_hierarchy = "as_of"
    ordering = ("-as_of", "account")
    show_full_result_count = False

    @admin.display(description=_("followers"), ordering="followers")
    def followers_shown(self, figures: EngagementFigures) -> SafeString:
        return thousands(figures.followers)

    @admin.display(description=_("rate"), ordering="headline_rate")
    def rate_shown(self, figures: EngagementFigures) -> SafeString:
        return percent(figures.headline_rate, str(figures.get_headline_reason_display()))

    @admin.display(description=_("growth in 30 days"), ordering="growth_30d")
    def growth_shown(self, figures: EngagementFigures) -> SafeString:
        return signed_percent(figures.growth_30d)

    @admin.display(description=_("saturation"), ordering="saturation")
    def saturation_shown(self, figures: EngagementFigures) -> SafeString:
        return percent(figures.saturation)


@admin.register(MetricsRun)
class MetricsRunAdmin(ReadOnlyAdmin):
    list_display = ("day", "kind", "state", "accounts_shown", "requested_by", "started_at", "finished_at")
    list_filter = ("kind", "state")
    list_select_related = ("requested_by",)
    search_fields = ("requested_by__email",)
    date_hierarchy = "day"
    ordering = ("-pk",)

    @admin.display(description=_("accounts"), ordering="accounts")
    def accounts_shown(self, run: MetricsRun) -> SafeString:
        return thousands(run.accounts)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = (
        "file_name",
        "kind",
        "imported_at",
        "imported_by",
        "rows",
        "created",
        "updated",
        "unchanged",
        "skipped",
    )
    list_filter = ("kind",)
    list_select_related = ("imported_by",)
    search_fields = ("file_name",)
    date_hierarchy = "imported_at"
    ordering = ("-pk",)
