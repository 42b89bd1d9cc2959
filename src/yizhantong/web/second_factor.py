"""The second factor of staff (GB/T 22239-2019, 8.1.4.1): a time-based code (RFC 6238), set up at the first sign-in."""

from __future__ import annotations

import time
from base64 import b32encode
from collections.abc import Callable

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django_otp import login as otp_login
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.actions import AccessError
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent

OPEN_PATHS = ("/accounts/login/", "/accounts/logout/", "/accounts/second-factor/", "/language/", "/static/")
"""What staff may reach before the second factor: signing in and out, and the factor itself; not their account or password."""


def is_due(request: HttpRequest) -> bool:
    """Tell whether the account still owes its second factor."""
    user = request.user
    if not settings.YZT_SECOND_FACTOR or not isinstance(user, User) or not user.is_staff:
        return False
    return not user.is_verified()  # type: ignore[attr-defined]


def device_of(user: User) -> TOTPDevice:
    """Return the account's device, made at the first visit; of two first visits at once both get the same one."""
    own = TOTPDevice.objects.filter(user=user).order_by("-confirmed", "pk")
    device = own.first()
    if device is None:
        TOTPDevice.objects.create(user=user, name="default", confirmed=False)
        device = own.all()[0]
    return device


def confirm(request: HttpRequest, device: TOTPDevice, code: str) -> bool:
    """Check a code; on success the device is confirmed and the session verified. Wrong codes are throttled, and a code is good once."""
    if not device.verify_is_allowed()[0] or not device.verify_token(code):
        return False
    if not device.confirmed:
        device.confirmed = True
        device.save(update_fields=["confirmed"])
    otp_login(request, device)
    return True


def setup_picture(device: TOTPDevice) -> str:
    """Return the QR code that authenticator programs read, as a data address of an SVG picture."""
    return str(segno.make(device.config_url, error="m").svg_data_uri(scale=5, dark="#1c1a17"))


def setup_key(device: TOTPDevice) -> str:
    """Return the key in base 32, for typing."""
    return b32encode(device.bin_key).decode()


def used_just_now(device: TOTPDevice, code: str) -> bool:
    """Tell whether a code is right but was used already: it is good once, and its thirty seconds are not over yet."""
    totp = _totp_of(device)
    found = totp.verify(int(code), device.tolerance)
    return bool(found) and totp.t() <= device.last_t


def demonstration_code(user: User, device: TOTPDevice) -> str | None:
    """Return the code by which a demonstration account of a sample city comes in now; None for every real account.

    Many try the city with one account: where the current code was used already, it is the one after it, which is good too.
    """
    if not user.demonstration or clock.demonstration_day() is None:
        return None
    totp = _totp_of(device)
    totp.drift += max(0, device.last_t + 1 - totp.t())
    return f"{totp.token():0{device.digits}d}"


def _totp_of(device: TOTPDevice) -> TOTP:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return totp


class SecondFactor:
    """Lead staff who have not given their second factor to its page, wherever they go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect."""
        if not request.path.startswith(OPEN_PATHS) and is_due(request):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('web:second-factor')}?{query}")
        return self.get_response(request)


def forget_devices(by: User, account: User) -> None:
    """Let an account set up its second factor anew, after it was lost; for the system administrator, never for oneself."""
    policy.check(by, "accounts.system")
    if by.pk == account.pk:
        raise AccessError("oneself", "不能重置自己的第二因素,请由另一位系统管理员办理")
    TOTPDevice.objects.filter(user=account).delete()
    audit(by, AuditEvent.Event.ACCOUNT, f"user:{account.pk}", how="second factor reset", what=account.username)
