"""The command line ``yzt``: exit code 0 for success, 1 for findings, 2 for misuse.

Commands live in the rooms that they belong to and are imported when they are called, so that rules and articles can be
checked without a database, and every start is quick.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

# command: (module, attribute, needs Django, one line of help)
COMMANDS: dict[str, tuple[str, str, bool, str]] = {
    "serve": ("yizhantong.project.serve", "serve", True, "准备数据库并启动网站"),
    "prepare": ("yizhantong.project.serve", "prepare", True, "建立或升级数据库,载入城市数据"),
    "sample": ("yizhantong.project.samples", "sample", True, "生成示例城市(演示数据)"),
    "figures": ("yizhantong.kernel.figures.command", "figures", True, "查询数据"),
    "check": ("yizhantong.kernel.articles.command", "check", False, "核对稿件"),
    "seal": ("yizhantong.kernel.ledger.commands", "seal", True, "封存台账"),
    "verify": ("yizhantong.kernel.ledger.commands", "verify", True, "验证台账未被改动"),
    "import": ("yizhantong.kernel.ledger.commands", "import_", True, "导入台账"),
    "export": ("yizhantong.kernel.ledger.commands", "export", True, "导出台账"),
    "template": ("yizhantong.kernel.ledger.commands", "template", True, "生成导入模板"),
    "rules": ("yizhantong.foundation.rules.command", "rules", False, "规则语言 FEEL:运行用例、求值"),
    "search": ("yizhantong.kernel.search.command", "search", True, "检索事项、政策、指南"),
    "items": ("yizhantong.kernel.items.commands", "items", True, "政务服务事项:列出、导出、检查、导入"),
    "work": ("yizhantong.kernel.jobs.commands", "work", True, "执行后台任务"),
    "jobs": ("yizhantong.kernel.jobs.commands", "jobs", True, "查看后台任务"),
    "cases": ("yizhantong.kernel.cases.commands", "cases", True, "办件:查看、重算时限、亮灯"),
    "calendar": ("yizhantong.kernel.divisions.command", "calendar", True, "工作日历:查看、导入放假安排"),
    "crossregion": (
        "yizhantong.zones.crossregion.commands",
        "crossregion",
        True,
        "跨区通办:密钥、通办城市、发件箱、演示邻市",
    ),
    "accounts": ("yizhantong.project.accounts", "accounts", True, "账号、角色与接口密钥"),
}


class Lazy(click.Group):
    """A group that imports a command only when it is called, and tells its one line of help without importing it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which one would need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, after setting up Django where it needs it."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, needs_django, _ = COMMANDS[cmd_name]
        if needs_django:
            setup_django()
        found: Any = getattr(importlib.import_module(module), attribute)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, _, text) in COMMANDS.items()])


def setup_django() -> None:
    """Set up Django once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yizhantong")
def cli() -> None:
    """一站通:城市一站式服务平台。A city's one-stop service platform."""


def main() -> None:
    """Run the command line; an unexpected error of the system is one clear line, not a trace."""
    try:
        cli(prog_name="yzt", standalone_mode=True)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
