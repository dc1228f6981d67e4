"""Every setting of the product, read from the environment (`.env` if present).

A wrong or missing value stops the start with one line that names the variable. Production is a
`SITE_URL` that begins with https://; anything else is the one-machine mode of `make run`.
"""

import atexit
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from helpdesk.environment import env, flag, line, number, read_file, secret_key, stop, url

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
if not TESTING:
    read_file(BASE_DIR / ".env")

# --- Where this copy lives ------------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
if TESTING:  # never the developer's own data
    DATA_DIR = Path(tempfile.mkdtemp(prefix="helpdesk-tests-"))
    atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
PORT = number("PORT", 8000, 1, 65535)
SITE_URL = url("SITE_URL", ("http", "https"), f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname
if not SITE_HOST or urlsplit(SITE_URL).path or "?" in SITE_URL or "#" in SITE_URL:
    stop("SITE_URL", f"«{SITE_URL}» must be a scheme and a host, without a path")
PRODUCTION = SITE_URL.startswith("https://")
DEBUG = flag("DEBUG", False)
DEMO = flag("DEMO", False)
RATE_LIMITS = flag("RATE_LIMITS", True)
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in ("queue", "queue-control"):  # the embedded broker makes none of its own
        (DATA_DIR / folder).mkdir(exist_ok=True)
except OSError as error:
    stop("DATA_DIR", f"cannot be created ({error.strerror}): {DATA_DIR}")

SECRET_KEY_FALLBACKS = [
    key.strip() for key in env.str("SECRET_KEY_FALLBACKS", default="").split(",") if key.strip()
]
try:
    SECRET_KEY = secret_key(DATA_DIR, production=PRODUCTION)
except OSError as error:
    stop("DATA_DIR", f"cannot be written ({error.strerror}): {DATA_DIR}")
if PRODUCTION:
    for required in ("ALLOWED_HOSTS", "EMAIL_URL", "SUPPORT_EMAIL"):
        if not env.str(required, default=""):
            stop(required, "must be set when SITE_URL begins with https://")
    for refused in ("DEBUG", "DEMO"):
        if flag(refused, False):
            stop(refused, "must be 0 when SITE_URL begins with https://")
    if not RATE_LIMITS:
        stop("RATE_LIMITS", "must be 1 when SITE_URL begins with https://")
ALLOWED_HOSTS = [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()]
if not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if PRODUCTION and "*" in ALLOWED_HOSTS:
    stop("ALLOWED_HOSTS", "must name the hosts, «*» lets anyone choose the name")
if PRODUCTION and not validate_host(SITE_HOST, ALLOWED_HOSTS):
    stop("ALLOWED_HOSTS", f"must include the host of SITE_URL, {SITE_HOST}")

# --- Who we are -----------------------------------------------------------------------------

SITE_NAME = line("SITE_NAME", "Soporte de Ejemplo")
SUPPORT_EMAIL = line("SUPPORT_EMAIL", "soporte@example.com")
if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", SUPPORT_EMAIL):
    stop("SUPPORT_EMAIL", f"«{SUPPORT_EMAIL}» is not a mail address")
COMPANY_NAME = line("COMPANY_NAME", "Ejemplo, S. L.")
COMPANY_TAX_ID = line("COMPANY_TAX_ID", "B00000000")
COMPANY_ADDRESS = line("COMPANY_ADDRESS", "Calle de Ejemplo, 1, 28001 Madrid")
REFERENCE_PREFIX = line("REFERENCE_PREFIX", "MS").upper()
if not (REFERENCE_PREFIX.isascii() and REFERENCE_PREFIX.isalnum() and len(REFERENCE_PREFIX) <= 4):
    stop("REFERENCE_PREFIX", "one to four letters or digits")

# --- Apps -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "helpdesk.apps.HelpdeskConfig",
    "contact.apps.ContactConfig",
    "tickets.apps.TicketsConfig",
    "docs_kb.apps.DocsKbConfig",
    "crispy_forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "whitenoise.runserver_nostatic",
    "helpdesk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]
MIDDLEWARE = [
    "helpdesk.middleware.BodylessHeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "helpdesk.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "helpdesk.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "helpdesk.second_factor.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "helpdesk.middleware.ButtonAddressMiddleware",
]
ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.views.site",
                "contact.context_processors.help_block",
                "tickets.context_processors.signed_in",
            ],
            "builtins": ["helpdesk.ui"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["resguardo"]
CRISPY_TEMPLATE_PACK = "resguardo"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Data -----------------------------------------------------------------------------------

DATABASE_URL = url(
    "DATABASE_URL", ("sqlite", "postgres", "postgresql"), f"sqlite:///{DATA_DIR / 'helpdesk.sqlite3'}"
)
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if not DATABASES["default"]["NAME"]:
    stop("DATABASE_URL", "must end in the name of the database")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Tests too use a file: the threads of a live server have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ATOMIC_REQUESTS = False

REDIS_URL = url("REDIS_URL", ("redis", "rediss", "unix"))
REDIS_TIMEOUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


def redis_urls(address: str) -> tuple[str, str]:
    """The queue's and the cache's address on one server: database N (0 if unnamed) and N + 1."""
    parts = urlsplit(address)
    is_socket = parts.scheme == "unix"
    text = parse_qs(parts.query).get("db", [""])[0] if is_socket else parts.path.strip("/")
    if text and not text.isdecimal():
        stop("REDIS_URL", "must end in the number of a database, or in nothing")
    database = int(text or 0)
    if is_socket:
        queue = f"redis+socket://{parts.path}?virtual_host={database}"
        return queue, f"unix://{parts.path}?db={database + 1}"
    return parts._replace(path=f"/{database}").geturl(), parts._replace(path=f"/{database + 1}").geturl()


if REDIS_URL:
    CELERY_BROKER_URL, cache_url = redis_urls(REDIS_URL)
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": cache_url,
            "OPTIONS": REDIS_TIMEOUTS,
        }
    }
