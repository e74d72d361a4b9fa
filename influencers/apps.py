from django.apps import AppConfig


class InfluencersConfig(AppConfig):
    name = "influencers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models may only be imported once all apps are there.
        from agency.signals import agency_created  # noqa: PLC0415
        from influencers import panels  # noqa: PLC0415
        from influencers.fit_panels import register_fit_panels  # noqa: PLC0415
        from influencers.run_panels import register_run_panels  # noqa: PLC0415
        from influencers.services.tiers import seed_on_creation  # noqa: PLC0415

        agency_created.connect(seed_on_creation, dispatch_uid="influencers.seed_tier_schemes")
        panels.register_panels()
        register_run_panels()
        register_fit_panels()
