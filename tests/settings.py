"""The portal's settings with what tests change: a quick hasher, plain static files, mails in memory."""

import os
import tempfile
from pathlib import Path

from hyte_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# `make test` names a folder that it removes; a pytest started by hand gets one of its own.
FILES_ROOT = Path(os.environ.get("FILES_ROOT") or Path(tempfile.gettempdir()) / f"hyte-test-files-{os.getuid()}")
STORAGES["default"]["OPTIONS"] = {"location": FILES_ROOT, "base_url": None}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEBUG = False
DEMO = False
