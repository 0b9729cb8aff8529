"""A person's own page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organizations.forms import ProfileForm
from organizations.http import ActorRequest
from organizations.models import Membership, User


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    """Show and change how one is called and written to, and list one's duties."""
    assert isinstance(request.user, User)  # noqa: S101 - behind the login wall
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organizations:profile")
    rows = Membership.objects.current().filter(person=person).select_related("organization")
    context = {"form": form, "memberships": rows.order_by("organization__sort_key_fi", "pk")}
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/profile.html", context, status=status)
