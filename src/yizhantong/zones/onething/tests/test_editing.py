"""The editor of packages: drafts that are assembled, four eyes, parts that change meanwhile, conflicts that block."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import actions as items
from yizhantong.kernel.items import content as contents
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.load import publish_as_demonstration
from yizhantong.kernel.items.models import Item, ItemVersion
from yizhantong.kernel.notices.models import Notice
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.onething.actions import editing
from yizhantong.zones.onething.errors import OnethingError
from yizhantong.zones.onething.queries import packages
from yizhantong.zones.onething.tests.conftest import Town

pytestmark = pytest.mark.django_db


def document(town: Town, code: str = "birth", **changed: Any) -> dict[str, Any]:
    """Return the specification in force, changed."""
    current = town.item(code).current
    assert current is not None
    return copy.deepcopy(current.content["benefit"]["package"]) | changed


def saved(town: Town, **changed: Any) -> ItemVersion:
    version = editing.draft(town.item(), town["editor"])
    made = editing.save(version, document(town, **(changed or {"steps": 4})), town["editor"])
    assert made.ready, (made.findings, made.conflicts)
    return version


def renewed(code: str, **guide: Any) -> Item:
    """Publish a part anew, with another guide."""
    item = Item.objects.select_related("current").get(pk=code)
    assert item.current is not None
    content = copy.deepcopy(item.current.content)
    content["guide"] |= guide
    publish_as_demonstration(item, contents.write(contents.read(content)), item.current.number + 1)
    return Item.objects.get(pk=code)


def test_from_draft_to_publication_with_four_eyes(town: Town) -> None:
    version = saved(town)
    before = town.item().current
    assert version.content["benefit"]["package"]["steps"] == 4
    editing.submit(version, town["editor"])
    with pytest.raises(policy.Refused):
        editing.publish(version, town["editor"])
    editing.publish(version, town["publisher"])
    current = town.item().current
    assert current is not None
    assert before is not None
    assert (current.pk, current.number) == (version.pk, before.number + 1)
    assert packages.gains_of(current).of("steps").after == 4


def test_who_wrote_it_does_not_publish_it_even_with_both_rights(town: Town) -> None:
    from yizhantong.zones.onething.tests.conftest import user_of

    both = user_of(town, "both", ["items.edit", "items.publish"], agency=town.item().agency, city=True)
    version = editing.draft(town.item(), both)
    editing.save(version, document(town, steps=4), both)
    editing.submit(version, both)
    with pytest.raises(ItemError) as refused:
        editing.publish(version, both)
    assert refused.value.code == "items.own_work"
    editing.publish(version, town["publisher"])


def test_publication_may_be_refused_with_a_remark_and_goes_on_from_there(town: Town) -> None:
    version = saved(town)
    editing.submit(version, town["editor"])
    items.send_back(version, "第四个环节是什么?", town["publisher"])
    again = editing.draft(town.item(), town["editor"])
    assert (again.pk, again.state, again.remark) == (version.pk, "draft", "第四个环节是什么?")


@pytest.mark.parametrize("when", ["before submission", "before publication"])
def test_a_part_published_meanwhile_makes_the_draft_stale(town: Town, when: str) -> None:
    version = saved(town)
    if when == "before publication":
        editing.submit(version, town["editor"])
    renewed("onething.birth_card", summary="新生儿社保卡,改版")
    go_on = {
        "before submission": lambda: editing.submit(version, town["editor"]),
        "before publication": lambda: editing.publish(version, town["publisher"]),
    }[when]
    with pytest.raises(OnethingError) as refused:
        go_on()
    assert refused.value.code == "onething.stale"
    if when == "before publication":
        items.send_back(version, "所含事项有新版本", town["publisher"])
    editing.save(ItemVersion.objects.get(pk=version.pk), version.content["benefit"]["package"], town["editor"])
    version.refresh_from_db()
    editing.submit(version, town["editor"])
    editing.publish(version, town["publisher"])
    assert packages.stale(version) == []


def test_a_part_published_anew_is_told_to_the_lead_and_running_packages_keep_theirs(
    town: Town, django_capture_on_commit_callbacks: Any
) -> None:
    current = town.item().current
    assert current is not None
    parent = town.accepted()
    assert packages.stale(current) == []
    with django_capture_on_commit_callbacks(execute=True):
        renewed("onething.birth_household", summary="出生户口登记,改版")
    (found,) = packages.stale(current)
    assert (found.part, found.item, found.current) == ("household", "onething.birth_household", found.pinned + 1)
    told = Notice.objects.filter(subject="package.birth")
    assert {row.account.username for row in told} == {"editor", "publisher"}
    assert "出生户口登记" in told[0].body
    town.decide(parent, "certificate")
    assert town.part(parent, "household").version.number == found.pinned


def test_a_package_written_past_the_editor_is_not_published(town: Town) -> None:
    version = saved(town)
    forged = copy.deepcopy(version.content)
    forged["materials"] = []
    items.save(version, forged, town["editor"])
    items.submit(version, town["editor"])
    with pytest.raises(OnethingError) as refused:
        items.publish(version, town["publisher"])
    assert refused.value.code == "onething.stale"
    assert town.item().current.pk != version.pk  # type: ignore[union-attr]


def test_conflicts_block_until_they_are_settled(town: Town) -> None:
    for code, name in (("onething.birth_card", "一寸照片"), ("onething.birth_insurance", "二寸照片")):
        item = Item.objects.select_related("current").get(pk=code)
        assert item.current is not None
        content = copy.deepcopy(item.current.content)
        content["materials"].append(contents.MaterialSpec(code="picture", name=name).model_dump(mode="json"))
        publish_as_demonstration(item, contents.write(contents.read(content)), item.current.number + 1)
    version = editing.draft(town.item(), town["editor"])
    made = editing.save(version, document(town), town["editor"])
    (conflict,) = [each for each in made.conflicts if each.blocks]
    assert (conflict.code, conflict.parts, made.ready) == ("onething.material_name", ("insurance", "card"), False)
    with pytest.raises(ContentError) as refused:
        editing.submit(version, town["editor"])
    assert refused.value.code == "onething.material_name"
    settled = document(town, materials={"insurance.picture": "picture_two"})
    assert editing.save(version, settled, town["editor"]).ready
    editing.submit(version, town["editor"])


def test_an_unfinished_specification_is_kept_but_not_submitted(town: Town) -> None:
    version = editing.draft(town.item(), town["editor"])
    unknown = document(town)
    unknown["parts"][0]["item"] = "onething.nowhere"
    made = editing.save(version, unknown, town["editor"])
    assert [finding.code for finding in made.findings] == ["onething.unknown_item"]
    version.refresh_from_db()
    assert version.content["benefit"]["package"]["parts"][0]["item"] == "onething.nowhere"
    with pytest.raises(ContentError):
        editing.submit(version, town["editor"])


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("onething.bad_spec", {"parts": []}),
        ("onething.bad_spec", {"counts_as": "wedding"}),
        ("onething.bad_spec", {"colour": "red"}),
        ("onething.unknown_name", {"parts": [{"code": "a", "item": "onething.birth_card", "when": "天气 = true"}]}),
        ("onething.nested", {"parts": [{"code": "a", "item": "package.school"}]}),
        ("onething.unknown_part", {"parts": [{"code": "a", "item": "onething.birth_card", "after": ["b"]}]}),
        ("onething.twice", {"parts": [{"code": "a", "item": "onething.birth_card"}, {"code": "b", "item": "onething.birth_card"}]}),
        ("onething.cosigner_element", {"cosigners": [{"code": "x", "label": "某人", "name": "nobody", "contact": "person_phone", "statement": "同意"}]}),
        ("onething.unknown_element", {"questions": [{"element": "no_such_element"}]}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(town: Town, code: str, changed: dict[str, Any]) -> None:
    try:
        found = editing.assembled(document(town, **changed)).findings
    except ContentError as error:
        found = error.findings
    assert code in {finding.code for finding in found}
    assert all(finding.sentence and finding.place for finding in found)


def test_a_new_package_is_the_lead_s_own(town: Town) -> None:
    lead, root = town.item().agency, Division.objects.get(pk=town.item().division_id)
    made = editing.create("wedding", name="结婚一件事", agency=lead, division=root, account=town["editor"])
    assert (made.pk, made.kind, made.zone) == ("package.wedding", "package", "onething")
    assert made in packages.manageable_by(town["editor"])
    assert made not in packages.offered()
    with pytest.raises(ItemError) as taken:
        editing.create("birth", name="又一个", agency=lead, division=root, account=town["editor"])
    assert taken.value.code == "items.code_taken"
    outsider: User = town["stranger"]
    office = Organisation.objects.get(pk=outsider.agency_id)
    with pytest.raises(policy.Refused):
        editing.create("moving", name="搬家一件事", agency=office, division=root, account=outsider)


def test_looking_at_what_a_specification_would_make_writes_nothing(town: Town) -> None:
    count = ItemVersion.objects.count()
    found = packages.preview(town.item(), document(town, steps=7))
    assert found.gains is not None
    assert found.gains.of("steps").after == 7
    assert ItemVersion.objects.count() == count
