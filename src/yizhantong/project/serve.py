"""Prepare the database and serve the platform."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.core.management import call_command

from yizhantong.project import samples, tables

STEPS_BACK = 5
"""How nice the worker is beside the web server: it gets a third of what a web process gets while all of them are busy."""


@click.command()
@click.option("--quiet", is_flag=True, help="不显示进度")
def prepare(quiet: bool) -> None:
    """建立或升级数据库,载入区划、行业和机构(可重复运行)。"""
    _prepare(quiet)


@click.command()
@click.option("--sample", is_flag=True, help="数据库为空时先生成示例城市(演示数据)")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="不在旁边执行后台任务(另用 yzt work 执行)")
def serve(sample: bool, host: str, port: int, workers: int, no_worker: bool) -> None:
    """准备数据库并在 http://HOST:PORT 启动网站。"""
    if _taken(host, port):
        click.echo(f"端口 {port} 已被占用,请用 --port 另选一个,或先停止占用它的程序", err=True)
        sys.exit(2)
    _prepare(quiet=False)
    if sample:
        samples.fill()
    call_command("collectstatic", interactive=False, verbosity=0)
    _greet(host, port, sample)
    if not no_worker:
        beside(os.getpid())
    _run(host, port, workers)


def _prepare(quiet: bool) -> None:
    from yizhantong.kernel.appointments.load import load_halls
    from yizhantong.kernel.articles.briefs import load_briefs
    from yizhantong.kernel.divisions.load import load_city
    from yizhantong.kernel.items.load import load_items
    from yizhantong.kernel.parties.load import load_agencies, load_industries
    from yizhantong.kernel.search import sources
    from yizhantong.project.zones import load_zones

    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    tables.bring_up()
    city = load_city()
    load_industries()
    load_agencies()
    load_briefs()
    load_items()
    load_zones()
    load_halls()
    sources.rebuild()
    if not quiet:
        click.echo(f"数据库已就绪:{city.name}")


def _greet(host: str, port: int, sample: bool) -> None:
    click.echo(f"\n  一站通  http://{host}:{port}/\n")
    if sample:
        from yizhantong.project.accounts import SAMPLE_ACCOUNTS, SAMPLE_PASSWORD

        click.echo("  示例账号(演示数据,密码均为 " + SAMPLE_PASSWORD + "):")
        for account in SAMPLE_ACCOUNTS:
            click.echo(f"    {account.username:<12} {account.role_name}({account.scope_name})")
        click.echo("\n  按 Ctrl+C 停止。\n")
    sys.stdout.flush()


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        return probe.connect_ex((host, port)) == 0


def command(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the web server; a worker that dies is replaced by another."""
    served = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    served += [
        "--workers",
        str(workers),
        "--blocking-threads",
        "2",
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
    ]
    return [*served, "yizhantong.project.wsgi:application"]


def beside(parent: int, **more: Any) -> subprocess.Popen[bytes]:
    """Start the keeper of a worker beside the web server ``parent``; where both want the processor, people go first."""
    keeper = [sys.executable, "-m", "yizhantong.project.keeper", str(parent)]
    return subprocess.Popen(keeper, preexec_fn=partial(os.nice, STEPS_BACK), **more)


def _run(host: str, port: int, workers: int) -> None:
    os.execv(sys.executable, command(host, port, workers))
