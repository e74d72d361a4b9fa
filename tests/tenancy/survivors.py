"""Rules that the sweep does not miss, and why: what tests them instead, or why nobody could."""

FORM = "offers a form or a link; the address that it leads to answers 403, which the sweep sees"
TWICE = "guarded a second time, in the template"
BRAND = "guarded a second time: the brand is visible, hence of the agency"
PARENT = "rows that hang on a row of the agency are of the agency"

SURVIVORS: dict[str, str] = {
    "agency/context_processors.py entries: is_manager → yes (0)": FORM,
    "agency/first_steps.py add_client: can_write → yes (0)": FORM,
    "agency/forms.py ClientForm.__init__: is_manager → yes (1)": "the service refuses (tests/agency/test_brand_services.py)",
    "agency/models/brands.py Category.with_descendants: agency filter dropped (0)": PARENT,
    "agency/views/clients.py client_detail: can_write → yes (1)": TWICE,
    "campaigns/claims/line_up.py line_up_row: can_see_fees → yes (0)": TWICE,
    "campaigns/claims/pages.py collaboration_page: can_see_fees → yes (1)": TWICE,
    "campaigns/claims/pages.py collaboration_page: can_see_fees → yes (2)": TWICE,
    "campaigns/claims/possible.py ancestors: agency filter dropped (0)": PARENT,
    "campaigns/models/campaigns.py CampaignQuerySet.visible_to: agency filter dropped (1)": BRAND,
    "campaigns/models/collaborations.py CollaborationQuerySet.visible_to: agency filter dropped (1)": BRAND,
    "campaigns/panels.py start_a_campaign: can_write → yes (1)": FORM,
    "campaigns/selectors/campaigns.py exclusivities_in_force: visible_to → all (0)": BRAND,
    "campaigns/selectors/creators.py absences_of: agency filter dropped (0)": PARENT,
    "campaigns/timeline/window.py _collaborations: agency filter dropped (0)": BRAND,
    "campaigns/timeline/window.py _creators: agency filter dropped (0)": "only narrows rows that are of the agency anyway",
    "campaigns/views/campaigns.py campaign_detail: can_see_fees → yes (1)": TWICE,
    "influencers/panels.py import_a_roster: can_write → yes (0)": FORM,
    "influencers/views/profile.py overview: can_write → yes (0)": FORM,
}
