"""Pages of the floor: the front door, probes, errors, forms that came back, and the standing texts."""

import logging
import secrets
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hyte_portal import demo_mail, kept_posts
from hyte_portal.http import GoneError, SeenByOtherError
from hyte_portal.submissions import earlier_result

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead `/` to the reader's language: profile, then cookie, then the browser's wish."""
    wanted = getattr(request.user, "language", None) or translation.get_language_from_request(request)
    with translation.override(wanted):
        return HttpResponseRedirect(reverse("negotiations:front"))


@login_not_required
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Say that the process lives; depends on nothing."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say that the database answers; Redis and mail may be away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Let search engines read published talks only."""
    return HttpResponse("User-agent: *\nDisallow: /fi/tili/\nDisallow: /sv/tili/\nDisallow: /en/tili/\n", "text/plain")


@login_not_required
@require_safe
def standing(request: HttpRequest, page: str) -> HttpResponse:
    """Show a standing text: about, accessibility or privacy."""
    return render(request, f"pages/{page}.html")


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show a form that was sent while signed out, to be sent again with one press."""
    found = kept_posts.kept(request)
    if found is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "pages/kept.html", {"kept": found})


@require_POST
def forget_kept(request: HttpRequest) -> HttpResponse:
    """Forget the kept form: it was sent again, or is not needed."""
    kept_posts.forget(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


@login_not_required
@require_safe
def demo_mails(request: HttpRequest) -> HttpResponse:
    """Show the mails that the demo has sent, newest first; there is no such page outside the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "pages/demo_mails.html", {"mails": demo_mail.newest(request.GET.get("to", ""))})


@login_not_required
@require_safe
def demo_mail_html(_request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail of the demo as its reader sees it, sandboxed."""
    found = demo_mail.find(name) if settings.DEMO else None
    if found is None:
        raise Http404
    response = HttpResponse(found.html or f"<pre>{found.text}</pre>")
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a page that was open too long, and give back what was typed."""
    message = _("The page had been open too long, so nothing was saved. Open it again and send your text.")
    context = {"exception": message, "texts": typed(request), "reason": reason}
    return render(request, "403.html", context, status=403)


def typed(request: HttpRequest) -> list[str]:
    """Return what a person wrote into a form that is refused: nothing typed is lost."""
    try:
        sent = [value for name in request.POST for value in request.POST.getlist(name)]
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # a body that can't even be read
        return []
    return [value for value in sent if len(value) > 20 and " " in value]


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the sentence of the refusal, and give back what was typed."""
    return render(request, "403.html", {"exception": str(exception), "texts": typed(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 with the sentence of the refusal where it is one of ours, and give back what was typed."""
    said = str(exception) if isinstance(exception, BadRequest) else ""
    context = {"exception": said, "texts": typed(request)}
    known = request if hasattr(request, "actor") else None  # refused before it was known who asks: a plain frame
    return HttpResponse(loader.render_to_string("400.html", context, known), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database can't be reached or is overloaded, else 500 with a reference for the log."""
    if isinstance(sys.exc_info()[1], OperationalError):
        answer = HttpResponse(loader.render_to_string("503.html"), status=503)
        answer["Retry-After"] = "30"
        return answer
    reference = secrets.token_hex(4)
    log.error("answer 500, reference %s, %s %s", reference, request.method, request.path)
    return HttpResponse(loader.render_to_string("500.html", {"reference": reference}), status=500)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, or 410 where the exception says that the thing was there; a second press gets the first's answer."""
    if earlier := earlier_result(request):
        return redirect(earlier)
    if isinstance(exception, GoneError):
        return render(request, "410.html", {"exception": str(exception), "texts": typed(request)}, status=410)
    offer = exception.actors if isinstance(exception, SeenByOtherError) else []
    return render(request, "404.html", {"exception": "", "offer": offer, "texts": typed(request)}, status=404)
