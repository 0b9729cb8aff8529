"""All settings of the portal, read from the environment; docs/operations.md lists the variables.

Development, the demo and production differ by variables only. In production (HYTE_ENV=production) a missing
secret, address or server stops the start with its name.
"""

from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HYTE_ENV: str = env.str("HYTE_ENV", default="development")
PRODUCTION = HYTE_ENV == "production"
DEMO: bool = env.bool("DEMO", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)


def _needed(name: str, fallback: str) -> str:
    """Read a variable that production can't do without."""
    value: str = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is missing. Set it in the environment (docs/operations.md).")
    return fallback


if PRODUCTION and (DEMO or DEBUG):
    raise ImproperlyConfigured("DEMO and DEBUG can't be on when HYTE_ENV=production.")

SECRET_KEY = _needed("SECRET_KEY", "development-only-" + "x" * 40)
SITE_URL = _needed("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not env.list("ALLOWED_HOSTS", default=[]):
    raise ImproperlyConfigured("ALLOWED_HOSTS is missing. Set it in the environment (docs/operations.md).")
SITE_IS_SECURE = urlsplit(SITE_URL).scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# -- Apps ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "hyte_portal",
    "organizations",
    "negotiations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "hyte_portal.middleware.PlainTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hyte_portal.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.middleware.ActorMiddleware",
    "hyte_portal.middleware.KeptPostMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hyte_portal.middleware.HistoryContextMiddleware",
    "hyte_portal.middleware.PrivateAnswerMiddleware",
]
ROOT_URLCONF = "hyte_portal.urls"
WSGI_APPLICATION = "hyte_portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hyte_portal.context.portal",
            ],
            "builtins": ["hyte_portal.templatetags.portal", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FORMS_URLFIELD_ASSUME_HTTPS = True


def _drawn_with() -> str:
    """Name the templates and translations of this release: parts drawn with others are not shown."""
    files = [*(BASE_DIR / "templates").rglob("*.html"), *(BASE_DIR / "locale").rglob("*.mo")]
    return str(int(max(file.stat().st_mtime for file in files)))


# -- Services --------------------------------------------------------------------------------------------------------
_DATABASE = env.db_url_config(_needed("DATABASE_URL", "postgres:///hyte"))
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_DATABASE.get("OPTIONS", {}),  # a private server's socket folder is named here
            "connect_timeout": 5,
            "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = _needed("REDIS_URL", "redis://localhost:6379/0")
_REDIS_TIMEOUTS = {"socket_timeout": 1, "socket_connect_timeout": 1}
CACHES: dict[str, Any] = {
    # allauth's limits live here: they must hold with Redis stopped.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "parts": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"parts:{_drawn_with()}",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {**_REDIS_TIMEOUTS, "IGNORE_EXCEPTIONS": True},
    },
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 3600

# Celery only sweeps: no arguments, no ETA. Rows in PostgreSQL are the truth (docs/decisions/0002).
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "Europe/Helsinki"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SOFT_TIME_LIMIT = 80
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
# A child of the PDF queue loads its engine before it reports for work, which takes long on a busy machine.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, **_REDIS_TIMEOUTS, "max_retries": 1}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ROUTES = {"negotiations.tasks.write_documents": {"queue": "pdf"}}

# -- Mail ------------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
if PRODUCTION and not env.str("EMAIL_URL", default=""):
    raise ImproperlyConfigured("EMAIL_URL is missing. Set it in the environment (docs/operations.md).")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _needed("DEFAULT_FROM_EMAIL", formataddr(("Hyte-portaali", "portaali@demo.example")))
MAIL_ROOT = Path(env.str("MAIL_ROOT", default=str(BASE_DIR / "var" / "mail")))
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = MAIL_ROOT
# Outside production only these addresses may be mailed by SMTP (comma-separated, "@example.org" for a domain).
MAIL_ALLOWLIST: list[str] = env.list("MAIL_ALLOWLIST", default=[])

# -- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "negotiations:desk"
ACCOUNT_ADAPTER = "organizations.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "organizations.accounts.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_SECURE else "http"
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# -- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
FORMAT_MODULE_PATH = "hyte_portal.formats"
# Words that name a wellbeing services county are never shortened to "region" (docs/decisions).

# -- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
# Attachments and memo bytes: outside any served folder, under random names, read through a permission check only.
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(BASE_DIR / "var" / "files")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_ROOT = BASE_DIR / "organizations" / "data"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024

# -- Security --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_SECURE
if SITE_IS_SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
CSRF_FAILURE_VIEW = "hyte_portal.views.csrf_failure"

# -- Logs ------------------------------------------------------------------------------------------------------------
LOG_FORMAT: str = env.str("LOG_FORMAT", default="json" if PRODUCTION else "console")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "hyte_portal.logs.formatter", "style": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django_redis.cache": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

# -- Audit: triggers write each change of a tracked row, whoever makes it and how (design.md 6) -----------------------
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
