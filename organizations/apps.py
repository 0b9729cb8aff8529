from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Organisations, people, duties."""

    name = "organizations"
    verbose_name = "Organizations"
