"""What the writers of demo rows share: organisations, people, posts, the calendar, and what was written before."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from negotiations.demo.content import Catalogue, TalkText, Words
from negotiations.demo.moments import Moments
from negotiations.demo.names import public_id
from negotiations.models import Goal, Measure, Negotiation, Round
from negotiations.vocabulary import Outcome
from organizations.models import Membership, Organization, Post, User


class NoReferenceDataError(Exception):
    """The content names an organisation that the database does not have."""


@dataclass
class Cast:
    """Who takes part: found by slug and by the key of a login."""

    organizations: dict[str, Organization]
    people: dict[str, User]
    _posts: dict[tuple[str, Words], Post] = field(default_factory=dict)

    def organization(self, slug: str) -> Organization:
        """Return the organisation, or say which one is missing."""
        if slug not in self.organizations:
            raise NoReferenceDataError(slug)
        return self.organizations[slug]

    def person(self, duty: str, organization: Organization) -> User | None:
        """Return who has the duty in the organisation, if the demo has such a person."""
        return self.people.get(f"{duty}.{organization.slug}")

    def post(self, organization: Organization, title: Words) -> Post | None:
        """Return the post of that title, held by the organisation's editor if the demo has one."""
        if not title.fi:
            return None
        known = self._posts.get((organization.slug, title))
        if known is None:
            known = self._posts[organization.slug, title] = self._ensure_post(organization, title)
        return known

    def _ensure_post(self, organization: Organization, title: Words) -> Post:
        editor = self.person("editor", organization)
        coordinates = any(word in title.fi for word in ("koordinaattori", "Hyte-", "Nuoriso"))
        holder = Membership.objects.filter(person=editor, organization=organization).first() if coordinates else None
        post, _is_new = Post.objects.get_or_create(
            organization=organization,
            title_fi=title.fi,
            title_sv=title.sv if "sv" in organization.languages else "",
            defaults={"holder": holder, "public_id": public_id("post", organization.slug, title.fi, title.sv)},
        )
        return post

    @cached_property
    def municipalities(self) -> dict[int, list[Organization]]:
        """Return the municipalities of each county, by name."""
        found: dict[int, list[Organization]] = {}
        for row in sorted(self.organizations.values(), key=lambda one: one.sort_key_fi):
            if row.county_id and row.kind == Organization.Kind.MUNICIPALITY and not row.convenes:
                found.setdefault(row.county_id, []).append(row)
        return found


@dataclass
class Stage:
    """One county's rounds being written."""

    cast: Cast
    county: Organization
    languages: list[str]
    moments: Moments
    now: datetime
    catalogue: Catalogue
    goals: dict[str, Goal] = field(default_factory=dict)  # by "talk/number" of this round
    measures: dict[str, Measure] = field(default_factory=dict)
    earlier: "Stage | None" = None
    written: Round | None = None

    @property
    def current(self) -> Round:
        """Return the round that is being written; its talks come after it."""
        assert self.written is not None  # noqa: S101 - rounds.write_round sets it first
        return self.written


@dataclass(frozen=True)
class Scene:
    """One talk being written, with those at its table."""

    stage: Stage
    talk: Negotiation
    text: TalkText
    guests: tuple[Organization, ...]

    @property
    def municipalities(self) -> list[Organization]:
        """Return the municipalities at the table."""
        return [guest for guest in self.guests if guest.kind == Organization.Kind.MUNICIPALITY]

    def is_at_table(self, organization: Organization | None) -> bool:
        """Say whether the organisation is a party."""
        return organization is not None and organization in (self.stage.county, *self.guests)

    def earlier_goal(self, told: str, title: str) -> Goal | None:
        """Return last year's goal that this one continues: as told, else the one of the same wording."""
        earlier = self.stage.earlier
        if earlier is None:
            return None
        return earlier.goals.get(told) or earlier.goals.get(f"{self.text.continues}:{title}")

    def earlier_measure(self, told: str, title: str) -> Measure | None:
        """Return last year's measure that this one continues; what was done is not carried on by its wording alone."""
        earlier = self.stage.earlier
        if earlier is None:
            return None
        same = earlier.measures.get(f"{self.text.continues}:{title}")
        return earlier.measures.get(told) or (same if same and same.outcome != Outcome.DONE else None)
