"""Who may call which address. Every address under `/<agency>/` stands in exactly one of the four sets."""

MEMBER = {
    "agency:dashboard",
    "agency:client_list",
    "agency:client_detail",
    "agency:brand_list",
    "agency:brand_detail",
    "influencers:influencer_list",
    "influencers:roster_filters",
    "influencers:roster_columns",
    "influencers:saved_view_create",
    "influencers:saved_view_update",
    "influencers:saved_view_delete",
    "influencers:influencer_detail",
    "influencers:influencer_collaborations",
    "influencers:influencer_fit",
    "influencers:influencer_audience",
    "influencers:influencer_history",
    "influencers:import_list",
    "influencers:import_detail",
    "influencers:run_list",
    "influencers:run_detail",
    "influencers:tier_scheme_list",
    "campaigns:campaign_list",
    "campaigns:campaign_detail",
    "campaigns:collaboration_detail",
    "campaigns:timeline",
    "campaigns:timeline_items",
    "campaigns:timeline_table",
    "campaigns:clash_list",
    "campaigns:campaign_brief",
    "campaigns:campaign_brief_pdf",
}

WRITER = {
    "agency:client_create",
    "agency:client_update",
    "agency:brand_create",
    "agency:brand_update",
    "influencers:influencer_create",
    "influencers:influencer_update",
    "influencers:audience_update",
    "influencers:audience_delete",
    "influencers:influencer_prices",
    "influencers:price_create",
    "influencers:price_update",
    "influencers:price_delete",
    "influencers:account_create",
    "influencers:follower_count_create",
    "influencers:fit_note_create",
    "influencers:fit_note_update",
    "influencers:fit_note_add",
    "influencers:brand_fit_update",
    "influencers:brand_fit_detail",
    "influencers:brand_ranking",
    "influencers:roster_import",
    "influencers:post_import",
    "campaigns:campaign_create",
    "campaigns:campaign_update",
    "campaigns:collaboration_create",
    "campaigns:collaboration_update",
    "campaigns:collaboration_move",
    "campaigns:collaboration_check",
    "campaigns:deliverable_create",
    "campaigns:deliverable_update",
    "campaigns:deliverable_delete",
    "campaigns:clause_create",
    "campaigns:clause_update",
    "campaigns:clause_delete",
    "campaigns:unavailability_create",
    "campaigns:unavailability_delete",
}

MANAGER = {
    "agency:member_list",
    "agency:member_update",
    "agency:invitation_create",
    "agency:invitation_cancel",
    "agency:agency_update",
    "influencers:run_create",
    "influencers:tier_scheme_choose",
    "campaigns:clash_accept",
}

# Managers, and marketers who are roster managers.
ROSTER_MANAGER: set[str] = set()

# What anonymous people get, GET and POST, where no login is asked for.
PUBLIC: dict[str, tuple[int, int]] = {
    "agency:healthz": (200, 405),
    "agency:favicon": (302, 405),
    "agency:invitation_accept": (200, 200),
    "account_login": (200, 200),
    "account_logout": (302, 302),
    "account_signup": (200, 200),
    "account_inactive": (200, 405),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 405),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 405),
    "account_confirm_email": (200, 404),
    "account_email_verification_sent": (200, 405),
    "account_confirm_login_code": (302, 302),
    "mfa_authenticate": (302, 302),
}

# What whoever holds the link is told by its page: who invites them, to which agency.
TOLD_TO_HOLDERS: dict[str, set[str]] = {
    "agency:invitation_accept": {"agency.Agency.name", "agency.User.name", "agency.Invitation.email"},
}

# Pages of the admin panel that answer anybody who is logged in, roster manager or not.
ADMIN_FOR_ALL = {"admin:login"}
