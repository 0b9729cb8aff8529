"""The kinds of proposals in words: headings, buttons, the question before deleting."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind is called on its pages."""

    new: "StrPromise"
    edit: "StrPromise"
    save: "StrPromise"
    delete: "StrPromise"


KIND_WORDS: Final[dict[str, KindWords]] = {
    "tavoitteet": KindWords(_("New goal"), _("Edit the goal"), _("Save the goal"), _("Delete the goal")),
    "toimenpiteet": KindWords(_("New measure"), _("Edit the measure"), _("Save the measure"), _("Delete the measure")),
    "yhteistyo": KindWords(
        _("New entry on cooperation"), _("Edit the entry on cooperation"), _("Save the entry"), _("Delete the entry")
    ),
    "seurantatavat": KindWords(
        _("New way of follow-up"),
        _("Edit the way of follow-up"),
        _("Save the way of follow-up"),
        _("Delete the way of follow-up"),
    ),
}
