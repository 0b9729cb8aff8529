from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The floor: outbox, versions, texts, files."""

    name = "hyte_portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Load the Celery application, so that tasks find their settings."""
        from hyte_portal import celery  # noqa: F401
