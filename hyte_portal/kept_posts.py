"""Forms whose sender was signed out: kept in the session until she has signed in and sent them again."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, QueryDict

SESSION_KEY: Final = "kept_post"
MOST_BYTES: Final = 1_000_000
_NEVER_KEPT: Final = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A form as it was sent: where to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what a person typed, longest first, for showing it to her."""
        typed = {value for _name, value in self.fields if len(value) > 20 and " " in value}
        return tuple(sorted(typed, key=len, reverse=True))


def keep(request: HttpRequest) -> None:
    """Keep the form of this request in the session; files can't be kept."""
    data = request.POST
    if sum(len(v) for name in data for v in data.getlist(name)) <= MOST_BYTES:
        request.session[SESSION_KEY] = {"path": request.path, "data": _without_secrets(data).urlencode()}


def _without_secrets(data: QueryDict) -> QueryDict:
    copy = data.copy()
    for name in _NEVER_KEPT & set(copy):
        del copy[name]
    return copy


def kept(request: HttpRequest) -> KeptPost | None:
    """Return the form kept in this session."""
    stored = request.session.get(SESSION_KEY)
    if not stored:
        return None
    data = QueryDict(stored["data"])
    return KeptPost(stored["path"], tuple((name, value) for name in data for value in data.getlist(name)))


def forget_sent(request: HttpRequest) -> None:
    """Forget the kept form when the request was it, sent again."""
    if (request.session.get(SESSION_KEY) or {}).get("path") == request.path:
        forget(request)


def forget(request: HttpRequest) -> None:
    """Forget the kept form."""
    request.session.pop(SESSION_KEY, None)
