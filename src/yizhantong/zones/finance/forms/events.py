"""Forms of matching events."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.forms import day_input
from yizhantong.zones.finance.events.actions import Given, Reply
from yizhantong.zones.finance.models import Invitation, Listing, MatchEvent, Talk
from yizhantong.zones.finance.templatetags.finance import money, need_name

WISHES = 6
ROOM = re.compile(r"^(?P<name>\S.*?)\s*[,, \t]\s*(?P<tables>[0-9]{1,3})\s*桌?$")


class EventForm(forms.Form):
    """What an event is; rooms one a line: name, a space, how many tables."""

    title = forms.CharField(label=_("名称"), max_length=80)
    place = forms.CharField(label=_("地点"), max_length=120)
    day = forms.DateField(label=_("日期"), widget=day_input())
    begins = forms.TimeField(label=_("开始时间"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("每场分钟数"), min_value=5, max_value=240, initial=20)
    pause = forms.IntegerField(label=_("间隔分钟数"), min_value=0, max_value=60, initial=5)
    slots = forms.IntegerField(label=_("场次数"), min_value=1, max_value=60, initial=8)
    rooms = forms.CharField(
        label=_("会场与桌数"), widget=forms.Textarea({"rows": 3}), max_length=500, help_text=_("每行一个会场:名称 空格 桌数,如 一号厅 8"),
    )  # fmt: skip
    most = forms.IntegerField(label=_("每家企业最多洽谈场数"), min_value=1, max_value=60, initial=4)
    answer_until = forms.DateField(label=_("回执截止日"), widget=day_input())
    note = forms.CharField(label=_("说明"), widget=forms.Textarea({"rows": 3}), max_length=500, required=False)

    def clean_rooms(self) -> tuple[tuple[str, int], ...]:
        """Return the rooms with their tables."""
        found = []
        for line in filter(str.strip, self.cleaned_data["rooms"].splitlines()):
            read = ROOM.match(line.strip())
            if read is None:
                raise forms.ValidationError(
                    gettext("“%(line)s”看不出桌数,请写成:一号厅 8") % {"line": line.strip()[:40]}
                )
            found.append((read["name"], int(read["tables"])))
        return tuple(found)

    def given(self) -> Given:
        """Return the event as the action takes it."""
        return Given(**self.cleaned_data)

    @staticmethod
    def of(event: MatchEvent) -> dict[str, Any]:
        """Return what the form shows of an event."""
        names = ("title", "place", "day", "begins", "minutes", "pause", "slots", "most", "answer_until", "note")
        rooms = "\n".join(f"{room['name']} {room['tables']}" for room in event.rooms)
        return {name: getattr(event, name) for name in names} | {"rooms": rooms}


class ReplyForm(forms.Form):
    """A participant's answer: its wishes best first, when it can come, what it brings."""

    who = forms.CharField(label=_("参会人"), max_length=60, required=False)
    free = forms.TypedMultipleChoiceField(
        label=_("可以参加的场次"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    most = forms.IntegerField(
        label=_("最多洽谈几场"), min_value=1, max_value=60, required=False, help_text=_("不填表示由主办单位安排")
    )

    def __init__(self, invitation: Invitation, partners: list[Invitation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        event = invitation.event
        slots = [(slot, f"{event.times(slot)[0]:%H:%M}–{event.times(slot)[1]:%H:%M}") for slot in range(event.slots)]
        self.fields["free"].choices = slots  # type: ignore[attr-defined]
        if invitation.side == Invitation.Side.BANK:
            self.fields["seats"] = forms.IntegerField(
                label=_("同时洽谈桌数"), min_value=1, max_value=event.tables, initial=1, help_text=_("派几位客户经理,就可以同时谈几家")
            )  # fmt: skip
        else:
            listings = Listing.objects.filter(
                enterprise_id=invitation.organisation_id, state__in=[Listing.State.POOL, Listing.State.DEALING]
            ).select_related("case")
            self.fields["listing"] = forms.TypedChoiceField(
                label=_("带来的融资需求"), coerce=int, empty_value=None, required=False,
                choices=[("", gettext("(尚未发布需求)")), *((one.pk, _need(one)) for one in listings)],
                help_text=_("参会银行将看到企业名称和该需求的金额、期限、用途,其他数据仍须另行授权"),
            )  # fmt: skip
        choices = [("", "—"), *((one.pk, _partner(one)) for one in partners)]
        for rank in range(1, WISHES + 1):
            self.fields[f"wish_{rank}"] = forms.TypedChoiceField(
                label=gettext("第 %(rank)d 志愿") % {"rank": rank}, coerce=int, empty_value=None, required=False, choices=choices
            )  # fmt: skip

    @property
    def wishes(self) -> list[forms.BoundField]:
        """Return the fields of the wishes, first wish first."""
        return [self[f"wish_{rank}"] for rank in range(1, WISHES + 1)]

    @property
    def plain(self) -> list[forms.BoundField]:
        """Return the other fields."""
        return [field for field in self if not field.name.startswith("wish_")]

    def clean(self) -> dict[str, Any]:
        """Refuse one partner twice, at the later place."""
        data = super().clean() or {}
        seen: set[int] = set()
        for rank in range(1, WISHES + 1):
            wished = data.get(f"wish_{rank}")
            if wished is not None and wished in seen:
                self.add_error(f"wish_{rank}", gettext("前面已经选过,请换一个"))
            seen.add(wished or 0)
        if not data.get("free"):
            self.add_error("free", gettext("请至少选择一个可以参加的场次"))
        return data

    def reply(self) -> Reply:
        """Return the answer as the action takes it."""
        data = self.cleaned_data
        wishes = (data.get(f"wish_{rank}") for rank in range(1, WISHES + 1))
        return Reply(
            tuple(wish for wish in wishes if wish), frozenset(data["free"]), data.get("seats") or 1, data.get("most"),
            data.get("listing"), data["who"],
        )  # fmt: skip

    @staticmethod
    def of(invitation: Invitation) -> dict[str, Any]:
        """Return what the form shows of an answer that was given before, or of none."""
        event = invitation.event
        shown: dict[str, Any] = {
            "who": invitation.who, "most": invitation.most, "seats": invitation.seats, "listing": invitation.listing_id,
            "free": list(range(event.slots)) if invitation.free is None else invitation.free,
        }  # fmt: skip
        return shown | {f"wish_{wish.rank}": wish.target_id for wish in invitation.wishes.all()}


def _need(listing: Listing) -> str:
    return f"{listing.case.number} {need_name(listing)}"


def _partner(invitation: Invitation) -> str:
    if invitation.listing is None:
        return invitation.organisation.name
    return f"{invitation.organisation.name}({money(invitation.listing.wanted_fen)})"


class InviteForm(forms.Form):
    """Whom to invite: ticked banks, and enterprises by their codes or found by a search."""

    banks = forms.ModelMultipleChoiceField(
        label=_("银行"), queryset=Organisation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    firms = forms.ModelMultipleChoiceField(
        label=_("企业"), queryset=Organisation.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, banks: Any, firms: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["banks"].queryset = banks  # type: ignore[attr-defined]
        self.fields["firms"].queryset = firms  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse to invite nobody."""
        data = super().clean() or {}
        if not data.get("banks") and not data.get("firms"):
            raise forms.ValidationError(gettext("请至少勾选一家企业或银行"))
        return data


class OutcomeForm(forms.Form):
    """What came of a meeting."""

    outcome = forms.ChoiceField(label=_("洽谈结果"), choices=[("", "—"), *Talk.Outcome.choices])
    intent = forms.DecimalField(
        label=_("意向金额(万元)"), min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_("双方谈到的金额,不是授信,也不是放款"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=300, required=False, widget=forms.Textarea({"rows": 3}))


class SlotsForm(forms.Form):
    """The slots in which a participant can come now."""

    free = forms.TypedMultipleChoiceField(label=_("可以参加的场次"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, event: MatchEvent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slots = [(slot, f"{event.times(slot)[0]:%H:%M}–{event.times(slot)[1]:%H:%M}") for slot in range(event.slots)]
        self.fields["free"].choices = slots  # type: ignore[attr-defined]
