"""Accounts of a new city: roles to start with (``roles``), the sample city's people (``samples``), commands (``commands``)."""

from yizhantong.project.accounts.commands import accounts
from yizhantong.project.accounts.roles import ROLES, SEPARATE, ensure_roles
from yizhantong.project.accounts.samples import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD, SampleAccount, sample_accounts

__all__ = [
    "ROLES",
    "SAMPLE_ACCOUNTS",
    "SAMPLE_PASSWORD",
    "SEPARATE",
    "SampleAccount",
    "accounts",
    "ensure_roles",
    "sample_accounts",
]
