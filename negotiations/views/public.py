"""Pages that a link from a mail opens without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from negotiations import muting
from negotiations.notifications import read_mute_token
from organizations.http import ActorRequest


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: ActorRequest, token: str) -> HttpResponse:
    """Turn a kind of reminder off or on again for the person whose mail had the link; a look changes nothing."""
    read = read_mute_token(token)
    if read is None:
        raise Http404
    if request.method == "POST":
        muting.mute(*read, on="on" in request.POST)
        return redirect(request.path)
    return render(request, "negotiations/mute.html", {"kind": read[1], "muted": muting.is_muted(*read)})
