import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '__first__'),
        ('parties', '0002_enterpriseprofile'),
    ]

    operations = [
        migrations.CreateModel(
            name='Stored',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='摘要')),
                ('media_type', models.CharField(max_length=80, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='大小(字节)')),
                ('name', models.CharField(max_length=160, verbose_name='文件名')),
                ('purpose', models.CharField(blank=True, max_length=120, verbose_name='用途')),
                ('trust', models.CharField(choices=[('A', 'A 机关签发'), ('B', 'B 窗口核验'), ('C', 'C 自行上传'), ('D', 'D 自行承诺')], default='C', max_length=1, verbose_name='可信等级')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '文件',
                'verbose_name_plural': '文件',
            },
        ),
        migrations.CreateModel(
            name='Issued',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='文号')),
                ('kind', models.CharField(choices=[('certificate', '证照'), ('decision', '决定书'), ('notice', '告知书'), ('receipt', '凭证')], max_length=12, verbose_name='种类')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('subject_kind', models.SlugField(db_index=False, max_length=24, verbose_name='所属种类')),
                ('subject_number', models.CharField(db_index=True, max_length=40, verbose_name='所属编号')),
                ('holder_name', models.CharField(max_length=120, verbose_name='持有人')),
                ('body', models.JSONField(default=dict, verbose_name='内容')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='PDF 摘要')),
                ('verify_code', models.CharField(max_length=32, unique=True, verbose_name='验证码')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                ('revoked_reason', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation', verbose_name='签发机关')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='files.issued', verbose_name='替代')),
                ('stored', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.stored', verbose_name='PDF')),
            ],
            options={
                'verbose_name': '签发文书',
                'verbose_name_plural': '签发文书',
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='种类')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='末号')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation', verbose_name='签发机关')),
            ],
            options={
                'verbose_name': '文号序列',
                'verbose_name_plural': '文号序列',
                'constraints': [models.UniqueConstraint(fields=('issuer', 'kind', 'year'), name='one_series_a_year')],
            },
        ),
    ]
