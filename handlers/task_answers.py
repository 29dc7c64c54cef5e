"""How a listener shows what a task has become."""

from __future__ import annotations

from bot.reviews.cards import TaskCard
from bot.views import task_card as views
from handlers.call import ActionCall, FormCall
from handlers.home import refresh_home


def show_task(call: ActionCall, task: TaskCard, opening: str = "") -> None:
    """In place of the card whose button was pressed."""
    call.show(views.task_message(task, opening), views.task_window(task))
    refresh_home(call)


def finish_task(call: FormCall, task: TaskCard, told: str) -> None:
    """Where the form was opened."""
    call.finish(views.task_message(task, told), views.task_window(task))
    call.later(lambda: refresh_home(call))
