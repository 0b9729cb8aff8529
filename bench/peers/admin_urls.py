"""The admin on our own models, set up with care: names joined, long choices left out, 50 rows a page."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from hyte_portal.urls import urlpatterns as portal
from negotiations.models import Measure, Negotiation

if TYPE_CHECKING:
    _Rows = admin.TabularInline[Measure, Negotiation]
    _TalkAdmin = admin.ModelAdmin[Negotiation]
    _MeasureAdmin = admin.ModelAdmin[Measure]
else:
    _Rows, _TalkAdmin, _MeasureAdmin = admin.TabularInline, admin.ModelAdmin, admin.ModelAdmin


class OpenSite(admin.AdminSite):
    """Whoever is signed in may see everything: rights cost the peer nothing."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let everyone in who is signed in."""
        return bool(request.user.is_authenticated)


class OpenRights:
    """No question of rights is asked."""

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Say yes."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Say yes."""
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class MeasureRows(OpenRights, _Rows):
    """The measures of a talk, as rows to edit."""

    model = Measure
    extra = 0
    fields = ("title_fi", "goal", "owner", "owner_post", "starts_on", "ends_on", "decision", "progress")
    raw_id_fields = ("goal", "owner", "owner_post")


class NegotiationAdmin(OpenRights, _TalkAdmin):
    """A talk with its measures; the list of talks."""

    inlines = (MeasureRows,)
    raw_id_fields = ("round", "convener", "secretary", "confirmed_by", "deleted_by")
    list_display = ("title_fi", "convener", "year", "state", "starts_at")
    list_select_related = ("convener",)
    list_filter = ("state", "year")
    list_per_page = 50
    show_full_result_count = False


class MeasureAdmin(OpenRights, _MeasureAdmin):
    """The list of measures."""

    list_display = ("title_fi", "owner", "owner_post", "theme", "starts_on", "ends_on", "progress")
    list_select_related = ("owner", "owner_post", "goal__theme")
    list_filter = ("progress", "decision")
    list_per_page = 50
    show_full_result_count = False

    @admin.display
    def theme(self, measure: Measure) -> str:
        """Return the goal's theme."""
        return measure.goal.theme.name


site = OpenSite()
site.register(Negotiation, NegotiationAdmin)
site.register(Measure, MeasureAdmin)
urlpatterns = [path("admin/", site.urls), *portal]
