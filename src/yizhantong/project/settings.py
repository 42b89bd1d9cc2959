"""Settings of the platform: one file, everything that differs between installations comes from the environment.

``YZT_HOME`` (default ``var``) holds the embedded database, segments, uploads and the keys made at first start.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

HOME = Path(os.environ.get("YZT_HOME", "var")).resolve()


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).lower() in ("1", "true", "yes", "on")


def _secret(name: str) -> str:
    """Return a secret from the environment, or from a file of ``YZT_HOME`` that is made once, readable by its owner only."""
    if value := os.environ.get(name):
        return value
    path = HOME / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def _database(url: str) -> dict[str, object]:
    """Return Django's settings of ``sqlite:///path`` or ``postgresql://user:password@host:port/name?host=/socket``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)[1:] or ":memory:",
            "CONN_MAX_AGE": 60,  # a connection that closes last folds the write-ahead log back into the file
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"DATABASE_URL: 不支持 {parts.scheme or url},请用 sqlite:/// 或 postgresql://")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path)[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"prepare_threshold": _prepares(query)},
    }


def _prepares(query: dict[str, str]) -> int | None:
    """Return after how many runs hot statements are prepared; ``prepare=0`` in the address: never (PgBouncer below 1.21)."""
    return int(query.get("prepare", "3")) or None


DEBUG = _flag("YZT_DEBUG", False)
SECRET_KEY = _secret("YZT_SECRET_KEY")
ALLOWED_HOSTS = os.environ.get("YZT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("YZT_ORIGINS", "").split(",") if origin]

YZT_ADDRESS = os.environ.get("YZT_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
YZT_CITY = os.environ.get("YZT_CITY", "jinzhou")
YZT_SEGMENTS = Path(os.environ.get("YZT_SEGMENTS", HOME / "segments"))
YZT_SEALING_KEY = _secret("YZT_SEALING_KEY")
YZT_SEALING_PROVIDER = os.environ.get("YZT_SEALING_PROVIDER", "aes")
YZT_IMPORT_MAX_BYTES = 50 * 1024 * 1024
YZT_FILE_MAX_BYTES = 20 * 1024 * 1024
YZT_EXPORT_MAX_ROWS = 200_000
YZT_SECOND_FACTOR = _flag("YZT_SECOND_FACTOR", True)
YZT_SMTP_URL = os.environ.get("YZT_SMTP_URL", "")
YZT_MAIL_FROM = os.environ.get("YZT_MAIL_FROM", "no-reply@localhost")
YZT_SMS_URL = os.environ.get("YZT_SMS_URL", "")
YZT_SMS_KEY = os.environ.get("YZT_SMS_KEY", "")
YZT_OIDC_ISSUER = os.environ.get("YZT_OIDC_ISSUER", "").rstrip("/")
YZT_OIDC_NAME = os.environ.get("YZT_OIDC_NAME", "辽宁省统一身份认证")
YZT_OIDC_CLIENT_ID = os.environ.get("YZT_OIDC_CLIENT_ID", "")
YZT_OIDC_CLIENT_SECRET = os.environ.get("YZT_OIDC_CLIENT_SECRET", "")
YZT_OIDC_SCOPES = os.environ.get("YZT_OIDC_SCOPES", "openid profile phone identity")
YZT_OIDC_ACR = os.environ.get("YZT_OIDC_ACR", "").split()
YZT_OIDC_CLAIMS = {
    name: os.environ.get(f"YZT_OIDC_CLAIM_{name.upper()}", claim)
    for name, claim in (("name", "name"), ("identity", "identity_number"), ("phone", "phone_number"))
}
YZT_INTAKE_SYNCHRONOUS = os.environ.get("YZT_INTAKE_SYNCHRONOUS", "FULL").upper()
YZT_JOB_LEASE_SECONDS = float(os.environ.get("YZT_JOB_LEASE_SECONDS", "60"))

ZONES = [
    "butler", "policies", "talent", "finance", "onething", "crossregion",
    "livelihood", "investment", "innovation", "industry", "waters", "villages", "insurance", "training",
]  # fmt: skip

INSTALLED_APPS = [
    "yizhantong.kernel.divisions",
    "yizhantong.kernel.parties",
    "yizhantong.kernel.access",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "yizhantong.kernel.ledger",
    "yizhantong.kernel.figures",
    "yizhantong.kernel.articles",
    "yizhantong.kernel.jobs",
    "yizhantong.kernel.search",
    "yizhantong.kernel.files",
    "yizhantong.kernel.notices",
    "yizhantong.kernel.items",
    "yizhantong.kernel.cases",
    "yizhantong.kernel.appointments",
    "yizhantong.web",
    *[f"yizhantong.zones.{zone}" for zone in ZONES],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yizhantong.web.middleware.ChosenLanguage",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yizhantong.web.middleware.ContentSecurityPolicy",
    "yizhantong.web.second_factor.SecondFactor",
    "yizhantong.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yizhantong.project.urls"
WSGI_APPLICATION = "yizhantong.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yizhantong.web.context.shell",
                "yizhantong.web.bell.bell",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'yizhantong.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "yizhantong.web.views.pages.forbidden"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _flag("YZT_HTTPS", False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_TEMPLATE = "web/accounts/locked.html"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
OTP_TOTP_ISSUER = "一站通"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["yizhantong.project.formats"]

TASKS = {"default": {"BACKEND": "yizhantong.kernel.jobs.backend.LeasedBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = HOME / "files"

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YZT_LOG_LEVEL", "WARNING")},
}
