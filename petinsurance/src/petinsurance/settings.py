"""Django's settings: everything that differs between machines comes from the environment, and the rest is secure.

DATABASE_URL                  PostgreSQL, as the application's role (DML only)
PETINSURANCE_SECRET_KEY       signs sessions and forms; at least 50 characters
PETINSURANCE_LEDGER_DIR       where the disclosure ledger is written
PETINSURANCE_LEDGER_KEY       64 hex digits that key the ledger's chain; without it the chain is plain SHA-256
PETINSURANCE_ALLOWED_HOSTS    host names, comma-separated; default: this machine only
PETINSURANCE_PLAIN_HTTP       1 on loopback without TLS: cookies also travel over plain HTTP, no redirect to HTTPS

Without a database, a secret key or a ledger directory nothing is served: Django and the ledger refuse to start.
"""

import os
from pathlib import Path

from petinsurance.database_url import database_settings

PACKAGE = Path(__file__).resolve().parent
DEBUG = False
SECRET_KEY = os.environ.get("PETINSURANCE_SECRET_KEY", "")
ALLOWED_HOSTS = [
    name.strip() for name in os.environ.get("PETINSURANCE_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",") if name
]
ROOT_URLCONF = "petinsurance.urls"
WSGI_APPLICATION = "petinsurance.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "disclosure_ledger.django",
    "petinsurance.accounts",
    "petinsurance.lockout",
    "petinsurance.policyholders",
    "petinsurance.quotes",
    "petinsurance.partners",
    "petinsurance.policies",
    "petinsurance.claims",
    "petinsurance.liability",
    "petinsurance.banking",
    "petinsurance.pages",
]
MIDDLEWARE = [
    "petinsurance.pages.middleware.security_headers",  # before the ledger: even its refusals carry the headers
    "disclosure_ledger.django.DisclosureMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "petinsurance.pages.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

_database_url = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": database_settings(_database_url)} if _database_url else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["petinsurance.accounts.hashers.OwaspArgon2PasswordHasher"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True  # half an hour after the last request, not after the login

DISCLOSURE_LEDGER = {
    "DIRECTORY": os.environ.get("PETINSURANCE_LEDGER_DIR", ""),
    "SYSTEM": "petinsurance",
    "KEY": os.environ.get("PETINSURANCE_LEDGER_KEY", ""),
    "ACTOR": "petinsurance.accounts.ledger_actor.actor",
}

_plain_http = os.environ.get("PETINSURANCE_PLAIN_HTTP") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not _plain_http
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not _plain_http
SECURE_HSTS_SECONDS = 0 if _plain_http else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not _plain_http
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "petinsurance.pages.errors.csrf_failure"

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
FORMAT_MODULE_PATH = ["petinsurance.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"value_free": {"()": "petinsurance.value_free_logging.ValueFreeFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "value_free"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # what visitors do wrong stands in the access log
    },
}
