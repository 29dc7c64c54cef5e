"""Cards and forms on the page in a real browser: every element, errors, files, limits, stacks of forms."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.chromium import needs_chromium
from tests.browser.scene import Scene, pick
from tests.unit.sandbox.demo_bot import ask, form

pytestmark = needs_chromium


def test_every_element_of_a_card_works(scene: Scene) -> None:
    page = scene.page
    scene.send("/card")
    page.get_by_test_id("go").click()
    scene.see("go = go-1")
    page.get_by_test_id("more").click()
    page.get_by_role("menuitem", name="History").click()
    scene.see("more = history")
    pick(page, "fruit", "ch", "Cherry")
    scene.see("fruit = cherry")
    pick(page, "search", "ap", "Apricot")
    scene.see("search = apricot")
    pick(page, "person", "grace", "Grace Okafor")
    scene.see("person = U0GRACE01")
    pick(page, "room", "records", "#records-desk")
    scene.see("room = C")
    page.get_by_test_id("day").fill("2026-12-01")
    scene.see("day = 2026-12-01")
    page.get_by_test_id("hour").fill("14:05")
    scene.see("hour = 14:05")
    page.get_by_test_id("moment").fill("2026-11-18T06:06")
    scene.see("moment = 1794999960")
    page.get_by_label("Large").check()
    scene.see("size = large")
    page.get_by_label("Sugar").check()
    scene.see("extras = sugar")
    pick(page, "people", "tom", "Tomás Lindqvist")
    scene.see("people = U0TOMAS01")
    page.get_by_test_id("words").fill("three words")
    page.get_by_test_id("words").press("Enter")
    scene.see("words = three words")


def test_a_confirmation_can_be_refused_and_given(scene: Scene) -> None:
    page = scene.page
    scene.send("/card")
    page.get_by_test_id("end").click()
    expect(page.get_by_test_id("confirm")).to_contain_text("This ends the card.")
    page.get_by_test_id("confirm-deny").click()
    expect(page.get_by_text("A card with everything")).to_be_visible()
    page.get_by_test_id("end").click()
    page.get_by_test_id("confirm-yes").click()
    scene.see("The card is finished.")
    expect(page.get_by_text("A card with everything")).to_have_count(0)


def test_a_form_shows_errors_under_its_inputs_and_then_closes(scene: Scene) -> None:
    page = scene.page
    scene.send("/form")
    modal = page.get_by_role("dialog", name="Every input")
    expect(modal).to_be_visible()
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_test_id("error-title_block")).to_contain_text("Please complete this required field.")
    title = modal.get_by_label("Title")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    title.fill("bad")
    modal.get_by_label("Story").fill("kept while the error shows")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_test_id("error-title_block")).to_contain_text("Choose another title.")
    expect(modal.get_by_label("Story")).to_have_value("kept while the error shows")
    modal.get_by_label("Title").fill("good")
    modal.get_by_label("Title").press("Enter")
    expect(modal).to_have_count(0)
    scene.see("You sent good.")


def test_every_input_of_a_form_reaches_the_bot(scene: Scene) -> None:
    page = scene.page
    scene.send("/form")
    modal = page.get_by_test_id("modal")
    modal.get_by_label("Title").fill("All of it")
    for label, value in [
        ("Story", "two\nlines"), ("Count", "7"), ("Email", "a@b.org"), ("Site", "https://b.org"), ("Day", "2026-12-24"),
        ("Hour", "08:15"), ("Moment", "2026-11-18T06:06"),
    ]:  # fmt: skip
        modal.get_by_label(label).fill(value)
    for name, typed, option in [
        ("fruit", "ban", "Banana"), ("fruits", "fig", "Fig"), ("fruits", "gr", "Grape"), ("search", "ap", "Apple"),
        ("searches", "d", "Date"), ("person", "dan", "Daniel Cho"), ("people", "pri", "Priya Nair"),
        ("room", "coding", "#coding-questions"),
    ]:  # fmt: skip
        pick(page, name, typed, option)
    modal.get_by_test_id("boxes").get_by_label("Apple").check()
    modal.get_by_test_id("radio").get_by_label("Banana").check()
    modal.get_by_test_id("modal-submit").click()
    scene.see("You sent All of it.")
    body = scene.recorder.last("form")
    values = {name: entry for block in body["view"]["state"]["values"].values() for name, entry in block.items()}
    assert values["story"]["value"] == "two\nlines"
    assert (values["count"]["value"], values["email"]["value"], values["site"]["value"]) == (
        "7",
        "a@b.org",
        "https://b.org",
    )
    assert values["fruit"]["selected_option"]["value"] == "banana"
    assert [option["value"] for option in values["fruits"]["selected_options"]] == ["fig", "grape"]
    assert values["search"]["selected_option"]["value"] == "apple"
    assert [option["value"] for option in values["searches"]["selected_options"]] == ["date"]
    assert values["person"]["selected_user"] == "U0DANIEL1"
    assert values["people"]["selected_users"] == ["U0PRIYA01"]
    assert values["room"]["selected_conversation"].startswith("C")
    assert values["day"]["selected_date"] == "2026-12-24"
    assert values["hour"]["selected_time"] == "08:15"
    assert values["moment"]["selected_date_time"] == 1_794_999_960
    assert [option["value"] for option in values["boxes"]["selected_options"]] == ["apple", "apricot"]
    assert values["radio"]["selected_option"]["value"] == "banana"


def file_form() -> dict[str, object]:
    return form(blocks=[
        ask("title", {"type": "plain_text_input"}),
        ask("list", {"type": "file_input", "filetypes": ["csv"], "max_files": 1}, optional=False),
    ])  # fmt: skip


def test_a_form_takes_files(scene: Scene) -> None:
    scene.workspace.views.open("U0NOOR001", file_form(), scene.workspace.now())
    scene.workspace.feed.tell()
    modal = scene.page.get_by_test_id("modal")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_test_id("error-list_block")).to_contain_text("Please complete this required field.")
    modal.get_by_test_id("list").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    expect(modal.get_by_text("people.csv")).to_be_visible()
    modal.get_by_test_id("title").fill("import")
    modal.get_by_test_id("modal-submit").click()
    scene.see("You sent import.")
    (sent,) = scene.recorder.last("form")["view"]["state"]["values"]["list_block"]["list"]["files"]
    stored = scene.workspace.files.find(sent["id"])
    assert stored is not None
    assert stored.content == b"a,b\n"


def test_no_more_options_than_allowed_can_be_chosen(scene: Scene) -> None:
    page = scene.page
    scene.send("/form")
    pick(page, "fruits", "fig", "Fig")
    pick(page, "fruits", "gr", "Grape")
    pick(page, "fruits", "ch", "Cherry")
    expect(page.get_by_text("Choose at most 2.")).to_be_visible()


def test_forms_stack_update_and_clear(scene: Scene) -> None:
    page = scene.page
    scene.send("/steps")
    expect(page.get_by_role("heading", name="Step 1")).to_be_visible()
    page.get_by_test_id("answer").fill("half a sentence")
    page.get_by_test_id("reload").click()
    expect(page.get_by_text("Reloaded.")).to_be_visible()
    expect(page.get_by_test_id("answer")).to_have_value("half a sentence")
    page.get_by_test_id("deeper").click()
    expect(page.get_by_role("heading", name="Step 2")).to_be_visible()
    expect(page.get_by_text("2 of 3")).to_be_visible()
    page.get_by_test_id("modal-close").click()
    expect(page.get_by_role("heading", name="Step 1")).to_be_visible()
    expect(page.get_by_test_id("answer")).to_have_value("half a sentence")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_role("heading", name="Step 2")).to_be_visible()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_text("Step 2 became step 3.")).to_be_visible()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_be_hidden()


def test_a_form_that_changes_does_not_close_the_menu_somebody_is_choosing_from(scene: Scene) -> None:
    page = scene.page
    scene.send("/steps")
    page.get_by_test_id("flavour").click()
    fig = page.locator('li[role="option"]').filter(has_text="Fig")
    expect(fig).to_be_visible()
    scene.person().click(scene.person().needs_modal("Step 1"), "reload")
    scene.person().sees("Reloaded.")
    scene.person("U0PRIYA01").says("news for all", channel="#coding-questions")
    expect(page.get_by_test_id("place-coding-questions").locator(".badge")).to_have_text("1")
    expect(page.get_by_text("Reloaded.")).to_have_count(0)
    fig.click()
    expect(page.get_by_text("Reloaded.")).to_be_visible()
    expect(page.get_by_test_id("flavour")).to_have_value("Fig")


def test_escape_closes_the_form_the_bot_is_told_and_the_keyboard_returns(scene: Scene) -> None:
    page = scene.page
    scene.send("/card")
    opener = page.get_by_test_id("open")
    opener.focus()
    opener.press("Enter")
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement || document.activeElement === document.body"
                             " || document.getElementById('modal').contains(document.activeElement)")  # fmt: skip
    page.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(opener).to_be_focused()
    assert scene.person().eventually(lambda: [about for about, _ in scene.recorder.seen if about == "form closed"])
