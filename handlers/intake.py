"""Work lists in Slack: a supervisor sends a file to the bot, looks at what would come of it, and presses Import."""

from __future__ import annotations

from slack_sdk.models.views import View

from bot.intake import sent
from bot.intake.errors import IdentifiersFound, WrongColumns
from bot.intake.opening import FileKind, kind_of
from bot.intake.sent import Wish
from bot.intake.source import GivenFile
from bot.views import intake as views
from bot.views.ids import ActionId, CallbackId
from bot.views.intake import Choice, read_choice
from bot.views.layout import Message, say
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, EventCall, FormCall
from handlers.downloads import fetch

#: How often a progress message is brought up to date, whatever the length of the file.
UPDATES = 5


def register(boundary: Boundary) -> None:
    """Register every listener of this part. The files themselves come with messages to the bot."""
    boundary.action(ActionId.INTAKE_IMPORT, on_import_click)
    boundary.action(ActionId.INTAKE_DROP, on_check_click)
    boundary.action(ActionId.INTAKE_KIND, on_check_click)
    boundary.action(ActionId.INTAKE_MATCH, on_match_click)
    boundary.form(CallbackId.INTAKE_MATCH_FORM, on_match_submission)


def tell_how_to_import(call: Call) -> None:
    """``/team import``."""
    call.look(sent.may_bring_in)
    call.reply(views.how_to_message())


def on_files(call: EventCall) -> None:
    """A message with files in it: one list is checked, for a supervisor."""
    call.look(sent.may_bring_in)
    files = [str(one.get("id") or "") for one in call.event["files"]]
    if len(files) > 1:
        call.reply(say("One file at a time, please: I opened none of them."))
        return
    _check(call, Choice(files[0], Wish()))


def on_check_click(call: ActionCall) -> None:
    """*Leave them out and check*, and *These are releases*."""
    _check(call, read_choice(call.value))


def on_match_click(call: ActionCall) -> None:
    """*Match columns* opens the form over the headers of the file."""
    choice = read_choice(call.value)

    def build() -> View:
        file = fetch(call, choice.file_id)
        kind = choice.wish.kind or kind_of(file)
        offer = sent.headers_of(call.desk, call.who, file, kind)
        return views.match_form(offer, Choice(choice.file_id, Wish(kind, choice.wish.drop)), call.form_context())

    call.open_slowly(views.reading_window(), build)


def on_match_submission(call: FormCall) -> None:
    """The form is remembered, and the file checked again."""
    choice, meanings = views.read_match_form(call.values, call.subject)
    sent.match_headers(call.desk, call.who, choice.wish.kind or FileKind.TASKS, meanings, call.once)
    call.later(lambda: _check(call, choice))


def on_import_click(call: ActionCall) -> None:
    """*Import* takes over the file that was checked, and sends which line became which reference."""
    choice = read_choice(call.value)
    call.look(sent.may_bring_in)
    file = fetch(call, choice.file_id)
    progress = _Progress(call, choice.wish.kind, "importing")
    try:
        report, mapped = sent.bring_in(call.desk, call.who, file, choice.wish, progress.tell)
    except Exception:
        progress.end(say("The import did not come to its end. The reason follows."))
        raise
    progress.end(views.imported_message(report))
    if mapped.lines:
        comment = "Which line of your file became which reference. Nobody else sees it, and I keep no copy."
        call.post_file("references.csv", mapped.content(report.unit), title="references.csv", comment=comment)


def _check(call: Call, choice: Choice) -> None:
    file = fetch(call, choice.file_id)
    progress = _Progress(call, choice.wish.kind, "checking")
    try:
        progress.end(_checked(call, file, choice, progress))
    except Exception:
        progress.end(say("I could not check this file, and stored nothing of it. The reason follows."))
        raise


def _checked(call: Call, file: GivenFile, choice: Choice, progress: _Progress) -> Message:
    kind = choice.wish.kind or kind_of(file)
    known = Choice(choice.file_id, Wish(kind, choice.wish.drop))
    try:
        report, _ = sent.check_file(call.desk, call.who, file, known.wish, progress.tell)
    except IdentifiersFound as found:
        return views.identifiers_message(found.columns, known)
    except WrongColumns as wrong:
        return views.columns_message(wrong.sentence, known)
    if len(report.rejected) > views.SHOWN:
        comment = "Every rejected line with its column and the reason."
        call.post_file("rejected.csv", sent.rejected_file(report), title="rejected.csv", comment=comment)
    return views.checked_message(report, known)


class _Progress:
    """One message that tells how far it is, a few times, and at last what came of it."""

    def __init__(self, call: Call, kind: FileKind | None, what: str) -> None:
        self.call = call
        self.kind = kind
        self._told = 0
        self._place = call.begin(views.progress_message(kind, what, 0, 0))

    def tell(self, done: int, total: int, what: str) -> None:
        """Bring the message up to date when another fifth is done."""
        step = done * UPDATES // max(total, 1)
        if step > self._told and done < total:
            self._told = step
            self.call.edit(self._place, views.progress_message(self.kind, what, done, total))

    def end(self, message: Message) -> None:
        """The last version of the message."""
        self.call.edit(self._place, message)
