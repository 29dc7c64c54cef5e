// Writing: messages, files, and slash commands with completion.

import { act, readFile } from "./api.js";
import { el, fill, freshId } from "./dom.js";

export class Composer {
  constructor(holder, { id, thread = () => "" }) {
    this.thread = thread;
    this.files = [];
    this.active = 0;
    this.list = el(
      "ul", {
        role: "listbox",
        id: freshId("commands"),
        "aria-label": "Commands",
        class: "command-list",
        hidden: true,
      },
    );
    this.hint = el("p", { class: "composer-hint", id: `${id}-hint`, "data-testid": `${id}-hint` });
    this.text = el(
      "textarea", {
        id,
        rows: 1,
        "data-testid": id,
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": this.list.id,
        "aria-describedby": this.hint.id,
      },
    );
    this.picked = el("span", { class: "picked-files" });
    const file = el(
      "input", {
        type: "file",
        multiple: true,
        class: "visually-hidden",
        tabindex: "-1",
        "aria-hidden": "true",
        "data-testid": `${id}-file`,
        on: { change: () => this.attach(file) },
      },
    );
    const attach = el(
      "button", {
        type: "button",
        class: "quiet attach",
        "aria-label": "Add a file",
        title: "Add a file",
        on: { click: () => file.click() },
      },
      "+",
      el("span", { class: "only-wide", text: " File" }),
    );
    const send = el("button", { type: "submit", class: "button primary", text: "Send", "data-testid": `${id}-send` });
    this.form = el("form", {
        class: "composer",
        on: {
          submit: (event) => {
            event.preventDefault();
            this.send();
          }
        }
      },
      this.list, el("div", { class: "composer-row" }, this.text, attach, file, send), this.picked, this.hint);
    holder.append(this.form);
    this.text.addEventListener("input", () => this.complete());
    this.text.addEventListener("keydown", (event) => this.press(event));
    this.text.addEventListener("blur", () => this.hide());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  draw(page, name) {
    this.page = page;
    this.text.setAttribute("aria-label", name);
    this.text.placeholder = this.thread() ? name : "Message, or / for commands";
  }

  /** Put a command into the box, ready for its argument. */
  type(command) {
    this.text.value = `${command} `;
    this.text.focus();
    this.complete();
  }

  complete() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    const value = this.text.value;
    const name = value.split(/\s/)[0];
    const commands = this.page.state.app.commands;
    const known = commands.find((one) => one.name === name);
    const isCommand = value.startsWith("/");
    const writing = isCommand && known && value.includes(" ");
    this.hint.textContent = writing ? `${known.name} ${known.hint} — ${known.description}` : "";
    this.offers = isCommand && !/\s/.test(value) ? commands.filter((one) => one.name.startsWith(value)) : [];
    this.active = 0;
    fill(this.list, this.offers.map((one, index) => el("li", {
        role: "option",
        id: `${this.list.id}-${index}`,
        "aria-selected": String(index === 0),
        on: { click: () => this.type(one.name) },
      },
      el("strong", { text: one.name }), el(
        "span", { class: "usage", text: ` ${one.hint}` },
      ), el("small", { text: one.description }))));
    this.list.hidden = !this.offers.length;
    this.text.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark();
  }

  mark() {
    [...this.list.children].forEach(
      (node, index) => node.setAttribute("aria-selected", String(index === this.active))
    );
    const node = this.list.hidden ? null : this.list.children[this.active];
    if (node) {
      this.text.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    } else this.text.removeAttribute("aria-activedescendant");
  }

  hide() {
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const open = !this.list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + this.offers.length) % this.offers.length;
      this.mark();
    } else if (open && event.key === "Escape") this.hide();
    else if (
      open && (event.key === "Tab" || (event.key === "Enter" && this.text.value !== this.offers[this.active].name))
    ) this.type(this.offers[this.active].name);
    else if (event.key === "Enter" && !event.shiftKey) this.send();
    else return;
    event.preventDefault();
  }

  async attach(input) {
    this.files = await Promise.all([...input.files].map(readFile));
    input.value = "";
    this.picked.textContent = this.files.map((file) => file.name).join(", ");
    this.text.focus();
  }

  async send() {
    const text = this.text.value.trim();
    if (!text && !this.files.length) return;
    const { files, page } = this;
    this.text.value = "";
    this.files = [];
    this.picked.textContent = "";
    this.complete();
    // Whoever was chosen a moment ago may not be drawn yet; which conversation is theirs is known only then.
    await page.running;
    const answer = await act(
      { as: page.person, do: "compose", channel: page.place, text, thread: this.thread(), files }
    );
    if (answer.words && !text.startsWith("/")) page.tell(answer.words);
  }
}
