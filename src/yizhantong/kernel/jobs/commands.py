"""``yzt work`` and ``yzt jobs``: the worker, and how the work stands. Exit codes: 0 well, 1 dead jobs, 2 misuse."""

from __future__ import annotations

import json
import signal
import sys

import click

DEAD = 1


@click.command("work")
@click.option("--once", is_flag=True, help="做完当前到期的任务后退出")
@click.option("--beside", type=int, help="父进程的编号;它不在了就做完手头的任务后退出")
def work(once: bool, beside: int | None) -> None:
    """执行后台任务,直到收到停止信号(SIGTERM 或 Ctrl+C:做完手头的任务再退出)。"""
    from yizhantong.kernel.jobs.worker import Worker

    worker = Worker(parent=beside)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    if once:
        click.echo(f"已执行 {worker.drain()} 项任务")
    else:
        worker.run()


@click.command("jobs")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--retry", "retried", multiple=True, help="重新执行失败的任务:编号,或 all")
@click.option("--drop", "dropped", multiple=True, help="删除失败的任务:编号,或 all")
def jobs(as_json: bool, retried: tuple[str, ...], dropped: tuple[str, ...]) -> None:
    """查看后台任务:等待、执行中、失败;有失败的任务时退出码为 1。"""
    from yizhantong.kernel.jobs import leases, queries

    for asked, change in ((retried, leases.retry_dead), (dropped, leases.drop_dead)):
        if asked:
            click.echo(f"{change(_numbers(asked))} 项", err=True)
    found = queries.standing()
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(f"等待 {found.waiting}(到期 {found.due},最久 {found.oldest_seconds:.0f} 秒)  执行中 {found.running}"
                   f"(租约到期 {found.lapsed})  完成 {found.done}  失败 {found.dead}")  # fmt: skip
        for row in found.by_task:
            click.echo(f"  {row['state']:<8} {row['number']:>6}  {row['task']}")
        for job in found.dead_jobs:
            last = job.error.strip().rsplit("\n", 1)[-1]
            click.echo(f"失败 #{job.pk} {job.task} 试了 {job.attempts} 次:{last}")
    if found.dead:
        sys.exit(DEAD)


def _numbers(asked: tuple[str, ...]) -> list[int] | None:
    if "all" in asked:
        return None
    wrong = [text for text in asked if not text.isdigit()]
    if wrong:
        raise click.UsageError(f"“{wrong[0]}”不是任务编号,请写编号或 all")
    return [int(text) for text in asked]
