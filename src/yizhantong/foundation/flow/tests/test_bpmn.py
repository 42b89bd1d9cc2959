"""The exported file is valid BPMN 2.0, is drawn without overlap, and runs elsewhere as the flow runs here."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.util.task import TaskState

from yizhantong.foundation.flow import (
    All,
    Branch,
    Choice,
    Flow,
    FlowError,
    Node,
    Repeat,
    Seq,
    Step,
    begin,
    complete,
    to_bpmn,
)
from yizhantong.foundation.flow.layout import Box, draw, exit_condition
from yizhantong.foundation.flow.tree import walk

from .trees import flows, grow

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
VALIDATOR = BpmnValidator()
TRACES = 300
Decide = Callable[[str], bool]


def meet(one: Box, other: Box, apart: int = 0) -> bool:
    """Whether two boxes are less than ``apart`` pixels from each other."""
    across = one.x < other.x + other.width + apart and other.x < one.x + one.width + apart
    return across and one.y < other.y + other.height + apart and other.y < one.y + one.height + apart


def spanned(one: tuple[int, int], other: tuple[int, int]) -> Box:
    """The piece of a line between two points, as a rectangle of no width or height."""
    return Box(min(one[0], other[0]), min(one[1], other[1]), abs(one[0] - other[0]), abs(one[1] - other[1]))


def touch(line: Box, box: Box) -> bool:
    """Whether a line runs through the inside of a box."""
    across = line.x < box.x + box.width and box.x < line.x + line.width
    down = line.y < box.y + box.height and box.y < line.y + line.height
    if line.width == 0:
        across = box.x < line.x < box.x + box.width
    if line.height == 0:
        down = box.y < line.y < box.y + box.height
    return across and down


@settings(max_examples=120, deadline=None)
@given(flows(size=18, depth=6))
def test_shapes_and_labels_never_overlap_and_no_line_crosses_them(flow: Flow) -> None:
    drawing = draw(flow)
    boxes = {shape.id: shape.box for shape in drawing.shapes}
    labels = {f"{part.id} label": part.label for part in (*drawing.shapes, *drawing.edges) if part.label}
    for (one, first), (other, second) in itertools.combinations((boxes | labels).items(), 2):
        assert not meet(first, second, 16 if {one, other} <= boxes.keys() else 0), (one, other)
    for edge in drawing.edges:
        for start, end in itertools.pairwise(edge.points):
            assert start[0] == end[0] or start[1] == end[1], "lines are level or upright"
            for id, box in (boxes | labels).items():
                assert not touch(spanned(start, end), box), (edge.id, id)
        assert at_border(edge.points[0], boxes[edge.source])
        assert at_border(edge.points[-1], boxes[edge.target])
    assert all(box.x >= 0 and box.y >= 0 for box in (boxes | labels).values())


def at_border(point: tuple[int, int], box: Box) -> bool:
    """Whether a line ends in the middle of one of a shape's sides."""
    x, y = box.x + box.width // 2, box.y + box.height // 2
    return point in ((box.x, y), (box.x + box.width, y), (x, box.y), (x, box.y + box.height))


@settings(max_examples=60, deadline=None)
@given(flows(size=18, depth=6))
def test_the_file_keeps_the_schema_of_the_omg(flow: Flow) -> None:
    text = to_bpmn(flow, "flow-1", "演示流程")
    VALIDATOR.validate(etree.parse(io.BytesIO(text.encode())))
    assert to_bpmn(flow, "flow-1", "演示流程") == text
    root = Xml.fromstring(text)
    tasks = root.findall(".//bpmn:userTask", NAMES)
    assert [task.get("id") for task in tasks] == [f"step-{code}" for code in flow.steps]
    drawn = {shape.get("bpmnElement") for shape in root.findall(".//bpmndi:BPMNShape", NAMES)}
    parts = {part.get("id") for part in root.findall("./bpmn:process/*", NAMES)}
    edges = {edge.get("bpmnElement") for edge in root.findall(".//bpmndi:BPMNEdge", NAMES)}
    assert drawn | edges == parts


class Engine(PythonScriptEngine):  # type: ignore[misc]
    """Answers FEEL conditions by the test's ``decide``, and counts the rounds of loops as the file asks for them."""

    def __init__(self, flow: Flow, decide: Decide) -> None:
        super().__init__()
        self.loops = {exit_condition(repeat): repeat for repeat in flow.repeats.values()}
        self.rounds: dict[str, int] = {}
        self.decide = decide

    def evaluate(self, task: object, expression: str, external_context: object = None) -> bool:
        repeat = self.loops.get(expression)
        if repeat is None:
            return self.decide(expression)
        done = self.rounds.get(repeat.code, 0) + 1
        leave = done >= repeat.at_most or self.decide(repeat.until)
        self.rounds[repeat.code] = 0 if leave else done
        return leave


