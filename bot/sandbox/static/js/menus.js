// Menus that open from a button, and pickers (combobox with a list) for every kind of select.

import { closeList, el, fill, freshId } from "./dom.js";

/** A button that opens a menu. `items`: {label, description, act, url}. */
export function menu({ label, text, testid, items, className = "quiet" }) {
  const list = el("ul", { role: "menu", class: "menu-list", id: freshId("menu"), "aria-label": label, hidden: true });
  const button = el(
    "button", {
      type: "button",
      class: className,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": list.id,
      "aria-label": label,
      title: label,
      "data-testid": testid,
      text,
    },
  );
  const holder = el("span", { class: "menu" }, button, list);
  const entries = () => [...list.querySelectorAll('[role="menuitem"]')];
  const show = (open) => {
    button.setAttribute("aria-expanded", String(open));
    if (!open) { closeList(list); return; }
    list.hidden = false;
    entries()[0]?.focus();
    list.scrollIntoView({ block: "nearest" });
  };
  for (const item of items) {
    const choose = () => {
      show(false);
      button.focus();
      item.act();
    };
    list.append(el("li", { role: "none" }, el("button", {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        on: { click: choose },
      },
      el("span", { text: item.label }), item.description ? el("small", { text: item.description }) : null)));
  }
  button.addEventListener("click", () => show(list.hidden));
  holder.addEventListener("keydown", (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };
    if (event.key === "Escape" && !list.hidden) {
      show(false);
      button.focus();
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key in moves && all.length) {
      if (list.hidden) show(true);
      else all[moves[event.key] % all.length].focus();
      event.preventDefault();
    }
  });
  holder.addEventListener("focusout", (event) => { if (!holder.contains(event.relatedTarget)) show(false); });
  return holder;
}

/**
 * A combobox. `load(typed)` gives a promise of [{label, options: [{key, text, description}]}] or of a sentence.
 * `chosen` are the options chosen so far, `changed(options)` is called with the new choice.
 */
export class Picker {
  constructor({
    id,
    label,
    placeholder,
    many = false,
    most = Infinity,
    load,
    chosen = [],
    changed,
    testid,
    describedby,
    invalid,
  }) {
    Object.assign(this, { many, most, load, chosen, changed, options: [], active: -1, asked: 0 });
    this.list = el(
      "ul", {
        role: "listbox",
        id: freshId("list"),
        "aria-label": label,
        class: "picker-list",
        hidden: true,
        "aria-multiselectable": many ? "true" : null,
      },
    );
    this.input = el("input", {
      type: "text",
      role: "combobox",
      id,
      autocomplete: "off",
      spellcheck: "false",
      placeholder,
      "aria-label": label,
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      "aria-autocomplete": "list",
      "aria-describedby": describedby,
      "aria-invalid": invalid ? "true" : null,
      "data-testid": testid,
    });
    this.chips = el("span", { class: "chips" });
    this.node = el("span", { class: many ? "picker many" : "picker" }, this.chips, this.input, this.list);
    this.listen();
    this.draw();
  }

  listen() {
    this.input.addEventListener("focus", () => { if (!this.many) this.input.select(); });
    this.input.addEventListener("click", () => this.open(""));
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.node.addEventListener(
      "focusout",
      (event) => { if (!this.node.contains(event.relatedTarget)) this.close(); },
    );
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  draw() {
    this.input.value = this.many || !this.chosen.length ? "" : this.chosen[0].text;
    fill(this.chips, this.many ? this.chosen.map((option) => el("span", { class: "chip" }, option.text,
      el(
        "button", {
          type: "button",
          "aria-label": `Remove ${option.text}`,
          text: "×",
          on: { click: () => this.choose(this.chosen.filter((one) => one.key !== option.key)) },
        },
      ))) : []);
  }

  async open(typed) {
    const turn = ++this.asked;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    fill(this.list, el("li", { class: "picker-note", role: "presentation", text: "Searching…" }));
    this.list.scrollIntoView({ block: "nearest" });
    const groups = await this.load(typed);
    if (turn !== this.asked || this.list.hidden) return;
    this.show(groups);
  }

  show(groups) {
    this.options = [];
    this.active = -1;
    if (typeof groups === "string") {
      fill(
        this.list,
        el("li", { class: "picker-note", role: "presentation", text: groups }),
      );
      return;
    }
    fill(this.list, groups.map((group) => [
      group.label && group.options.length ? el(
        "li", { class: "picker-group", role: "presentation", text: group.label },
      ) : null,
      group.options.map((option) => this.row(option)),
    ]));
    if (!this.options.length) fill(
      this.list,
      el("li", { class: "picker-note", role: "presentation", text: "Nothing matches." }),
    );
    else this.move(0);
    this.list.scrollIntoView({ block: "nearest" });
  }

  row(option) {
    const selected = this.chosen.some((one) => one.key === option.key);
    const node = el("li", {
        role: "option",
        id: freshId("option"),
        "aria-selected": String(selected),
        on: { click: () => this.pick(option) },
      },
      el("span", { text: option.text }), option.description ? el("small", { text: option.description }) : null);
    this.options.push({ option, node });
    return node;
  }

  move(to) {
    if (!this.options.length) return;
    this.options[this.active]?.node.classList.remove("active");
    this.active = (to + this.options.length) % this.options.length;
    const { node } = this.options[this.active];
    node.classList.add("active");
    node.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", node.id);
  }

  press(event) {
    const closed = this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (closed) this.open("");
      else this.move(this.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (
      event.key === "Enter" && !closed && this.options[this.active]
    ) this.pick(this.options[this.active].option);
    else if (event.key === "Escape" && !closed) {
      this.close();
      event.stopPropagation();
    } else if (
      event.key === "Backspace" && this.many && !this.input.value && this.chosen.length
    ) this.choose(this.chosen.slice(0, -1));
    else return;
    event.preventDefault();
  }

  pick(option) {
    if (!this.many) { this.choose([option]); return; }
    const had = this.chosen.some((one) => one.key === option.key);
    if (!had && this.chosen.length >= this.most) { this.show(`Choose at most ${this.most}.`); return; }
    this.choose(had ? this.chosen.filter((one) => one.key !== option.key) : [...this.chosen, option]);
  }

  choose(options) {
    this.chosen = options;
    this.close();
    this.changed(options);
  }

  close() {
    this.asked += 1;
    closeList(this.list);
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.draw();
  }
}
