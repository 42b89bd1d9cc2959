"""Staff get nowhere without their second factor; demonstration accounts are helped only in a sample city."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.divisions.models import City
from yizhantong.web import second_factor as factor

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-and-odd"


@pytest.fixture
def city(db: None) -> City:
    return load_city()


def sign_in(client: Client, user: User) -> None:
    answer = client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302


def staff(**values: object) -> User:
    return User.objects.create_user("staff", password=PASSWORD, is_staff=True, **values)


def code_of(device: TOTPDevice, drift: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, drift)
    return f"{totp.token():06d}"


def test_staff_are_led_to_the_second_factor_from_everywhere(client: Client, city: City) -> None:
    sign_in(client, staff())
    for path in ("/", "/figures/", "/ledgers/investment.signing/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/second-factor/")


def test_the_first_sign_in_sets_the_device_up_and_the_right_code_opens_the_door(client: Client, city: City) -> None:
    user = staff()
    sign_in(client, user)
    page = client.get("/accounts/second-factor/?next=/help/")
    assert "data:image/svg+xml" in page.content.decode()
    device = TOTPDevice.objects.get(user=user)
    answer = client.post("/accounts/second-factor/", {"code": code_of(device), "next": "/help/"})
    assert answer["Location"] == "/help/"
    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize("code", ["000000", "12345", "abcdef", ""])
def test_a_wrong_code_opens_nothing(client: Client, city: City, code: str) -> None:
    user = staff()
    sign_in(client, user)
    client.get("/accounts/second-factor/")
    if code == code_of(TOTPDevice.objects.get(user=user)):
        pytest.skip("the one time in a million that the code is right")
    assert client.post("/accounts/second-factor/", {"code": code}).status_code == 200
    assert client.get("/help/").status_code == 302


def test_a_code_is_good_once(client: Client, city: City) -> None:
    user = staff()
    sign_in(client, user)
    client.get("/accounts/second-factor/")
    code = code_of(TOTPDevice.objects.get(user=user))
    client.post("/accounts/second-factor/", {"code": code})
    other = Client()
    sign_in(other, user)
    answer = other.post("/accounts/second-factor/", {"code": code})
    assert "只能用一次" in answer.content.decode()
    assert other.get("/help/").status_code == 302


def test_a_demonstration_account_comes_in_as_often_as_it_likes_within_half_a_minute(city: City) -> None:
    City.objects.update(demonstration_day=dt.date(2021, 8, 16))
    clock._demonstration_day.cache_clear()
    user = staff(demonstration=True)
    for _ in range(5):
        client = Client()
        sign_in(client, user)
        shown = re.search(r"<strong[^>]*>(\d{6})</strong>", client.get("/accounts/second-factor/").content.decode())
        assert shown is not None
        client.post("/accounts/second-factor/", {"code": shown.group(1)})
        assert client.get("/help/").status_code == 200


def test_two_first_visits_at_once_lead_to_one_device(city: City) -> None:
    user = staff()
    TOTPDevice.objects.bulk_create(TOTPDevice(user=user, name="default", confirmed=False) for _ in range(2))
    assert {factor.device_of(user).pk for _ in range(3)} == {TOTPDevice.objects.filter(user=user).earliest("pk").pk}


def test_the_key_is_not_shown_again_once_the_device_is_confirmed(client: Client, city: City) -> None:
    user = staff()
    TOTPDevice.objects.create(user=user, name="default", confirmed=True)
    sign_in(client, user)
    assert "data:image/svg+xml" not in client.get("/accounts/second-factor/").content.decode()


def test_the_code_is_shown_to_demonstration_accounts_of_a_sample_city_only(client: Client, city: City) -> None:
    sign_in(client, staff(demonstration=True))
    assert "演示账号当前的动态码" not in client.get("/accounts/second-factor/").content.decode()
    city.demonstration_day = dt.date(2021, 8, 16)
    city.save()
    assert "演示账号当前的动态码" in client.get("/accounts/second-factor/").content.decode()


def test_the_way_back_never_leads_to_another_host(client: Client, city: City) -> None:
    user = User.objects.create_user("reader", password=PASSWORD)
    sign_in(client, user)
    assert client.get("/accounts/second-factor/?next=https://elsewhere.example/")["Location"] == "/"
    assert client.post("/language/", {"language": "en", "next": "//elsewhere.example/"})["Location"] == "/"


def test_chinese_is_spoken_until_another_language_is_chosen(client: Client, city: City) -> None:
    page = client.get("/help/", headers={"accept-language": "en-US"}).content.decode()
    assert 'lang="zh-hans"' in page
    client.post("/language/", {"language": "en", "next": "/help/"})
    assert 'lang="en"' in client.get("/help/").content.decode()


def test_an_account_keeps_its_language_in_another_browser(client: Client, city: City) -> None:
    user = User.objects.create_user("reader", password=PASSWORD)
    sign_in(client, user)
    client.post("/language/", {"language": "en", "next": "/help/"})
    other = Client()
    sign_in(other, user)
    assert 'lang="en"' in other.get("/help/").content.decode()