class StandardJoin(ParallelGateway):  # type: ignore[misc]
    """SpiffWorkflow's parallel gateway, made to take one token from each incoming flow and use each once.

    Its own (3.2.0) says in its docstring what it leaves out: within a loop it counts the tokens of the round before again, so
    that from the second round on a join no longer waits for all.
    """

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        used: set[Any] = self.__dict__.setdefault("used", set())
        arrived = [
            task
            for task in my_task.workflow.get_tasks(spec_name=self.name)
            if task.parent.state == TaskState.COMPLETED and task.id not in used
        ]
        if {task.parent.task_spec for task in arrived} != set(self.inputs):
            return False
        used.update(task.id for task in arrived)
        return True


class StandardParser(BpmnParser):  # type: ignore[misc]
    """The engine's parser with that join."""

    OVERRIDE_PARSER_CLASSES = {full_tag("parallelGateway"): (GatewayParser, StandardJoin)}


def joins_in_a_loop(node: Node) -> bool:
    return any(isinstance(inner, All) for loop in walk(node) if isinstance(loop, Repeat) for inner in walk(loop.body))


def trace_there(flow: Flow, seed: int) -> list[list[str]]:
    """Play the exported file in SpiffWorkflow: the open steps before each completion, and after the last."""
    parser = (StandardParser if joins_in_a_loop(flow.root) else BpmnParser)(validator=VALIDATOR)
    parser.add_bpmn_str(to_bpmn(flow, "flow-1", "演示流程").encode())
    done: list[str] = []
    workflow = BpmnWorkflow(parser.get_spec("flow-1"), script_engine=Engine(flow, deciding(seed, done)))
    trace = []
    while True:
        workflow.do_engine_steps()
        ready = {task.task_spec.name: task for task in workflow.get_tasks(state=TaskState.READY)}
        trace.append(sorted(name.removeprefix("step-") for name in ready))
        if not ready:
            assert workflow.completed
            return trace
        code = chosen(seed, done, trace[-1])
        done.append(code)
        ready[f"step-{code}"].run()


def trace_here(flow: Flow, seed: int) -> list[list[str]]:
    done: list[str] = []
    move = begin(flow, deciding(seed, done))
    trace = [sorted(move.marking.open)]
    while not move.finished:
        code = chosen(seed, done, trace[-1])
        done.append(code)
        move = complete(flow, move.marking, code, deciding(seed, done))
        trace.append(sorted(move.marking.open))
    return trace


def deciding(seed: int, done: list[str]) -> Decide:
    """Answers that depend on the condition and on how much has been done, as facts do."""
    return lambda condition: random.Random(f"{seed}/{condition}/{len(done)}").random() < 0.5


def chosen(seed: int, done: list[str], ready: list[str]) -> str:
    return random.Random(f"{seed}/{len(done)}").choice(ready)


def test_hundreds_of_random_flows_run_in_another_engine_with_the_same_traces() -> None:
    steps = unchanged = 0
    for seed in range(TRACES):
        flow = grow(random.Random(seed), size=10, depth=4)
        here = trace_here(flow, seed)
        assert trace_there(flow, seed) == here, seed
        steps += len(here) - 1
        unchanged += not joins_in_a_loop(flow.root)
    assert steps > 5 * TRACES
    assert unchanged > TRACES // 2


def test_what_the_file_says_of_a_choice_and_a_loop() -> None:
    flow = Flow(
        Seq(
            (
                Step("a", "初审", {"office": "lead", "limit": {"amount": 5, "unit": "workday"}}),
                Choice((Branch('金额 > 100 and 类别 = "<甲>"', Step("b", "会审")),)),
                Repeat("r", Step("c", "补正"), "材料齐全", 3),
            )
        )
    )
    root = Xml.fromstring(to_bpmn(flow, "p", "演示"))
    conditions = [found.text for found in root.findall(".//bpmn:conditionExpression", NAMES)]
    assert conditions == ['金额 > 100 and 类别 = "<甲>"', "轮次.r >= 3 or (材料齐全)"]
    assert root.find(".//bpmn:userTask[@id='step-a']/bpmn:documentation", NAMES).text == (  # type: ignore[union-attr]
        "办理单位：牵头单位；时限：5 个工作日"
    )
    defaults = [gateway.get("default") for gateway in root.findall(".//bpmn:exclusiveGateway[@default]", NAMES)]
    named = {flow.get("id"): flow.get("name") for flow in root.findall(".//bpmn:sequenceFlow", NAMES)}
    assert [named[default] for default in defaults] == ["否则", "再办一轮（至多 3 轮）"]


@pytest.mark.parametrize("process_id", ["", "1a", "流程", "a b", "step-a", "event-start", "plane-1"])
def test_a_process_needs_an_id_of_its_own(process_id: str) -> None:
    with pytest.raises(FlowError) as refused:
        to_bpmn(Flow(Step("a", "受理")), process_id, "演示")
    assert refused.value.code == "flow.bad_process_id"


def test_a_name_that_cannot_stand_in_xml_is_refused() -> None:
    with pytest.raises(FlowError) as refused:
        to_bpmn(Flow(Step("a", "受理")), "p", "演\x01示")
    assert refused.value.code == "flow.bad_name"


def test_the_largest_flow_is_drawn() -> None:
    flow = Flow(All(tuple(Step(f"s{number}", "步骤") for number in range(500))))
    assert len(draw(flow).shapes) == 504
