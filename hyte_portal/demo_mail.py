"""The demo's mailbox: mails that Django's file backend wrote, read for a page in the browser."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from django.conf import settings

from hyte_portal.dates import HELSINKI

_SEPARATOR: Final = "-" * 79
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail as it left."""

    name: str
    to: str
    subject: str
    text: str
    html: str
    sent: datetime


def newest(to: str = "") -> list[DemoMail]:
    """Return the newest mails, perhaps only those to addresses that contain the text."""
    files = sorted(settings.MAIL_ROOT.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    mails = [mail for path in files[:_MOST] for mail in _read(path)]
    return [mail for mail in mails if to.lower() in mail.to.lower()][:_MOST]


def find(name: str) -> DemoMail | None:
    """Return the mail with the name that `newest` gave."""
    return next((mail for mail in newest() if mail.name == name), None)


def _read(path: Path) -> list[DemoMail]:
    parts = path.read_text(encoding="utf-8").split(_SEPARATOR + "\n")
    sent = datetime.fromtimestamp(path.stat().st_mtime, HELSINKI)
    found = [_parsed(f"{path.stem}-{place}", part, sent) for place, part in enumerate(parts) if part.strip()]
    return found[::-1]


def _parsed(name: str, source: str, sent: datetime) -> DemoMail:
    message = email.message_from_string(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
    return DemoMail(
        name, str(message["To"]), str(message["Subject"]), _body(message, "plain"), _body(message, "html"), sent
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
