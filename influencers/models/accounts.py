"""Accounts on platforms, their follower counts by day, their posts."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency.history import tracked
from agency.models import TenantModel
from influencers.models.people import Influencer


class Platform(models.TextChoices):
    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    YOUTUBE = "youtube", "YouTube"
    FACEBOOK = "facebook", "Facebook"
    X = "x", "X"
    LINKEDIN = "linkedin", "LinkedIn"
    TWITCH = "twitch", "Twitch"
    PODCAST = "podcast", _("podcast")
    BLOG = "blog", _("blog")
    NEWSLETTER = "newsletter", _("newsletter")
    OTHER = "other", _("other")


@tracked(exclude=("followers", "followers_on"))
class Account(TenantModel):
    """One profile on one platform."""

    influencer = models.ForeignKey(Influencer, on_delete=models.CASCADE, related_name="accounts")
    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices)
    handle = models.CharField(_("handle"), max_length=200)
    external_id = models.CharField(_("id on the platform"), max_length=64, null=True, blank=True)  # noqa: DJ001 - unique where known
    url = models.URLField(_("address"), max_length=500, blank=True)
    typed_followers = models.BigIntegerField(_("followers as typed or imported"), null=True, blank=True)
    typed_followers_on = models.DateField(_("day of that count"), null=True, blank=True)
    typed_followers_step = models.BigIntegerField(
        default=1, help_text=_("Rounding step of the typed count; 1 is exact.")
    )
    is_primary = models.BooleanField(_("primary account"), default=False)
    # The count of the latest day, else the typed one. Kept by database triggers.
    followers = models.BigIntegerField(null=True, editable=False)
    followers_on = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("agency", "platform", Lower("handle"), name="account_handle_once_per_platform"),
            models.UniqueConstraint(
                fields=["agency", "platform", "external_id"],
                condition=models.Q(external_id__isnull=False),
                name="account_external_id_once_per_platform",
            ),
            models.UniqueConstraint(
                fields=["influencer"], condition=models.Q(is_primary=True), name="account_one_primary_per_influencer"
            ),
            models.CheckConstraint(condition=models.Q(typed_followers__gte=0), name="account_followers_not_negative"),
            models.CheckConstraint(condition=~models.Q(handle=""), name="account_has_handle"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="account_external_id_null_or_text"),
            models.CheckConstraint(condition=models.Q(typed_followers_step__gte=1), name="account_step_positive"),
        ]
        indexes = [models.Index(fields=["agency", "platform", "followers"], name="account_by_followers")]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def is_rounded(self) -> bool:
        """Whether the current count is a typed one that was rounded, such as 10.4M."""
        return self.typed_followers_step > 1 and self.followers == self.typed_followers


class FollowerCount(TenantModel):
    """Followers of an account on a calendar day of the agency."""

    class Source(models.TextChoices):
        TYPED = "typed", _("typed")
        IMPORT = "import", _("imported")
        POSTS = "posts", _("beside a post")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="counts", db_index=False)
    day = models.DateField(_("day"))
    followers = models.BigIntegerField(_("followers"))
    source = models.CharField(max_length=8, choices=Source.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="follower_count_once_per_day"),
            models.CheckConstraint(condition=models.Q(followers__gte=0), name="follower_count_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}: {self.followers}"


class Post(TenantModel):
    """One post with its latest known counts. An unknown count is null, never 0."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        VIDEO = "video", _("video")
        SHORT = "short", _("short video")
        STORY = "story", _("story")
        LIVE = "live", _("live")
        TEXT = "text", _("text")

    class Sponsored(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        UNKNOWN = "unknown", _("unknown")

    class SponsoredSource(models.TextChoices):
        PLATFORM = "platform", _("platform's flag")
        WORDS = "words", _("disclosure words")
        PERSON = "person", _("a person")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts", db_index=False)
    external_id = models.CharField(max_length=100)
    posted_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.POST)
    caption = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    likes = models.BigIntegerField(null=True, blank=True)
    comments = models.BigIntegerField(null=True, blank=True)
    shares = models.BigIntegerField(null=True, blank=True)
    saves = models.BigIntegerField(null=True, blank=True)
    views = models.BigIntegerField(null=True, blank=True)
    reach = models.BigIntegerField(null=True, blank=True)
    impressions = models.BigIntegerField(null=True, blank=True)
    replies = models.BigIntegerField(null=True, blank=True, help_text=_("Replies by the creator."))
    is_sponsored = models.CharField(max_length=7, choices=Sponsored.choices, default=Sponsored.UNKNOWN)
    sponsored_source = models.CharField(max_length=8, choices=SponsoredSource.choices, blank=True)
    is_excluded = models.BooleanField(default=False, help_text=_("Left out of the figures by a person."))
    excluded_reason = models.CharField(max_length=200, blank=True)
    is_deleted = models.BooleanField(default=False)
    counted_at = models.DateTimeField(help_text=_("When the counts were taken."))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="post_once_per_account"),
            models.CheckConstraint(condition=~models.Q(external_id=""), name="post_has_external_id"),
            models.CheckConstraint(
                condition=models.Q(likes__gte=0)
                & models.Q(comments__gte=0)
                & models.Q(shares__gte=0)
                & models.Q(saves__gte=0),
                name="post_interactions_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(views__gte=0)
                & models.Q(reach__gte=0)
                & models.Q(impressions__gte=0)
                & models.Q(replies__gte=0),
                name="post_audience_not_negative",
            ),
        ]
        indexes = [models.Index("account", models.F("posted_at").desc(), name="post_by_account_newest")]

    def __str__(self) -> str:
        return self.external_id
