"""The people of the desk: the list, and the form for one of them."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DatePickerElement,
    InteractiveElement,
    PlainTextInputElement,
    StaticMultiSelectElement,
)
from slack_sdk.models.views import View

from bot.team.people import Coworker, Kept, PeoplePage
from bot.views.forms import FormContext, FormValues
from bot.views.ids import ActionId, CallbackId, Field
from bot.views.layout import (
    Message,
    actions,
    button,
    context,
    cut,
    day,
    form,
    header,
    input_block,
    option,
    person,
    section,
    window,
    word_options,
    words,
)
from storage.words import Role

CLEARED = "cleared"
_LONGEST = 400


def people_message(page: PeoplePage) -> Message:
    """A page of the people, each with a button to change them."""
    shown: list[Block] = [header(f"People ({page.total})")]
    shown += [section(_line(one), accessory=button("Change", ActionId.PERSON_EDIT, one.slack_user_id)) for one in page.people]
    if page.pages > 1:
        shown += [context(f"Page {page.page + 1} of {page.pages}"), actions(*_turning(page))]
    shown.append(context("`/team people @person` opens one of them. `/assign everything of @person to team` moves the work of somebody on leave."))
    return Message(text=f"People: {page.total}", blocks=shown)


def people_window(page: PeoplePage) -> View:
    """The same in a window."""
    return window("People", people_message(page).blocks)


def person_form(one: Coworker, form_context: FormContext, *, gives_roles: bool) -> View:
    """What somebody can do and where, their leave, and for an admin their roles."""
    cleared = [option("May see and work restricted records (VIP, employee)", CLEARED)]
    asked: list[Block] = [
        section(f"{person(one.slack_user_id)} · {_roles(one)} · zone {one.zone}"),
        input_block(Field.SKILLS, "Skills", _text(", ".join(one.skills)), optional=True, hint="Separated by commas. None means: may do all."),
        input_block(
            Field.FACILITIES, "Facilities", _text(", ".join(one.facilities)), optional=True, hint="Separated by commas. None means: all of them."
        ),
        input_block(Field.STAFF_CODE, "Staff code", _text(one.staff_code or "", 40), optional=True, hint="What imported files call this person."),
        input_block(
            Field.CLEARED,
            "Restricted records",
            CheckboxesElement(action_id=str(Field.CLEARED), options=cleared, initial_options=cleared if one.works_restricted else None),
            optional=True,
        ),
        input_block(Field.AWAY_FIRST, "On leave from", _date(one.away_first), optional=True),
        input_block(
            Field.AWAY_UNTIL, "Last day of leave", _date(one.away_last), optional=True, hint="Messages wait until the leave is over; no work is assigned."
        ),
    ]
    if gives_roles:
        chosen = word_options(one.roles) or None
        roles = StaticMultiSelectElement(action_id=str(Field.ROLES), options=word_options(Role), initial_options=chosen)
        asked.append(input_block(Field.ROLES, "Roles", roles, optional=True, hint="Without a role somebody may only look up codes."))
    return form(CallbackId.PERSON_FORM, cut(one.name, 24), asked, form_context)


def read_person_form(values: FormValues, *, gives_roles: bool) -> Kept:
    """Read the form of a person."""
    return Kept(
        skills=values.text(Field.SKILLS) or "",
        facilities=values.text(Field.FACILITIES) or "",
        staff_code=values.text(Field.STAFF_CODE),
        works_restricted=CLEARED in values.many(Field.CLEARED),
        away_first=values.day(Field.AWAY_FIRST),
        away_last=values.day(Field.AWAY_UNTIL),
        roles=tuple(Role(role) for role in values.many(Field.ROLES)) if gives_roles else None,
    )


def kept_message(one: Coworker) -> Message:
    """What was stored about a person."""
    told = f"Kept: {_line(one)}"
    if one.away_last and one.active_tasks:
        told += f"\nThey have {one.active_tasks} active tasks. `/assign everything of @person to team` moves them."
    return Message(text=cut(told, 3000), blocks=[section(told)])


def _line(one: Coworker) -> str:
    skills = f" · skills {', '.join(one.skills)}" if one.skills else ""
    facilities = f" · at {', '.join(one.facilities)}" if one.facilities else ""
    cleared = " · restricted records" if one.works_restricted else ""
    code = f" · {one.staff_code}" if one.staff_code else ""
    return f"{person(one.slack_user_id)} · {_roles(one)}\n{one.active_tasks} active{code}{skills}{facilities}{cleared}{_leave(one)}"


def _leave(one: Coworker) -> str:
    if one.away_last is None:
        return ""
    return f" · on leave from {day(one.away_first)} to {day(one.away_last)}" if one.away_first else f" · on leave until {day(one.away_last)}"


def _roles(one: Coworker) -> str:
    return ", ".join(words(role) for role in one.roles) or "no role"


def _text(value: str, longest: int = _LONGEST) -> PlainTextInputElement:
    return PlainTextInputElement(initial_value=value or None, max_length=longest)


def _date(value: object) -> DatePickerElement:
    return DatePickerElement(initial_date=str(value) if value else None)


def _turning(page: PeoplePage) -> list[InteractiveElement]:
    back = [button("Previous", ActionId.PEOPLE_PAGE, str(page.page - 1), key="previous")] if page.page else []
    on = [button("Next", ActionId.PEOPLE_PAGE, str(page.page + 1), key="next")] if page.page + 1 < page.pages else []
    return [*back, *on]
