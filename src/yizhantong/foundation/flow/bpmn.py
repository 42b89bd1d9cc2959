"""A flow as a BPMN 2.0 file (ISO/IEC 19510:2013) with its drawing, for tools that know neither this platform nor its trees.

``step`` becomes a user task, ``all`` a pair of parallel gateways, ``choice`` a pair of exclusive ones with the conditions as
FEEL on the outgoing flows in their order and a default flow for the rest, ``repeat`` a way back from an exclusive gateway to
the one before the body: out leads ``轮次.<code> >= <at_most> or (<until>)``, where ``轮次.<code>`` is the number of rounds done.
The ids of tasks are ``step-<code>``.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from .attributes import UNITS
from .errors import FlowError
from .layout import Box, Drawing, Edge, Shape, draw
from .plain import unprintable
from .tree import Flow, Step

_NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OUR_ID = re.compile(r"(event|step|split|join|again|until|line|definitions|diagram|plane)-")
_OFFICES = {"accountable": "主办单位", "lead": "牵头单位"}

for _prefix, _address in _NAMESPACES.items():
    Xml.register_namespace(_prefix, _address)


def to_bpmn(flow: Flow, process_id: str, name: str) -> str:
    """Return the file as text, with an XML declaration; equal flows give equal files.

    ``process_id`` is an XML name of ASCII letters, digits, ``_``, ``-`` and ``.`` (``flow.bad_process_id`` if not, or if it
    begins like the id of a part of the flow, ``step-`` …); ``name`` is shown to people (``flow.bad_name`` if it cannot stand in XML).
    """
    drawing = draw(flow)
    if not _ID.fullmatch(process_id) or _OUR_ID.match(process_id):
        raise FlowError(
            "flow.bad_process_id", f"“{process_id[:60]}”不能作流程图的编号；请用字母开头的字母、数字和 _ - ."
        )
    if unprintable(name):
        raise FlowError("flow.bad_name", "流程名称中有不可显示的字符；请删去")
    root = Xml.Element(
        _tag("bpmn:definitions"),
        {
            "id": "definitions-1",
            "targetNamespace": "urn:yizhantong:flow",
            "expressionLanguage": _FEEL,
            "exporter": "yizhantong",
        },
    )
    process = Xml.SubElement(root, _tag("bpmn:process"), {"id": process_id, "name": name, "isExecutable": "true"})
    _write_process(process, drawing)
    diagram = Xml.SubElement(root, _tag("bpmndi:BPMNDiagram"), {"id": "diagram-1"})
    plane = Xml.SubElement(diagram, _tag("bpmndi:BPMNPlane"), {"id": "plane-1", "bpmnElement": process_id})
    _write_drawing(plane, drawing)
    Xml.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _write_process(process: Xml.Element, drawing: Drawing) -> None:
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    defaults: dict[str, str] = {}
    for edge in drawing.edges:
        outgoing.setdefault(edge.source, []).append(edge.id)
        incoming.setdefault(edge.target, []).append(edge.id)
        if edge.default:
            defaults[edge.source] = edge.id
    for shape in drawing.shapes:
        attributes = {"id": shape.id} | ({"name": shape.name} if shape.name else {})
        if shape.id in defaults:
            attributes["default"] = defaults[shape.id]
        element = Xml.SubElement(process, _tag(f"bpmn:{shape.kind}"), attributes)
        if documentation := _documentation(shape):
            Xml.SubElement(element, _tag("bpmn:documentation")).text = documentation
        for name, edges in (("incoming", incoming), ("outgoing", outgoing)):
            for id in edges.get(shape.id, ()):
                Xml.SubElement(element, _tag(f"bpmn:{name}")).text = id
    for edge in drawing.edges:
        _write_flow(process, edge)


def _write_flow(process: Xml.Element, edge: Edge) -> None:
    attributes = {"id": edge.id, "sourceRef": edge.source, "targetRef": edge.target}
    if edge.name:
        attributes["name"] = edge.name
    element = Xml.SubElement(process, _tag("bpmn:sequenceFlow"), attributes)
    if edge.condition:
        condition = Xml.SubElement(element, _tag("bpmn:conditionExpression"))
        condition.set(_tag("xsi:type"), "bpmn:tFormalExpression")
        condition.text = edge.condition


def _documentation(shape: Shape) -> str:
    if shape.repeat is not None:
        return f"至多 {shape.repeat.at_most} 轮；轮次.{shape.repeat.code} 是已办完的轮数"
    return _of_step(shape.step) if shape.step is not None else ""


def _of_step(step: Step) -> str:
    """Who does a step and until when, as far as its attributes say."""
    parts = []
    office = step.attributes.get("office")
    if isinstance(office, str) and office and not unprintable(office):
        parts.append(f"办理单位：{_OFFICES.get(office, office)}")
    limit = step.attributes.get("limit")
    if isinstance(limit, dict):
        parts.append(f"时限：{limit['amount']} {UNITS[str(limit['unit'])]}")
    return "；".join(parts)


def _write_drawing(plane: Xml.Element, drawing: Drawing) -> None:
    for shape in drawing.shapes:
        attributes = {"id": f"{shape.id}-shape", "bpmnElement": shape.id}
        if shape.kind == "exclusiveGateway":
            attributes["isMarkerVisible"] = "true"
        element = Xml.SubElement(plane, _tag("bpmndi:BPMNShape"), attributes)
        _bounds(element, shape.box)
        if shape.label is not None:
            _bounds(Xml.SubElement(element, _tag("bpmndi:BPMNLabel")), shape.label)
    for edge in drawing.edges:
        element = Xml.SubElement(plane, _tag("bpmndi:BPMNEdge"), {"id": f"{edge.id}-edge", "bpmnElement": edge.id})
        for x, y in edge.points:
            Xml.SubElement(element, _tag("di:waypoint"), {"x": str(x), "y": str(y)})
        if edge.label is not None:
            _bounds(Xml.SubElement(element, _tag("bpmndi:BPMNLabel")), edge.label)


def _bounds(element: Xml.Element, box: Box) -> None:
    Xml.SubElement(
        element,
        _tag("dc:Bounds"),
        {"x": str(box.x), "y": str(box.y), "width": str(box.width), "height": str(box.height)},
    )
