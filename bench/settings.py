"""The portal's settings with the bench's reference pages; limits that stop a person signing in often are widened."""

from hyte_portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.peers.urls"
ACCOUNT_RATE_LIMITS = {"login": "1000000/m/ip", "login_failed": "1000000/m/ip,1000000/5m/key"}
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "peers" / "templates"]  # noqa: F405
LOGGING["root"]["level"] = "WARNING"  # noqa: F405  # what is measured is printed, not each request of ours
# Readers of drills meet many a 403 and 404 by design; faults of 500 are still told.
LOGGING["loggers"]["django.request"] = {"level": "ERROR"}  # noqa: F405
