"""The description of the API (OpenAPI 3.1): to what the operations say themselves, problems, headers and keys are added."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from yizhantong.web.api.auth import ANYONE, SCHEMES
from yizhantong.web.api.problems import MEDIA_TYPE, TITLES
from yizhantong.web.api.schemas import ProblemOut

READING = (400, 401, 403, 404, 405, 409, 422, 429, 500)
WRITING = (*READING, 413, 415)
CREATED = {
    "Location": {
        "description": "新记录的地址",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
KEEPING = ("check_draft", "record_fact", "reverse_fact", "file_case", "create_draft", "submit_draft")
METHODS = ("get", "post", "put", "patch", "delete")


def completed(schema: OpenAPISchema) -> OpenAPISchema:
    """Return the schema with every problem declared at every operation, security schemes, and headers of answers."""
    problem = ProblemOut.model_json_schema(ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema)
    components: dict[str, Any] = schema["components"]
    components["schemas"] |= problem.pop("$defs", {}) | {"ProblemOut": problem}
    components["securitySchemes"] = SCHEMES
    components["responses"] = {f"Problem{status}": _problem(status) for status in sorted(WRITING)}
    for path in schema["paths"].values():
        for method, operation in path.items():
            if method in METHODS:
                _complete(operation, method)
    return schema


def _complete(operation: dict[str, Any], method: str) -> None:
    operation.setdefault("security", ANYONE)
    for parameter in operation["parameters"]:
        parameter["schema"] = _given(parameter["schema"])
    sent = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if sent is not None:
        sent["schema"]["properties"]["file"]["minLength"] = 1  # an empty file is none
    responses: dict[Any, Any] = operation["responses"]
    for status in READING if method == "get" else WRITING:
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    if operation["operationId"] in KEEPING:
        responses[201]["headers"] = CREATED
    operation["responses"] = {str(status): answer for status, answer in sorted(responses.items())}


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter as it is when it is given: an address holds no null."""
    others = [item for item in schema.get("anyOf", []) if item != {"type": "null"}]
    if len(others) != 1:
        return schema
    own: dict[str, Any] = {name: value for name, value in schema.items() if name != "anyOf"}
    own.update(others[0])
    return own


def _problem(status: int) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
    answer: dict[str, Any] = {"description": f"{HTTPStatus(status).phrase} {TITLES[status]}", "content": content}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    if status == 405:
        answer["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return answer
