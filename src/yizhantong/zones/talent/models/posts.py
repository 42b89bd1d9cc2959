"""Posts and candidates: a candidate is blind (a code) to an employer until he consents, for a purpose and a time; who looked is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.parties.models import Organisation, Person
from yizhantong.zones.talent.models.facts import Post


class Vacancy(models.Model):
    """An employer's post while it is open: what it asks and pays, how many openings, how many are filled."""

    class State(models.TextChoices):
        ASKED = "asked", _("审核中")
        OPEN = "open", _("招聘中")
        FILLED = "filled", _("已招满")
        CLOSED = "closed", _("已结束")
        REFUSED = "refused", _("未通过")

    case = models.OneToOneField(Case, models.PROTECT, related_name="talent_vacancy", verbose_name=_("办件"))
    number = models.CharField(_("岗位编号"), max_length=24, unique=True)
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("工作地"))
    title = models.CharField(_("岗位名称"), max_length=60)
    occupation = models.CharField(_("职业"), max_length=40, blank=True)
    education = models.CharField(_("学历要求"), max_length=8, choices=Post.Education.choices)
    skills = models.JSONField(_("技能要求"), default=list)
    duties = models.CharField(_("岗位职责"), max_length=1000, blank=True)
    openings = models.PositiveSmallIntegerField(_("招聘人数"))
    hired = models.PositiveSmallIntegerField(_("已录用"), default=0)
    pay_fen = models.BigIntegerField(_("月薪下限"))
    pay_to_fen = models.BigIntegerField(_("月薪上限"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    published_on = models.DateField(_("发布日期"), null=True)
    closes_on = models.DateField(_("截止日期"))

    class Meta:
        verbose_name = _("招聘岗位")
        verbose_name_plural = _("招聘岗位")
        constraints = [
            models.CheckConstraint(name="talent_vacancy_never_overfilled", condition=Q(hired__lte=F("openings"))),
            models.CheckConstraint(
                name="talent_vacancy_pay", condition=Q(pay_fen__gte=0, pay_to_fen__gte=F("pay_fen"), openings__gte=1)
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_on", "-id"], name="talent_vacancy_open"),
            models.Index(fields=["employer", "state"], name="talent_vacancy_employer"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Resume(models.Model):
    """What a candidate says of himself. Employers see it without name, phone and birthday, as ``code``, until he consents."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="talent_resume", verbose_name=_("本人"))
    code = models.CharField(_("求职者代码"), max_length=16, unique=True)
    wanted = models.CharField(_("求职意向"), max_length=60)
    occupation = models.CharField(_("职业"), max_length=40, blank=True)
    education = models.CharField(_("学历"), max_length=8, choices=Post.Education.choices)
    skills = models.JSONField(_("技能"), default=list)
    years = models.PositiveSmallIntegerField(_("工作年限"), default=0)
    pay_fen = models.BigIntegerField(_("期望月薪"), default=0)
    divisions = models.JSONField(_("意向工作地"), default=list)
    experience = models.CharField(_("工作经历"), max_length=2000, blank=True)
    open = models.BooleanField(_("允许匿名匹配"), default=False)
    updated_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("简历")
        verbose_name_plural = _("简历")
        indexes = [models.Index(fields=["open", "-updated_at"], name="talent_resume_open")]

    def __str__(self) -> str:
        return self.code


class Consent(models.Model):
    """A candidate lets one employer see who he is, for one purpose, until a day; he may take it back at any time (个人信息保护法第十五条)."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("了解情况和联系")
        RECRUIT = "recruit", _("应聘所投岗位")

    resume = models.ForeignKey(Resume, models.PROTECT, related_name="consents", verbose_name=_("简历"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose.choices)
    given_at = models.DateTimeField(_("同意时间"))
    expires_on = models.DateField(_("到期日"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("简历授权")
        verbose_name_plural = _("简历授权")
        constraints = [
            models.UniqueConstraint(
                fields=["resume", "employer", "purpose"],
                name="talent_consent_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["employer", "resume"], name="talent_consent_employer")]

    def __str__(self) -> str:
        return f"{self.resume_id} → {self.employer_id}"


class Look(models.Model):
    """Who of which employer looked at a candidate, when, and whether he saw the name."""

    resume = models.ForeignKey(Resume, models.PROTECT, related_name="looks", verbose_name=_("简历"))
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+", verbose_name=_("所据授权"))
    at = models.DateTimeField(_("查看时间"))

    class Meta:
        verbose_name = _("简历查看")
        verbose_name_plural = _("简历查看")
        indexes = [models.Index(fields=["resume", "-id"], name="talent_look_newest")]

    def __str__(self) -> str:
        return f"{self.resume_id} {self.at}"


class Candidacy(models.Model):
    """One candidate and one post: invited or applied, interview, offer, hired; ``steps`` keeps every change with its moment."""

    class State(models.TextChoices):
        INVITED = "invited", _("企业邀请")
        APPLIED = "applied", _("已投递")
        INTERVIEW = "interview", _("约定面试")
        OFFERED = "offered", _("录用通知")
        HIRED = "hired", _("已录用")
        REJECTED = "rejected", _("未录用")
        WITHDRAWN = "withdrawn", _("本人退出")
        LAPSED = "lapsed", _("逾期未答复")

    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="candidacies", verbose_name=_("岗位"))
    resume = models.ForeignKey(Resume, models.PROTECT, related_name="candidacies", verbose_name=_("简历"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices)
    score = models.PositiveSmallIntegerField(_("匹配度"), default=0)
    reasons = models.JSONField(_("匹配理由"), default=list)
    steps = models.JSONField(_("经过"), default=list)
    interview_at = models.DateTimeField(_("面试时间"), null=True)
    interview_place = models.CharField(_("面试地点"), max_length=120, blank=True)
    pay_fen = models.BigIntegerField(_("录用月薪"), null=True)
    answer_by = models.DateField(_("答复期限"), null=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("应聘")
        verbose_name_plural = _("应聘")
        constraints = [models.UniqueConstraint(fields=["vacancy", "resume"], name="talent_candidacy_once")]
        indexes = [
            models.Index(fields=["vacancy", "state"], name="talent_candidacy_post"),
            models.Index(fields=["resume", "-id"], name="talent_candidacy_resume"),
        ]

    def __str__(self) -> str:
        return f"{self.vacancy_id} {self.resume_id}"