elif TESTING:  # no row of the cache in the query counts, so that they are one figure with and without Redis
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_table",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }

# Whole pages, for a minute; each is kept under marks that any process' edit renews (docs_kb.page_cache).
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 200},
}

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a missing folder
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "helpdesk.bundles.BundleFinder",
]
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Queue: the outbox table is the truth, Celery only wakes the sender ------------------------

if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_TIMEOUTS | {
        "retry_on_timeout": False,
        "max_retries": 0,
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT = "helpdesk.queue_folder:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "queue-control"),
        "polling_interval": 0.05,
    }
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Mail -----------------------------------------------------------------------------------

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    try:
        vars().update(env.email_url_config(EMAIL_URL))
    except (KeyError, ValueError, ImproperlyConfigured):
        stop("EMAIL_URL", "must look like smtp+tls://user:password@host:587 (or smtp, smtp+ssl)")
    if EMAIL_URL.startswith("smtp") and not urlsplit(EMAIL_URL).hostname:
        stop("EMAIL_URL", "must name the mail server, as in smtp+tls://user:password@host:587")
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mails"
EMAIL_TIMEOUT = 10
IMAP_URL = url("IMAP_URL", ("imap", "imaps"))
DEFAULT_FROM_EMAIL = f"{SITE_NAME} <{SUPPORT_EMAIL}>"
SERVER_EMAIL = SUPPORT_EMAIL
DELIVERY_BACKENDS = {"email": "tickets.smtp.EmailBackend"}

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "es"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Madrid")
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError):
    stop("TIME_ZONE", f"«{TIME_ZONE}» is not a time zone")
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["helpdesk.formats"]

# --- Limits ---------------------------------------------------------------------------------

MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_TOTAL_BYTES = 25 * 1024 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "tickets.lost_uploads.LostUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Security -------------------------------------------------------------------------------

SESSION_ENGINE = "helpdesk.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "helpdesk.views.csrf_failure"
# Not «same-origin»: what a page with a signed link asks for would write that link into the proxy's log.
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY = flag("TRUST_PROXY", False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^salud/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
else:
    # Two copies on one machine share the host, and cookies know no port.
    SESSION_COOKIE_NAME = f"session_{PORT}"
    CSRF_COOKIE_NAME = f"csrf_{PORT}"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
THEME_COOKIE = "theme"

# --- Signing in -----------------------------------------------------------------------------

# The team with name and password, customers with a mailed code: neither gets in by the other's door.
AUTHENTICATION_BACKENDS = ["helpdesk.staff_sign_in.StaffBackend", "tickets.sign_in.CustomerBackend"]
REMEMBERED_SECONDS = 30 * 24 * 60 * 60
ACCOUNT_ADAPTER = "helpdesk.staff_sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = SESSION_COOKIE_AGE
# Codes of a second factor; who asks for codes or tries passwords is counted by docs_kb.throttle.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/900s/key"} if RATE_LIMITS else False
STAFF_SECOND_FACTOR = PRODUCTION
MFA_ADAPTER = "helpdesk.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# --- Logs -----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "helpdesk.log_lines.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Refusals are answers, not faults; and the addresses they would print may hold a link's secret.
        "django.request": {"level": "ERROR"},
        # Scanners that ask for other hosts or send too much would fill the log with tracebacks.
        **{
            f"django.security.{refusal}": {"level": "CRITICAL"}
            for refusal in ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")
        },
        "celery.beat": {"level": "ERROR"},
    },
}

if TESTING:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
