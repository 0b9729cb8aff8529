"""The talks' places in the menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hyte_portal.menu import Place, add_place


def _is_member(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return bool(actor and actor.is_member)


def _everyone(_request: HttpRequest) -> bool:
    return True


add_place(Place(10, _("My desk"), "negotiations:desk", _is_member))
add_place(Place(20, _("Hyte negotiations"), "negotiations:list", _is_member))
add_place(Place(30, _("Measures"), "negotiations:measures", _is_member))
add_place(Place(40, _("Regions"), "negotiations:regions", _everyone))
