import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('channel', models.CharField(choices=[('inbox', '站内消息'), ('mail', '邮件'), ('sms', '短信')], max_length=5, primary_key=True, serialize=False, verbose_name='渠道')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='起始时间')),
                ('attempts', models.SmallIntegerField(default=0, verbose_name='已试次数')),
                ('next_at', models.DateTimeField(verbose_name='下次尝试时间')),
                ('error', models.CharField(max_length=300, verbose_name='错误')),
            ],
            options={
                'verbose_name': '渠道中断',
                'verbose_name_plural': '渠道中断',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='种类')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('body', models.TextField(blank=True, verbose_name='内容')),
                ('link', models.CharField(blank=True, max_length=300, verbose_name='链接')),
                ('subject', models.CharField(blank=True, max_length=64, verbose_name='事由编号')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
                'indexes': [models.Index(fields=['account', '-id'], name='notice_of_account'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['account', '-id'], name='notice_unread')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('inbox', '站内消息'), ('mail', '邮件'), ('sms', '短信')], max_length=5, verbose_name='渠道')),
                ('mode', models.CharField(choices=[('at_once', '即时'), ('daily', '每日汇总'), ('weekly', '每周汇总'), ('off', '不接收')], max_length=7, verbose_name='方式')),
                ('state', models.CharField(choices=[('waiting', '等待'), ('sent', '已发出'), ('failed', '被拒收'), ('given_up', '已放弃')], default='waiting', max_length=8, verbose_name='状态')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('attempts', models.SmallIntegerField(default=0, verbose_name='已试次数')),
                ('next_at', models.DateTimeField(verbose_name='下次发送时间')),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='最近一次错误')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='发出时间')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice', verbose_name='消息')),
            ],
            options={
                'verbose_name': '消息投递',
                'verbose_name_plural': '消息投递',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['channel', 'next_at', 'id'], name='delivery_waiting')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once'), models.CheckConstraint(condition=models.Q(('channel__in', ['mail', 'sms'])), name='delivery_by_mail_or_sms'), models.CheckConstraint(condition=models.Q(('mode', 'off'), _negated=True), name='delivery_is_wanted')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='种类')),
                ('channel', models.CharField(choices=[('inbox', '站内消息'), ('mail', '邮件'), ('sms', '短信')], max_length=5, verbose_name='渠道')),
                ('mode', models.CharField(choices=[('at_once', '即时'), ('daily', '每日汇总'), ('weekly', '每周汇总'), ('off', '不接收')], max_length=7, verbose_name='方式')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
            ],
            options={
                'verbose_name': '消息设置',
                'verbose_name_plural': '消息设置',
                'constraints': [models.UniqueConstraint(fields=('account', 'kind', 'channel'), name='preference_once')],
            },
        ),
    ]
