"""An organisation's own page, the search by name, and the choice of whom one acts for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organizations.access import may_manage
from organizations.http import ActorRequest
from organizations.middleware import SESSION_KEY
from organizations.models import Organization

SHORTEST_SEARCH = 2
MOST_FOUND = 20


@require_safe
def organization_detail(request: ActorRequest, slug: str) -> HttpResponse:
    """Show what an organisation is; its posts to those of its own house."""
    known = Organization.objects.select_related("county", "successor").prefetch_related("areas", "codes")
    organization = get_object_or_404(known, slug=slug)
    manages = may_manage(request.actor, organization)
    own = request.actor.organization == organization
    posts = organization.posts.select_related("holder__person").order_by("title_fi", "title_sv")
    context = {
        "organization": organization,
        "manages": manages,
        "posts": posts if own or manages else None,
        "predecessors": organization.predecessors.by_name(),
    }
    return render(request, "organizations/organization_detail.html", context)


@require_safe
def organization_search(request: ActorRequest) -> HttpResponse:
    """Find organisations of today by the beginning of their name, for pickers and for people."""
    if not request.actor.is_member:
        raise PermissionDenied
    text = request.GET.get("q", "").strip()
    enough = len(text) >= SHORTEST_SEARCH
    matching = Organization.objects.valid_on().starting_with(text).select_related("county").by_name()
    found = list(matching[:MOST_FOUND]) if enough else []
    if request.GET.get("muoto") == "json":
        return JsonResponse({"results": [{"slug": row.slug, "name": row.name} for row in found]})
    context = {"text": text, "enough": enough, "found": found, "most": MOST_FOUND}
    template = "organizations/organization_search.html"
    return render(request, f"{template}#results" if request.htmx else template, context)


@require_POST
def act_for(request: ActorRequest) -> HttpResponse:
    """Choose the organisation that one acts for, and go back."""
    wanted = request.POST.get("membership_organization", "")
    actors = [request.actor, *request.other_actors]
    if not any(actor.organization and actor.organization.slug == wanted for actor in actors):
        raise PermissionDenied(_("You have no duty in that organisation now."))
    request.session[SESSION_KEY] = wanted
    return redirect(_safe(request, request.POST.get("next", "")))


def _safe(request: HttpRequest, url: str) -> str:
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts=hosts, require_https=request.is_secure())
    return url if safe else "negotiations:desk"
