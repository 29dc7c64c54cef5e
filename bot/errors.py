"""What the desk says when it cannot do what was asked.

A :class:`Refusal` is expected: somebody asked for something the rules do not allow, and the sentence tells them what to do
instead. Anything else that is raised is a fault: it gets a reference id, its traceback goes to the log, and the user sees no detail.
"""

from __future__ import annotations

import inspect


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The desk cannot do that."""

    def __init__(self, sentence: str | None = None, *, field: str | None = None) -> None:
        """Build a refusal.

        :param sentence: what the user reads; the class docstring when left out.
        :param field: the form field the sentence belongs under, by its word in the form (``"note"``), if it is about one.
        """
        self.sentence = sentence or inspect.cleandoc(type(self).__doc__ or "")
        self.field = field
        super().__init__(self.sentence)


class NotAllowed(Refusal):
    """Your role does not include this. A supervisor or an admin can do it or give you the role."""


class NotFound(Refusal):
    """Nothing here has that reference. Check it, or look in /tasks."""


class Stale(Refusal):
    """This changed in the meantime. Open it again to see how it stands now."""


class BadInput(Refusal):
    """This cannot be read. Check it and try again."""


class AlreadyDone(Exception):  # noqa: N818 - it is an answer, not an error
    """The same request was carried out before; nothing happens twice."""
