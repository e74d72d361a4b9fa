from django.apps import AppConfig


class InfluencersConfig(AppConfig):
    name = "influencers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded only now, and panels need them.
        from influencers.run_panels import register_run_panels  # noqa: PLC0415

        register_run_panels()
