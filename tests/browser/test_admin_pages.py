"""The admin panel in a real browser: its scripts work under the policy, and the console is silent."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agency.models import Agency, Brand
from tests.factories import BrandFactory, CategoryFactory, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("MESO_SCREENSHOTS")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_admin_pages_work_under_the_policy(agency: Agency, sit_down: Callable[..., Any], dark: bool) -> None:
    """A category is found by typing, a brand is saved with it, and nothing is refused by the policy."""
    drinks = CategoryFactory(agency=agency, name="Drinks")
    CategoryFactory(agency=agency, name="Coffee", parent=drinks)
    brand = BrandFactory(agency=agency, name="Northwind", client__name="Northwind Trading")
    rosa = MembershipFactory(agency=agency, role="manager", is_roster_manager=True, user__name="Rosa")
    desk = sit_down(rosa, dark=dark)
    for name, path in (
        ("index", "/admin/"),
        ("categories", "/admin/agency/category/"),
        ("clients", "/admin/agency/client/add/"),
        ("brand", f"/admin/agency/brand/{brand.pk}/change/"),
    ):
        page = desk.open(path)
        page.wait_for_load_state("networkidle")
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"admin-{name}{'-dark' if dark else ''}.png"), full_page=True)
    page.locator(".field-categories .select2-selection").click()
    page.locator(".field-categories .select2-search__field").fill("coff")
    page.locator(".select2-results__option", has_text="Coffee").click()
    page.locator("[name=_save]").first.click()
    page.wait_for_url("**/admin/agency/brand/")
    assert [str(category) for category in Brand.objects.get(pk=brand.pk).categories.all()] == ["Coffee"]
    page.get_by_role("link", name="Back to the site").click()
    page.wait_for_url("**/northern/")
    assert desk.problems == []
