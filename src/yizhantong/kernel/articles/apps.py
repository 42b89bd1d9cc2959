"""The app of the articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Drafts, their checks, briefs."""

    name = "yizhantong.kernel.articles"
    label = "articles"
    verbose_name = _("稿件")
