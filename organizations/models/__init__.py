"""Rows of the organisations' room."""

from organizations.models.organization import Organization, OrganizationCode
from organizations.models.person import DUTY_WORDS, Duty, Invitation, Membership, Post, User
from organizations.models.vocabulary import AgeGroup, Theme

__all__ = [
    "DUTY_WORDS",
    "AgeGroup",
    "Duty",
    "Invitation",
    "Membership",
    "Organization",
    "OrganizationCode",
    "Post",
    "Theme",
    "User",
]
