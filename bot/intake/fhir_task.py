"""One FHIR Task, checked by the library of FHIR's own models and understood: a line with cells, or what is wrong with it, by element path."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fhir.resources.R4B.task import Task
from pydantic import ValidationError

from bot.intake import fhir_words as words
from bot.intake.columns import looks_identifying
from bot.intake.problems import Problem
from bot.intake.source import Line
from bot.intake.task_words import TASK_COLUMNS

#: Elements whose contents repeat from task to task.
_OFTEN_THE_SAME = frozenset({"code", "statusReason", "businessStatus", "restriction", "input", "owner", "meta", "performerType"})
#: How many of them are remembered.
REMEMBERED = 50_000
#: Problems told of one entry.
MOST_PROBLEMS = 5
_REASONS = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "json_invalid": "must be an object",
    "missing": "is missing",
    "model_field_validation.missing": "is missing",
}
_DATES = ("end", "start", "authoredOn", "lastModified")


class TaskReader:
    """Reads the tasks of one file.

    The library takes a millisecond for a task, most of it for elements that are the same on thousands of tasks (codes, kinds of input, days). One that
    passed is not shown to it again: of each a hash is remembered, never the element.
    """

    def __init__(self) -> None:
        self._passed: set[int] = set()

    def read(self, number: int, resource: Mapping[str, Any], full_url: str) -> Line | list[Problem]:
        """A line like those of a table, with our columns; or everything that is wrong with the resource."""
        try:
            self._check(resource)
        except ValidationError as error:
            return _wrong_types(number, error)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return [Problem(number, "Task", "is not what FHIR R4 allows", "entry")]
        cells, problems = _cells(number, resource)
        return problems or Line(number, cells, _key(resource, full_url), words.PATHS)

    def _check(self, resource: Mapping[str, Any]) -> None:
        rest, new = dict(resource), set[int]()
        for name in _OFTEN_THE_SAME & resource.keys():
            held = resource[name]
            parts = held if isinstance(held, list) else [held]
            marks = [hash((name, isinstance(held, list), json.dumps(part, sort_keys=True, default=str))) for part in parts]
            left = [part for part, mark in zip(parts, marks, strict=True) if mark not in self._passed]
            new.update(marks)
            if not left:
                del rest[name]
            elif isinstance(held, list):
                rest[name] = left
        try:
            Task.model_validate(rest)
        except ValidationError:
            Task.model_validate(dict(resource))  # once more whole, so that the path counts every part
            return
        if len(self._passed) < REMEMBERED:
            self._passed |= new


def identifying_inputs(resource: Mapping[str, Any]) -> bool:
    """Whether an input of a task is named like an identifier of a patient."""
    inputs = resource.get("input")
    return isinstance(inputs, list) and any(
        TASK_COLUMNS.field_of(name) is None and looks_identifying(name) for one in inputs for name in _input_names(one)
    )


def _wrong_types(number: int, error: ValidationError) -> list[Problem]:
    """Where the types are wrong. Neither the value nor a key the file made up is repeated."""
    told = []
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_PROBLEMS]:
        surplus = one["type"] == "extra_forbidden"
        path = _path(one["loc"][:-1] if surplus else one["loc"])
        reason = "has an element that FHIR R4 does not know" if surplus else _reason(one["type"], one["loc"])
        told.append(Problem(number, path, reason, "entry"))
    return told


def _reason(kind: str, place: Sequence[str | int]) -> str:
    if kind == "value_error" and place and place[-1] in _DATES:
        return "must be a date or a time with its zone, such as 2026-12-01 or 2026-12-01T17:00:00-05:00"
    return _REASONS.get(kind, "is not what FHIR R4 allows here")


def _path(place: Sequence[str | int]) -> str:
    return "Task" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)


def _cells(number: int, task: Mapping[str, Any]) -> tuple[dict[str, str], list[Problem]]:
    problems: list[Problem] = []
    cells = _inputs(task)
    state = words.STATES.get(task["status"], ...)
    if state is ...:
        problems.append(Problem(number, "Task.status", "is no status of a FHIR task", "entry"))
    elif state is None:
        problems.append(Problem(number, "Task.status", "is draft, which is no work yet", "entry"))
    else:
        cells["status"] = state
    if priority := task.get("priority"):
        if priority in words.PRIORITIES:
            cells["priority"] = words.PRIORITIES[priority]
        else:
            problems.append(Problem(number, "Task.priority", "must be one of: routine, urgent, asap, stat", "entry"))
    told = {
        "task_ref": _own_reference(task),
        "task_type": _code(task.get("code"), words.TASK_TYPE),
        "hold_reason": _code(task.get("statusReason"), words.HOLD_REASON) if task["status"] == "on-hold" else "",
        "due_date": str(((task.get("restriction") or {}).get("period") or {}).get("end") or ""),
        "owner": _owner(task.get("owner") or {}),
    }
    cells |= {name: value for name, value in told.items() if value}
    authored = str(task.get("authoredOn") or "")[:10]
    if "discharge_date" not in cells and "age_days" not in cells and len(authored) == len("2026-12-01"):
        cells["discharge_date"] = authored
    return cells, problems


def _own_reference(task: Mapping[str, Any]) -> str:
    """The reference a task, or else its record, has with us already, as our own export writes it."""
    by_system = {one.get("system"): str(one.get("value") or "") for one in task.get("identifier") or ()}
    return by_system.get(words.TASK_REFERENCE) or by_system.get(words.RECORD_REFERENCE) or ""


def _code(concept: Any, system: str) -> str:  # noqa: ANN401 - FHIR's JSON
    """A concept in our own system if it has one, else its first code, else its text."""
    codings = (concept or {}).get("coding") or []
    ours = [one for one in codings if one.get("system") == system]
    found = next((one["code"] for one in [*ours, *codings] if one.get("code")), None)
    return str(found or (concept or {}).get("text") or "")


def _owner(owner: Mapping[str, Any]) -> str:
    named = (owner.get("identifier") or {}).get("value")
    kind, _, key = str(owner.get("reference") or "").rpartition("/")
    return str(named or ("" if kind.endswith(("Patient", "RelatedPerson")) else key))


def _inputs(task: Mapping[str, Any]) -> dict[str, str]:
    """Facts that stand in inputs; others are left out."""
    cells = {}
    for one in task.get("input") or ():
        field = next((found for name in _input_names(one) if (found := TASK_COLUMNS.field_of(name))), None)
        value = _value(one)
        if field in words.INPUTS and value:
            cells[field] = value
    return cells


def _input_names(one: Any) -> list[str]:  # noqa: ANN401 - FHIR's JSON
    kind = one.get("type") if isinstance(one, dict) else None
    if not isinstance(kind, dict):
        return []
    codings = kind.get("coding") if isinstance(kind.get("coding"), list) else []
    names = [coding.get("code") for coding in codings or () if isinstance(coding, dict)] + [kind.get("text")]
    return [name for name in names if isinstance(name, str)]


def _value(one: Mapping[str, Any]) -> str:
    value = next((value for name, value in one.items() if name.startswith("value")), None)
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, dict):
        return _code(value, "") if "coding" in value or "text" in value else str(value.get("code") or "")
    return "" if value is None else str(value)


def _key(task: Mapping[str, Any], full_url: str) -> str | None:
    """What finds the record again: the focus, else the encounter, else the task's own identifier or address. Only its keyed hash is ever kept."""
    for name in ("focus", "encounter"):
        reference = task.get(name) or {}
        identifier = reference.get("identifier") or {}
        stated = reference.get("reference") or "|".join(
            str(identifier[part]) for part in ("system", "value") if identifier.get(part)
        )
        if stated and not str(stated).rpartition("/")[0].endswith("Patient"):
            return f"fhir:{stated}"
    foreign = [one for one in task.get("identifier") or () if one.get("value") and not str(one.get("system") or "").startswith("urn:chartdesk:")]
    if foreign:
        return f"fhir:{foreign[0].get('system') or ''}|{foreign[0]['value']}"
    stated = full_url or (f"Task/{task['id']}" if task.get("id") else "")
    return f"fhir:{stated}" if stated else None
