from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models may only be imported once all apps are there.
        from campaigns import fit_evidence, panels, protection, receivers, roster_filters  # noqa: PLC0415

        panels.register_panels()
        fit_evidence.register_evidence()
        roster_filters.register_roster_filters()
        receivers.connect()
        protection.connect()
