from django.apps import AppConfig


class NegotiationsConfig(AppConfig):
    """The talks."""

    name = "negotiations"
    verbose_name = "Negotiations"

    def ready(self) -> None:
        """Register the room's mails, those that can be turned off, and places of the menu."""
        from negotiations import muting, notifications, places  # noqa: F401
