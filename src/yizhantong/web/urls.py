"""Addresses of the shell."""

from django.urls import URLPattern, URLResolver, path

from yizhantong.web.views import accounts, checks

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/second-factor/", accounts.second_factor, name="second-factor"),
    path("accounts/logout/", accounts.SignOut.as_view(), name="logout"),
    path("accounts/me/", accounts.account, name="account"),
    path("accounts/password/", accounts.ChangePassword.as_view(), name="password"),
    path("language/", accounts.language, name="language"),
    path("check/", checks.check, name="check"),
    path("check/<slug:key>/", checks.checked, name="checked"),
    path("check/<slug:key>/claims/<int:index>/", checks.evidence, name="check-evidence"),
    path("check/<slug:key>/report.<str:form>", checks.report, name="check-report"),
    path("check/<slug:key>/discard/", checks.discard, name="check-discard"),
]
