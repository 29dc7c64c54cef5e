// Modals: the form on top of the stack, in a native dialog that keeps the keyboard inside.

import { act } from "./api.js";
import { redrawKeepingFocus, renderBlocks } from "./blocks.js";
import { el, fill, openLists } from "./dom.js";
import { Surface, forgetDrafts } from "./surface.js";

export class Modals {
  constructor(dialog) {
    this.dialog = dialog;
    this.sign = "";
    this.view = null;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close(false);
    });
  }

  draw(views, page) {
    this.page = page;
    const view = views.at(-1) || null;
    const sign = view ? JSON.stringify([view.id, view.hash, view.errors, views.length, page.person]) : "";
    const other = this.view?.id !== view?.id;
    if (sign === this.sign || (!other && openLists(this.dialog).length)) return;
    this.sign = sign;
    if (
      other && this.view && !views.some((one) => one.id === this.view.id)
    ) forgetDrafts(`${page.person}:${this.view.id}`);
    this.view = view;
    if (!view) { this.hide(); return; }
    if (!this.dialog.open) {
      this.opener = document.activeElement;
      this.openerKey = this.opener?.dataset?.key;
      this.dialog.showModal();
    }
    const kept = redrawKeepingFocus(this.dialog, () => this.render(view, views.length, page));
    if (!kept || Object.keys(view.errors).length) this.focusFirst(view);
  }

  hide() {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.dialog.replaceChildren();
    const back = this.opener?.isConnected ? this.opener : this.openerKey && document.querySelector(
      `[data-key="${CSS.escape(this.openerKey)}"]`
    );
    (back || document.getElementById("composer-text"))?.focus();
  }

  render(view, depth, page) {
    const surface = new Surface({
      person: page.person,
      where: { view_id: view.id },
      values: view.values,
      errors: view.errors,
      world: page.world,
      tell: (words) => this.say(words),
    });
    this.surface = surface;
    this.words = el("p", { class: "dialog-words", role: "alert", hidden: true });
    this.send = view.submit ? el(
      "button", {
        type: "submit",
        class: "button primary",
        text: view.submit.text,
        "data-testid": "modal-submit",
        disabled: view.submit_disabled,
      },
    ) : null;
    fill(this.dialog, el("form", {
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            this.submit();
          }
        }
      },
      el("header", { class: "dialog-head" }, el(
          "h2", { id: "modal-title", text: view.title.text },
        ), depth > 1 ? el("span", { class: "depth", text: `${depth} of 3` }) : null,
        el(
          "button", {
            type: "button",
            class: "quiet square",
            "aria-label": "Close",
            text: "×",
            "data-testid": "modal-cross",
            on: { click: () => this.close(true) },
          },
        )),
      el("div", { class: "dialog-body" }, renderBlocks(view.blocks, surface)),
      this.words,
      el("footer", { class: "dialog-foot" },
        el(
          "button", {
            type: "button",
            class: "button",
            text: view.close?.text || (depth > 1 ? "Back" : "Cancel"),
            "data-testid": "modal-close",
            on: { click: () => this.close(false) },
          },
        ), this.send)));
  }

  focusFirst(view) {
    const wrong = Object.keys(view.errors)[0];
    const focused = view.blocks.find((block) => block.element?.focus_on_load);
    const name = wrong || focused?.block_id;
    const block = name ? this.dialog.querySelector(`[data-block="${CSS.escape(name)}"]`) : null;
    const scope = block || this.dialog.querySelector(".dialog-body");
    const first = scope.querySelector("input, textarea, select, button");
    (first || this.send || this.dialog.querySelector('[data-testid="modal-close"]')).focus();
  }

  async submit() {
    if (!this.send || this.send.disabled) return;
    const { send, view } = this;
    send.disabled = true;
    send.textContent = "Sending…";
    const answer = await act({ as: this.page.person, do: "submit", view_id: view.id, values: this.surface.drafted });
    send.disabled = false;
    send.textContent = view.submit.text;
    this.say(answer.words);
  }

  async close(everything) {
    if (this.view) await act({ as: this.page.person, do: "close", view_id: this.view.id, everything });
  }

  say(words) {
    if (!this.words) return;
    this.words.hidden = !words;
    this.words.textContent = words || "";
  }
}
