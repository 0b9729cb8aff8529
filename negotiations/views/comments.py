"""Comments of a talk: by their reach, newest last."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from negotiations.finding import find_negotiation
from negotiations.forms.comments import CommentForm
from negotiations.lifecycle import Act
from negotiations.models import Comment
from negotiations.views.saving import form_page, posted, written
from negotiations.views.talks import talk_frame
from organizations.http import ActorRequest


@form_page
def comments(request: ActorRequest, public_id: str) -> HttpResponse:
    """Show the comments that reach the reader; write one."""
    talk = find_negotiation(request, public_id)
    form = CommentForm(posted(request), talk=talk, actor=request.actor, initial=_about(request))
    answer: HttpResponse | int = 200
    if request.method == "POST":
        to = reverse("negotiations:comments", args=[public_id]) + f"#comment-{form.instance.public_id}"
        answer = written(request, talk, Act.COMMENT, form, form.write, to=to)
    if isinstance(answer, HttpResponse):
        return answer
    frame = talk_frame(request, talk, tab="comments")
    rows = Comment.objects.visible_to(request.actor).filter(negotiation=talk)
    context = {
        "comments": rows.select_related("organization", "person", "measure").order_by("pk"),
        "form": form,
        "may_comment": Act.COMMENT in frame["acts"] or answer != 200,
    }
    return render(request, "negotiations/comments.html", frame | context, status=answer)


def _about(request: ActorRequest) -> dict[str, str]:
    """Return the measure that a link from its page names."""
    return {"measure": request.GET["measure"]} if "measure" in request.GET else {}
