import django.db.models.deletion
import yizhantong.kernel.search.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('divisions', '0002_calendar_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='类别')),
                ('key', models.CharField(max_length=100, verbose_name='编号')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('words', models.CharField(blank=True, max_length=500, verbose_name='别名')),
                ('summary', models.CharField(blank=True, max_length=300, verbose_name='摘要')),
                ('url', models.CharField(max_length=300, verbose_name='地址')),
                ('zone', models.CharField(blank=True, max_length=32, verbose_name='专区')),
                ('public', models.BooleanField(default=True, verbose_name='公开')),
                ('permission', models.CharField(blank=True, max_length=50, verbose_name='权限')),
                ('weight', models.FloatField(default=1.0, verbose_name='权重')),
                ('digest', models.CharField(editable=False, max_length=32)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '检索条目',
                'verbose_name_plural': '检索条目',
                'indexes': [models.Index(condition=models.Q(('public', False)), fields=['permission'], name='entry_hidden')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='entry_once'), models.CheckConstraint(condition=models.Q(('public', True), models.Q(('permission', ''), _negated=True), _connector='OR'), name='hidden_entry_names_its_permission')],
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', yizhantong.kernel.search.models.ByteOrdered(max_length=32)),
                ('field', models.PositiveSmallIntegerField(choices=[(1, '标题'), (2, '别名'), (3, '摘要'), (4, '正文')])),
                ('weight', models.FloatField()),
                ('public', models.BooleanField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='search.entry', verbose_name='条目')),
            ],
            options={
                'verbose_name': '检索词',
                'verbose_name_plural': '检索词',
                'indexes': [models.Index(fields=['token', 'public', 'entry', 'weight'], name='token_postings')],
            },
        ),
    ]
