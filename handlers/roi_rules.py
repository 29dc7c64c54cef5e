"""The rules of deadlines in Slack: the list, and the form with which an admin changes one."""

from __future__ import annotations

from dataclasses import replace

from bot.roi.rule_editing import add_rule, change_rule, choose_calendar
from bot.roi.rule_pages import past_versions, rule_in_force, rule_page
from bot.views import roi_rules as views
from bot.views.ids import ActionId, CallbackId, Field
from handlers.boundary import Boundary
from handlers.call import ActionCall, Call, FormCall


def register(boundary: Boundary) -> None:
    """Register every listener of this part."""
    boundary.action(ActionId.ROI_RULES_PAGE, on_page_click)
    boundary.action(ActionId.ROI_RULE_EDIT, on_edit_click)
    boundary.action(ActionId.ROI_RULES_HISTORY, on_history_click)
    boundary.action(ActionId.ROI_RULE_ADD, on_add_click)
    boundary.action(ActionId.ROI_HOLIDAYS, on_holidays_click)
    boundary.form(CallbackId.ROI_HOLIDAYS_FORM, on_holidays_submission)
    boundary.form(CallbackId.ROI_RULE_FORM, on_rule_submission)
    boundary.form(CallbackId.ROI_NEW_RULE_FORM, on_new_rule_submission)


def show_rules(call: Call) -> None:
    """``/roi rules``."""
    call.reply(views.rules_message(call.look(rule_page, call.desk.rules)))


def on_page_click(call: ActionCall) -> None:
    """*Previous* and *Next* under the rules."""
    call.replace(views.rules_message(call.look(rule_page, call.desk.rules, int(call.value))))


def on_edit_click(call: ActionCall) -> None:
    """*Edit* beside a rule."""
    in_force = call.look(rule_in_force, call.desk.rules, call.value)
    # The list stays: the answer comes below it.
    call.open(views.rule_form(in_force, replace(call.form_context(), replaces=False)))


def on_add_click(call: ActionCall) -> None:
    """*Add a state's rule* under the rules."""
    call.open(views.new_rule_form(replace(call.form_context(call.value), replaces=False)))


def on_holidays_click(call: ActionCall) -> None:
    """*Whose holidays* under the rules."""
    call.open(views.holidays_form(call.value, replace(call.form_context(), replaces=False)))


def on_holidays_submission(call: FormCall) -> None:
    """The form about holidays."""
    why = call.accept_text(call.values.text(Field.WHY), "why", views.LONGEST_WHY)
    page = call.change(choose_calendar, call.desk.rules, *views.read_holidays_form(call.values, call.subject, why))
    call.finish(views.rules_message(page, "Whose holidays count is changed, for every release logged from now on."))


def on_history_click(call: ActionCall) -> None:
    """*Who changed what*."""
    call.open(views.history_window(call.look(past_versions)))


def on_rule_submission(call: FormCall) -> None:
    """The form that changes a rule."""
    rule_id = views.rule_of(call.subject)
    stands = call.look(rule_in_force, call.desk.rules, rule_id).rule
    source = call.values.text(Field.SOURCE)
    # A source that stays as it is need not pass the guard again: statutes have numbers in them.
    changed = call.accept_text(source, "source", views.LONGEST_SOURCE) if source != stands.source else None
    why = call.accept_text(call.values.text(Field.WHY), "why", views.LONGEST_WHY)
    edit = views.read_rule_form(call.values, call.subject, changed, why)
    page = call.change(change_rule, call.desk.rules, edit)
    told = "counts no more" if edit.drop else "is changed"
    call.finish(views.rules_message(page, f"{rule_id} {told}, for every release logged from now on."))


def on_new_rule_submission(call: FormCall) -> None:
    """The form of a new rule."""
    source = call.accept_text(call.values.text(Field.SOURCE), "source", views.LONGEST_SOURCE)
    why = call.accept_text(call.values.text(Field.WHY), "why", views.LONGEST_WHY)
    new = views.read_new_rule_form(call.values, call.subject, source, why)
    rule_id, page = call.change(add_rule, call.desk.rules, new)
    call.finish(views.rules_message(page, f"{rule_id} is added, for every release logged from now on."))
