"""One vocabulary for measures, parties and rounds (design.md 4); a starred value asks for a reason."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Decision(TextChoices):
    """What the talk decided on a measure."""

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    AMENDED = "amended", _("Agreed as amended")
    DEFERRED = "deferred", _("Deferred")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


IN_FORCE: Final = (Decision.AGREED, Decision.AMENDED)
DECISIONS_WITH_REASON: Final = (Decision.DEFERRED, Decision.REJECTED, Decision.WITHDRAWN)


class Progress(TextChoices):
    """How a measure goes, as reported."""

    NOT_STARTED = "not_started", _("Not started")
    ON_COURSE = "on_course", _("On course")
    DELAYED = "delayed", _("Delayed")
    INTERRUPTED = "interrupted", _("Interrupted")
    DONE = "done", _("Done")


PROGRESS_WITH_REASON: Final = (Progress.DELAYED, Progress.INTERRUPTED)


class Outcome(TextChoices):
    """What became of a measure, asked once."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    NOT_DONE = "not_done", _("Not done")
    GIVEN_UP = "given_up", _("Given up")


OUTCOMES_WITH_REASON: Final = (Outcome.PARTLY, Outcome.NOT_DONE, Outcome.GIVEN_UP)


class PartyRole(TextChoices):
    """What a partner does in a measure."""

    DRIVES = "drives", _("carries out")
    SUPPORTS = "supports", _("supports")
    INFORMED = "informed", _("is informed")


class Preparation(TextChoices):
    """How far a party's preparation is."""

    NOT_STARTED = "not_started", _("Not started")
    UNDER_WAY = "under_way", _("Under way")
    READY = "ready", _("Ready")
    RETURNED = "returned", _("Returned for completion")


class Basis(TextChoices):
    """The law that a round stands on; three talks that must not be mixed up (domain.md 1.3)."""

    SECTION_7 = "7", _("Act 612/2021, section 7: yearly negotiation")
    SECTION_6 = "6", _("Act 612/2021, section 6: Helsinki")
    SECTION_14 = "14", _("Act 611/2021, section 14: cooperation negotiation")


class RoundForm(TextChoices):
    """Who sits together."""

    JOINT = "joint", _("Joint: the whole area together")
    GROUPS = "groups", _("Groups of municipalities")
    THEME = "theme", _("By theme")
    AGE_GROUP = "age_group", _("By age group")
    BOARD = "board", _("Standing board")
    NGOS_APART = "ngos_apart", _("Associations apart")
    SINGLE = "single", _("One municipality at a time")


class RecordType(TextChoices):
    """A memo has plain numbers, minutes of an organ have § (domain.md 1.6)."""

    MEMO = "memo", _("Memo")
    MINUTES = "minutes", _("Minutes")


class Origin(TextChoices):
    """Where a goal comes from."""

    PLAN = "plan", _("Wellbeing plan")
    REPORT = "report", _("Finding of a wellbeing report")
    NEGOTIATION = "negotiation", _("Negotiation")
    NGO = "ngo", _("Association's proposal")


class Level(TextChoices):
    """Whose goal it is."""

    NATIONAL = "national", _("National")
    COUNTY = "county", _("County")
    MUNICIPAL = "municipal", _("Municipal")
    JOINT = "joint", _("Joint")


class Reach(TextChoices):
    """Who reads a comment."""

    OWN = "own", _("Own organisation only")
    TABLE = "table", _("Everyone at the table")


class Channel(TextChoices):
    """How a person attends."""

    ROOM = "room", _("in the room")
    REMOTE = "remote", _("remotely")


class Presence(TextChoices):
    """Whether a person attended."""

    ALL = "all", _("the whole time")
    PART = "part", _("part of the time")
    ABSENT = "absent", _("absent")


class Capacity(TextChoices):
    """In what capacity a person attends."""

    OFFICIAL = "official", _("Public official")
    ELECTED = "elected", _("Elected official")
    NGO = "ngo", _("Association's representative")
    EXPERT = "expert", _("Expert")


class Section(TextChoices):
    """The sections of a memo, in its order (domain.md 3.6)."""

    OPENING = "opening", _("Opening and constitution")
    PURPOSE = "purpose", _("Legal basis and purpose")
    PREVIOUS = "previous", _("Follow-up of the previous negotiation")
    SITUATION = "situation", _("Situation picture and wellbeing data")
    HEARING = "hearing", _("Contributions of municipalities and associations")
    GOALS = "goals", _("Common goals and priorities")
    MEASURES = "measures", _("Agreed measures")
    COOPERATION = "cooperation", _("Cooperation, division of work and flow of information")
    FOLLOW_UP = "follow_up", _("Follow-up, metrics and reporting")
    NEXT_STEPS = "next_steps", _("Next steps and the next negotiation")
    OTHER = "other", _("Other matters")
    CLOSING = "closing", _("Closing")


class DocumentReach(TextChoices):
    """Who may read a memo's bytes."""

    FULL = "full", _("Full record")
    PUBLIC = "public", _("Public copy")


class CellReach(TextChoices):
    """Which sums a cell belongs to."""

    CONFIRMED = "confirmed"
    PUBLISHED = "published"
