"""The portal's settings with what tests change: a quick hasher, plain static files, mails in memory."""

import os
import tempfile
from pathlib import Path

from hyte_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# `make test` names a folder that it removes; a pytest started by hand gets one of its own.
FILES_ROOT = Path(os.environ.get("FILES_ROOT") or Path(tempfile.gettempdir()) / f"hyte-test-files-{os.getuid()}")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEBUG = False
DEMO = False
