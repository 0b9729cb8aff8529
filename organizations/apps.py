from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Organisations, people, duties."""

    name = "organizations"
    verbose_name = "Organizations"

    def ready(self) -> None:
        """Load what registers itself: the invitation's mail."""
        from organizations import invitations  # noqa: F401
