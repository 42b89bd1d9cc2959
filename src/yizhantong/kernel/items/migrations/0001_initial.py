import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('divisions', '0002_calendar_day'),
        ('parties', '0002_enterpriseprofile'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueEntry',
            fields=[
                ('code', models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name='基本编码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('task_type', models.CharField(max_length=2, verbose_name='事项类型')),
                ('by_law', models.TextField(verbose_name='设定依据')),
                ('use_level', models.CharField(blank=True, max_length=20, verbose_name='行使层级')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='来源')),
            ],
            options={
                'verbose_name': '基本目录',
                'verbose_name_plural': '基本目录',
            },
        ),
        migrations.CreateModel(
            name='DataElement',
            fields=[
                ('code', models.SlugField(max_length=48, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='英文名称')),
                ('kind', models.CharField(choices=[('text', '文字'), ('long_text', '长文字'), ('integer', '整数'), ('decimal', '小数'), ('money', '金额(元)'), ('date', '日期'), ('boolean', '是否'), ('choice', '单选'), ('choices', '多选'), ('phone', '电话'), ('identity', '身份证号'), ('uscc', '统一社会信用代码'), ('division', '区划'), ('industry', '行业'), ('account', '银行账号')], max_length=10, verbose_name='类型')),
                ('unit', models.CharField(blank=True, max_length=8, verbose_name='单位')),
                ('choices', models.JSONField(blank=True, default=list, verbose_name='可选值')),
                ('max_length', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='最大长度')),
                ('minimum', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='最小值')),
                ('maximum', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='最大值')),
                ('register', models.CharField(blank=True, max_length=60, verbose_name='共享来源')),
                ('personal', models.BooleanField(default=False, verbose_name='个人信息')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='依据')),
            ],
            options={
                'verbose_name': '数据元',
                'verbose_name_plural': '数据元',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('code', models.CharField(max_length=48, primary_key=True, serialize=False, verbose_name='事项代码')),
                ('zone', models.SlugField(max_length=32, verbose_name='专区')),
                ('kind', models.CharField(choices=[('application', '依申请事项'), ('policy', '惠企政策'), ('appeal', '诉求')], max_length=12, verbose_name='种类')),
                ('task_code', models.CharField(blank=True, db_index=True, max_length=36, verbose_name='实施编码')),
                ('handling_code', models.CharField(blank=True, max_length=40, verbose_name='业务办理项编码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('suspended', models.CharField(blank=True, max_length=200, verbose_name='暂停原因')),
                ('demonstration', models.BooleanField(default=False, verbose_name='演示数据')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation', verbose_name='实施主体')),
                ('catalogue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='items.catalogueentry', verbose_name='基本目录')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '事项',
                'verbose_name_plural': '事项',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '待审定'), ('published', '已发布'), ('retired', '已停用')], default='draft', max_length=10, verbose_name='状态')),
                ('content', models.JSONField(default=dict, verbose_name='内容')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='内容摘要')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='提交时间')),
                ('published_at', models.DateTimeField(null=True, verbose_name='发布时间')),
                ('valid_from', models.DateField(null=True, verbose_name='启用日')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='退回意见')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='items.item', verbose_name='事项')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='编写人')),
            ],
            options={
                'verbose_name': '事项版本',
                'verbose_name_plural': '事项版本',
                'ordering': ['item', '-number'],
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='item_version_number'), models.CheckConstraint(condition=models.Q(('published_by__isnull', True), models.Q(('published_by', models.F('written_by')), _negated=True), _connector='OR'), name='item_version_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'retired']), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False), ('written_by__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='item_version_published_by_somebody')],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='current',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='items.itemversion', verbose_name='现行版本'),
        ),
    ]
