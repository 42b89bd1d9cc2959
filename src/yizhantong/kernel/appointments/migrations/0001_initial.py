import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('cases', '0003_waiting_for_parts'),
        ('divisions', '0002_calendar_day'),
        ('items', '0002_packages'),
        ('parties', '0003_mandate_scope'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hall',
            fields=[
                ('code', models.SlugField(max_length=32, primary_key=True, serialize=False, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('address', models.CharField(max_length=120, verbose_name='地址')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                ('grid', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(60)], verbose_name='最小时段(分钟)')),
                ('ahead', models.PositiveSmallIntegerField(default=14, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)], verbose_name='可提前预约天数')),
                ('notice', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(2880)], verbose_name='最晚提前(分钟)')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('demonstration', models.BooleanField(default=False, verbose_name='演示数据')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation', verbose_name='管理单位')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '大厅',
                'verbose_name_plural': '大厅',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('grid__in', [5, 10, 15, 20, 30, 60])), name='appointment_hall_grid')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('reason', models.CharField(max_length=100, verbose_name='原因')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closures', to='appointments.hall', verbose_name='大厅')),
            ],
            options={
                'verbose_name': '停办日',
                'verbose_name_plural': '停办日',
                'ordering': ['day'],
                'constraints': [models.UniqueConstraint(fields=('hall', 'day'), name='appointment_closure_once')],
            },
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)], verbose_name='星期')),
                ('start', models.TimeField(verbose_name='开始')),
                ('end', models.TimeField(verbose_name='结束')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='appointments.hall', verbose_name='大厅')),
            ],
            options={
                'verbose_name': '开放时间',
                'verbose_name_plural': '开放时间',
                'ordering': ['hall', 'weekday', 'start'],
                'constraints': [models.UniqueConstraint(fields=('hall', 'weekday', 'start'), name='appointment_hours_once'), models.CheckConstraint(condition=models.Q(('start__lt', models.F('end')), ('weekday__range', (1, 7))), name='appointment_hours_order')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=32, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('letter', models.CharField(max_length=1, validators=[django.core.validators.RegexValidator('^[A-Z]$')], verbose_name='票号字母')),
                ('minutes', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(240)], verbose_name='每人用时(分钟)')),
                ('bookable', models.BooleanField(default=True, verbose_name='可预约')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='appointments.hall', verbose_name='大厅')),
                ('items', models.ManyToManyField(blank=True, related_name='+', to='items.item', verbose_name='事项')),
            ],
            options={
                'verbose_name': '窗口业务',
                'verbose_name_plural': '窗口业务',
                'ordering': ['hall', 'letter'],
                'constraints': [models.UniqueConstraint(fields=('hall', 'code'), name='appointment_service_code'), models.UniqueConstraint(fields=('hall', 'letter'), name='appointment_service_letter')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='最后一号')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.service', verbose_name='业务')),
            ],
            options={
                'verbose_name': '取号机',
                'verbose_name_plural': '取号机',
                'constraints': [models.UniqueConstraint(fields=('service', 'day'), name='appointment_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, unique=True, verbose_name='预约号')),
                ('start', models.DateTimeField(verbose_name='开始')),
                ('end', models.DateTimeField(verbose_name='结束')),
                ('state', models.CharField(choices=[('booked', '已预约'), ('arrived', '已取号'), ('served', '已办理'), ('cancelled', '已取消'), ('missed', '未到')], default='booked', max_length=9, verbose_name='状态')),
                ('by_clerk', models.BooleanField(default=False, verbose_name='窗口代约')),
                ('booked_at', models.DateTimeField(verbose_name='预约时间')),
                ('moves', models.PositiveSmallIntegerField(default=0, verbose_name='改期次数')),
                ('reminded_at', models.DateTimeField(null=True, verbose_name='提醒时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='取消原因')),
                ('booked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='预约人')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case', verbose_name='办件')),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='items.item', verbose_name='事项')),
                ('organisation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation', verbose_name='组织')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.person', verbose_name='自然人')),
                ('hall', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.hall', verbose_name='大厅')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.service', verbose_name='业务')),
            ],
            options={
                'verbose_name': '预约',
                'verbose_name_plural': '预约',
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('occurred_on', models.DateField(verbose_name='发生日期')),
                ('recorded_at', models.DateTimeField(editable=False, verbose_name='登记时间')),
                ('source', models.CharField(editable=False, max_length=64, verbose_name='来源')),
                ('sign', models.SmallIntegerField(default=1, editable=False, verbose_name='符号')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('hall', models.CharField(max_length=32, verbose_name='大厅')),
                ('service', models.CharField(max_length=32, verbose_name='业务')),
                ('window', models.PositiveSmallIntegerField(default=0, verbose_name='窗口号')),
                ('outcome', models.CharField(choices=[('served', '已办理'), ('skipped', '过号未归'), ('left', '离开'), ('missed', '预约未到')], max_length=8, verbose_name='结果')),
                ('booked', models.BooleanField(default=False, verbose_name='预约')),
                ('priority', models.CharField(blank=True, max_length=8, verbose_name='优先')),
                ('waited', models.PositiveIntegerField(default=0, verbose_name='等候时间')),
                ('served', models.PositiveIntegerField(default=0, verbose_name='办理时间')),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                ('recorded_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('reverses', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='appointments.visit', verbose_name='冲销的记录')),
            ],
            options={
                'verbose_name': '到厅记录',
                'verbose_name_plural': '到厅记录',
                'ordering': ['id'],
                'abstract': False,
                'indexes': [models.Index(fields=['occurred_on', 'id'], name='appointments_visit_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reverses__isnull', True), ('sign', 1)), models.Q(('reverses__isnull', False), ('sign', -1)), _connector='OR'), name='appointments_visit_red_letter')],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='窗口号')),
                ('bookable', models.BooleanField(default=True, verbose_name='接受预约')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('staffed_at', models.DateTimeField(blank=True, null=True, verbose_name='上岗时间')),
                ('clerk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='值班人员')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='appointments.hall', verbose_name='大厅')),
                ('services', models.ManyToManyField(related_name='windows', to='appointments.service', verbose_name='业务')),
            ],
            options={
                'verbose_name': '窗口',
                'verbose_name_plural': '窗口',
                'ordering': ['hall', 'number'],
                'constraints': [models.UniqueConstraint(fields=('hall', 'number'), name='appointment_window_number'), models.UniqueConstraint(condition=models.Q(('clerk__isnull', False)), fields=('clerk',), name='appointment_clerk_at_one_window')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('letter', models.CharField(max_length=1, verbose_name='字母')),
                ('serial', models.PositiveIntegerField(verbose_name='序号')),
                ('key_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('priority', models.CharField(blank=True, choices=[('', '无'), ('booked', '预约'), ('elder', '老年人'), ('disabled', '残疾人'), ('pregnant', '孕产妇'), ('soldier', '军人及优抚对象')], default='', max_length=8, verbose_name='优先')),
                ('taken_at', models.DateTimeField(verbose_name='取号时间')),
                ('ranked_at', models.DateTimeField(verbose_name='排队时间')),
                ('state', models.CharField(choices=[('waiting', '等候'), ('called', '已叫号'), ('serving', '办理中'), ('done', '已办完'), ('skipped', '过号'), ('left', '已离开')], default='waiting', max_length=8, verbose_name='状态')),
                ('called_at', models.DateTimeField(null=True, verbose_name='叫号时间')),
                ('calls', models.PositiveSmallIntegerField(default=0, verbose_name='叫号次数')),
                ('served_at', models.DateTimeField(null=True, verbose_name='开始办理')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('returns', models.PositiveSmallIntegerField(default=0, verbose_name='过号重排次数')),
                ('appointment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='appointments.appointment', verbose_name='预约')),
                ('hall', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.hall', verbose_name='大厅')),
                ('served_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='窗口人员')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.service', verbose_name='业务')),
                ('window', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.window', verbose_name='窗口')),
            ],
            options={
                'verbose_name': '票号',
                'verbose_name_plural': '票号',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['hall', 'day', 'service', 'ranked_at', 'id'], name='appointment_queue'), models.Index(fields=['hall', 'day', '-called_at'], name='appointment_board')],
                'constraints': [models.UniqueConstraint(fields=('hall', 'day', 'letter', 'serial'), name='appointment_ticket_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['called', 'serving'])), fields=('window',), name='appointment_window_serves_one'), models.UniqueConstraint(condition=models.Q(('appointment__isnull', False)), fields=('appointment',), name='appointment_ticket_of_one'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['called', 'serving']), _negated=True), ('window__isnull', False), _connector='OR'), name='appointment_called_to_a_window')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.DateTimeField(verbose_name='时刻')),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='appointments.appointment', verbose_name='预约')),
                ('window', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.window', verbose_name='窗口')),
            ],
            options={
                'verbose_name': '预约时段',
                'verbose_name_plural': '预约时段',
                'constraints': [models.UniqueConstraint(fields=('window', 'moment'), name='appointment_seat_once')],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='window',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.window', verbose_name='窗口'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['hall', 'start', 'id'], name='appointment_by_hall'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-start'], name='appointment_by_person'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation', '-start'], name='appointment_by_firm'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(condition=models.Q(('state', 'booked')), fields=['start', 'id'], name='appointment_open'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('start__lt', models.F('end'))), name='appointment_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('organisation__isnull', False), _connector='OR'), name='appointment_is_somebodys'),
        ),
    ]
