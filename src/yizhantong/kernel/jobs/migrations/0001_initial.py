import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=200, verbose_name='任务')),
                ('given', models.JSONField(verbose_name='参数')),
                ('priority', models.SmallIntegerField(default=0, verbose_name='优先级')),
                ('slot', models.CharField(max_length=250, null=True, unique=True, verbose_name='时段')),
                ('state', models.CharField(choices=[('waiting', '等待'), ('running', '执行中'), ('done', '完成'), ('dead', '失败')], default='waiting', max_length=8, verbose_name='状态')),
                ('enqueued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('run_after', models.DateTimeField(default=django.utils.timezone.now, verbose_name='最早执行时间')),
                ('attempts', models.SmallIntegerField(default=0, verbose_name='已试次数')),
                ('lease', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('lease_until', models.DateTimeField(editable=False, null=True, verbose_name='租约到期')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('error', models.TextField(blank=True, default='', verbose_name='最近一次错误')),
                ('value', models.JSONField(null=True, verbose_name='返回值')),
            ],
            options={
                'verbose_name': '后台任务',
                'verbose_name_plural': '后台任务',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['-priority', 'run_after', 'id'], name='job_waiting'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='job_running'), models.Index(condition=models.Q(('state__in', ['done', 'dead'])), fields=['state', 'finished_at'], name='job_ended')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('lease_until__isnull', False), models.Q(('lease', ''), _negated=True)), _connector='OR'), name='job_running_has_a_lease')],
            },
        ),
    ]
