"""An organisation's people: duties, invitations, posts; for its administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hyte_portal.dates import today
from hyte_portal.models import StaleVersionError
from organizations import invitations, memberships
from organizations.access import organization_to_manage
from organizations.forms import InvitationForm, MembershipForm, PostForm
from organizations.http import ActorRequest
from organizations.models import Invitation, Membership, Organization, Post


@require_safe
def people(request: ActorRequest, slug: str) -> HttpResponse:
    """Show who does what for the organisation."""
    organization = organization_to_manage(request, slug)
    return _page(request, organization, InvitationForm(organization))


@require_POST
def invite(request: ActorRequest, slug: str) -> HttpResponse:
    """Invite a person to duties in the organisation."""
    organization = organization_to_manage(request, slug)
    form = InvitationForm(organization, request.POST)
    if not form.is_valid():
        return _page(request, organization, form, status=422)
    data = form.cleaned_data
    invitations.invite(data["email"], organization, data["duties"], language=data["language"], by=request.actor.person)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": data["email"]})
    return redirect("organizations:people", slug)


@require_POST
def resend_invitation(request: ActorRequest, slug: str, public_id: str) -> HttpResponse:
    """Send an invitation again, with a new link."""
    invitation = _invitation(request, slug, public_id)
    if invitations.resend(invitation):
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": invitation.email})
    else:
        messages.warning(request, _("The invitation was used or withdrawn meanwhile."))
    return redirect("organizations:people", slug)


@require_POST
def withdraw_invitation(request: ActorRequest, slug: str, public_id: str) -> HttpResponse:
    """Withdraw an invitation; its link stops working."""
    invitation = _invitation(request, slug, public_id)
    if invitations.withdraw(invitation):
        messages.success(request, _("The invitation was withdrawn."))
    else:
        messages.warning(request, _("The invitation was used or withdrawn meanwhile."))
    return redirect("organizations:people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request: ActorRequest, slug: str, public_id: str) -> HttpResponse:
    """Change or end a person's duties."""
    organization = organization_to_manage(request, slug)
    rows = Membership.objects.select_related("person", "organization")
    membership = get_object_or_404(rows, organization=organization, public_id=public_id)
    form = MembershipForm(membership, request.POST or None)
    if request.method != "POST":
        return _membership_page(request, form)
    if not form.is_valid() and not _ends(request, form):
        return _membership_page(request, form, status=422)
    try:
        _save_duties(request, form)
    except StaleVersionError:
        return _membership_page(request, form, status=409)
    messages.success(request, _("Saved. It holds from the person's next page on."))
    return redirect("organizations:people", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: ActorRequest, slug: str, public_id: str = "") -> HttpResponse:
    """Add a post, or change its title or holder."""
    organization = organization_to_manage(request, slug)
    post = get_object_or_404(Post, organization=organization, public_id=public_id) if public_id else Post()
    form = PostForm(organization, request.POST or None, instance=post)
    if request.method != "POST":
        return _post_page(request, organization, form)
    if not form.is_valid():
        return _post_page(request, organization, form, status=422)
    try:
        form.save_over()
    except StaleVersionError:
        return _post_page(request, organization, form, status=409)
    messages.success(request, _("The post was saved."))
    return redirect("organizations:people", slug)


def _invitation(request: ActorRequest, slug: str, public_id: str) -> Invitation:
    organization = organization_to_manage(request, slug)
    return get_object_or_404(Invitation, organization=organization, public_id=public_id)


def _page(request: ActorRequest, organization: Organization, form: InvitationForm, status: int = 200) -> HttpResponse:
    rows = organization.memberships.select_related("person").order_by("person__name", "person__email", "pk")
    unused = organization.invitations.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")
    refused = invitations.refusals(unused)
    context: dict[str, Any] = {
        "organization": organization,
        "memberships": [row for row in rows if row.until is None or row.until >= today()],
        "ended": [row for row in rows if row.until and row.until < today()],
        "posts": organization.posts.select_related("holder__person").order_by("title_fi", "title_sv"),
        "invitations": [(row, invitations.is_open(row), refused.get(row.public_id)) for row in unused],
        "form": form,
    }
    return render(request, "organizations/people.html", context, status=status)


def _ends(request: ActorRequest, form: MembershipForm) -> bool:
    """Say whether the press was "End now", for which nothing but the version must be right."""
    return "end" in request.POST and "version" in form.cleaned_data


def _save_duties(request: ActorRequest, form: MembershipForm) -> None:
    data = form.cleaned_data
    if "end" in request.POST:
        memberships.end(form.membership, expected=data["version"])
    else:
        memberships.change(form.membership, data["duties"], data["until"], expected=data["version"])


def _membership_page(request: ActorRequest, form: MembershipForm, status: int = 200) -> HttpResponse:
    stored = Membership.objects.select_related("person", "organization").get(pk=form.membership.pk)
    context = {"form": form, "membership": stored, "stale": status == 409}
    return render(request, "organizations/membership_form.html", context, status=status)


def _post_page(request: ActorRequest, organization: Organization, form: PostForm, status: int = 200) -> HttpResponse:
    stored = Post.objects.select_related("holder__person").filter(pk=form.instance.pk).first()
    context = {"form": form, "organization": organization, "post": stored, "stale": status == 409}
    return render(request, "organizations/post_form.html", context, status=status)
