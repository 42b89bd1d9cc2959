"""What is recorded of accounts, roles and grants."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.models import Organisation, Person


class User(AbstractUser):
    """An account. Staff (``is_staff``) act for an agency and need a second factor; the public sees what is public."""

    display_name = models.CharField(_("姓名"), max_length=64, blank=True)
    agency = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("所属机构"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("实名自然人"))
    language = models.CharField(_("语言"), max_length=8, default="zh-hans")
    demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.display_name or self.username


class SignOn(models.Model):
    """By which name of which provider of identities (OpenID Connect) somebody signs in: a link from ``subject`` to an account."""

    issuer = models.CharField(_("身份提供方"), max_length=200)
    subject = models.CharField(_("身份标识"), max_length=255)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ons", verbose_name=_("账号"))
    linked_at = models.DateTimeField(_("关联时间"))
    used_at = models.DateTimeField(_("最近使用"))

    class Meta:
        verbose_name = _("统一身份关联")
        verbose_name_plural = _("统一身份关联")
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="sign_on_subject_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.issuer}"


class Role(models.Model):
    """A named set of permission codes, such as ``ledger.record``."""

    code = models.SlugField(_("代码"), primary_key=True)
    name = models.CharField(_("名称"), max_length=64)
    permissions = models.JSONField(_("权限"), default=list)

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A role given to an account over a scope, from a day to a day."""

    class Scope(models.TextChoices):
        CITY = "city", _("全市")
        DIVISION = "division", _("区划及所辖")
        AGENCY = "agency", _("本机构")
        OWN = "own", _("本人")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name=_("角色"))
    scope = models.CharField(_("范围"), max_length=8, choices=Scope.choices)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, verbose_name=_("区划"))
    zone = models.CharField(_("专区"), max_length=32, blank=True, help_text=_("空表示所有专区"))
    valid_from = models.DateField(_("起始日"), null=True, blank=True)
    valid_to = models.DateField(_("终止日"), null=True, blank=True)

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        constraints = [
            models.CheckConstraint(
                name="grant_division_scope_names_its_division",
                condition=~models.Q(scope="division") | models.Q(division__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Token(models.Model):
    """A key by which a program calls the API for an account; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("账号"))
    name = models.CharField(_("用途"), max_length=64)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_on = models.DateField(_("到期日"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口密钥")
        verbose_name_plural = _("接口密钥")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(cls, user: User, name: str, **values: Any) -> tuple[Token, str]:
        """Make a token; return it with the key, which is shown once and never again."""
        key = secrets.token_urlsafe(32)
        return cls.objects.create(user=user, name=name, digest=cls.digest_of(key), **values), key

    @staticmethod
    def digest_of(key: str) -> str:
        """Return the digest by which a key is found (SHA-256; the key itself has 256 random bits)."""
        return hashlib.sha256(key.encode()).hexdigest()
