from django.apps import AppConfig
from django.contrib.admin import (
    apps as admin_apps,
)  # the module: its class, imported by name, would count as a config of this app


class AgencyConfig(AppConfig):
    name = "agency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models may only be imported once all apps are there.
        from agency import first_steps  # noqa: PLC0415

        first_steps.register()


class MesoAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site, which knows agencies."""

    default = False  # named in INSTALLED_APPS; AgencyConfig is this module's default
    default_site = "agency.admin_site.MesoAdminSite"
