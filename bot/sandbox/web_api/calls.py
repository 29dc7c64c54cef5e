"""One Web API call: its arguments, read the way Slack reads them, and the errors it can end with."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.sandbox.identifiers import Json, JsonValue
from bot.sandbox.limits import Problem
from bot.sandbox.workspace import Workspace

_TRUE = (True, 1, "1", "true", "True")


class ApiError(Exception):
    """The call is refused with Slack's error code; ``details`` are the further fields of the answer."""

    def __init__(self, code: str, details: Json | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = details or {}

    @property
    def answer(self) -> Json:
        """The body of the refusal."""
        return {"ok": False, "error": self.code, **self.details}


def refuse_arguments(*sentences: str, code: str = "invalid_arguments") -> ApiError:
    """An error with sentences in ``response_metadata.messages``, as Slack adds them."""
    return ApiError(code, {"response_metadata": {"messages": [f"[ERROR] {sentence}" for sentence in sentences]}})


def refuse_problems(problems: Sequence[Problem], code: str) -> ApiError:
    """An error naming every broken limit; a problem with a code of its own decides the error."""
    own = next((problem.code for problem in problems if problem.code), code)
    sentences = [f"{problem.sentence} [json-pointer:{problem.path}]" for problem in problems]
    details = {"errors": sentences, "response_metadata": {"messages": [str(problem) for problem in problems]}}
    return ApiError(own, details)


@dataclass
class Call:
    """A call being answered. ``caller`` is the user id behind the token."""

    workspace: Workspace
    method: str
    arguments: Json
    base_url: str
    caller: str = ""

    def text(self, name: str, default: str = "") -> str:
        """A string argument, or the default when it is absent."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """A string argument that must be there. Raises ApiError("invalid_arguments")."""
        value = self.text(name)
        if not value:
            raise refuse_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes or no argument, given as true, 1, "1" or "true"."""
        value = self.arguments.get(name)
        return default if value is None else value in _TRUE

    def whole(self, name: str, default: int) -> int:
        """A whole number. Raises ApiError("invalid_arguments") for anything else."""
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            raise refuse_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def structure(self, name: str, code: str = "invalid_arguments") -> JsonValue:
        """An argument that is JSON, as an object or as a string holding one. Raises ApiError(code)."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(code) from None


Method = Callable[[Call], Json]
