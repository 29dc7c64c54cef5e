// The interactive elements.

import { act, readFile } from "./api.js";
import { confirmed } from "./confirm.js";
import { fromLocal, toLocal } from "./dates.js";
import { el, link } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { Picker, menu } from "./menus.js";
import { textObject } from "./mrkdwn.js";
import { optionChoice } from "./surface.js";

const CHOSEN = {
  static_select: "selected_option",
  external_select: "selected_option",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
};

/** What every rendered input shares: its ids, its name, whether it is marked as wrong. */
function naming(surface, block, element, extra) {
  return {
    id: extra.id || null,
    "data-testid": element.action_id,
    "data-key": `${block.block_id}/${element.action_id}`,
    "aria-label": extra.id ? null : element.placeholder?.text || extra.label || element.action_id,
    "aria-describedby": extra.describedby || null,
    "aria-invalid": extra.invalid ? "true" : null,
    "aria-required": extra.required ? "true" : null,
  };
}

function button(surface, block, element) {
  const node = el("button", {
    type: "button",
    class: `button ${element.style || ""}`.trim(),
    "data-testid": element.action_id,
    "data-key": `${block.block_id}/${element.action_id}/${element.value || ""}`,
    "data-value": element.value || null,
    "aria-label": element.accessibility_label || null,
    text: withEmoji(element.text.text),
  });
  node.addEventListener("click", async () => {
    if (!(await confirmed(element.confirm, surface.world))) return;
    if (element.url) link(element.url, "").click();
    node.classList.add("busy");
    await surface.operate(block, element);
    node.classList.remove("busy");
  });
  return node;
}

function overflow(surface, block, element) {
  const items = element.options.map((option) => ({
    label: option.text.text,
    description: option.description?.text,
    act: async () => {
      if (!(await confirmed(element.confirm, surface.world))) return;
      if (option.url) link(option.url, "").click();
      await surface.operate(block, element, { selected_option: option });
    },
  }));
  return menu({ label: "More actions", text: "⋯", testid: element.action_id, items, className: "quiet square" });
}

function matches(typed) {
  const wanted = typed.trim().toLowerCase();
  return (choice) => `${choice.text} ${choice.description || ""}`.toLowerCase().includes(wanted);
}

/** Where a select takes its options from: a function from what is typed to groups of choices. */
function source(surface, block, element) {
  const { world } = surface;
  const kind = element.type.replace("multi_", "");
  if (kind === "external_select") {
    const least = element.min_query_length ?? 3;
    let timer = 0;
    return (typed) => new Promise((resolve) => {
      clearTimeout(timer);
      if (typed.length < least) resolve(`Type ${least} or more characters to search.`);
      else timer = setTimeout(() => resolve(surface.suggest(block, element, typed)), 200);
    });
  }
  const groups = staticGroups(kind, element, world);
  return async (typed) => groups.map(
    (group) => ({ label: group.label, options: group.options.filter(matches(typed)) })
  );
}

function staticGroups(kind, element, world) {
  if (kind === "static_select") {
    const groups = element.option_groups || [{ label: { text: "" }, options: element.options }];
    return groups.map((group) => ({ label: group.label.text, options: group.options.map(optionChoice) }));
  }
  if (kind === "users_select") {
    const people = [...world.people.values()].filter((person) => !person.deleted);
    return [
      {
        label: "",
        options: people.map((person) => ({ key: person.id, text: person.name, description: person.title })),
      }
    ];
  }
  const wanted = element.filter?.include || ["public", "private", "im"];
  const kinds = { channel: "public", group: "private", im: "im" };
  const channels = [...world.channels.values()].filter(
    (channel) => (kind === "channels_select" ? channel.kind === "channel" : wanted.includes(kinds[channel.kind]))
  );
  return [
    {
      label: "",
      options: channels.map(
        (channel) => (
          { key: channel.id, text: channel.name ? `#${channel.name}` : `Direct message with ${world.app}` }
        )
      ),
    }
  ];
}

function nameOf(key, world) {
  const person = world.people.get(key);
  if (person) return person.name;
  const channel = world.channels.get(key);
  return channel ? (channel.name ? `#${channel.name}` : `Direct message with ${world.app}`) : key;
}

function select(surface, block, element, extra) {
  const field = CHOSEN[element.type];
  const many = element.type.startsWith("multi_");
  const now = surface.entry(block, element)[field];
  const choice = (one) => (
    typeof one === "string" ? { key: one, text: nameOf(one, surface.world) } : optionChoice(one)
  );
  const picker = new Picker({
    id: extra.id || null,
    label: extra.label || element.placeholder?.text || element.action_id,
    placeholder: element.placeholder?.text || "Choose",
    many,
    most: element.max_selected_items,
    testid: element.action_id,
    describedby: extra.describedby,
    invalid: extra.invalid,
    load: source(surface, block, element),
    chosen: now ? [now].flat().map(choice) : [],
    changed: async (choices) => {
      const values = choices.map((one) => one.option || one.key);
      if (await confirmed(element.confirm, surface.world)) await surface.change(block, element, {
        [field]: many ? values : values[0] ?? null
      });
    },
  });
  picker.input.dataset.key = `${block.block_id}/${element.action_id}`;
  return picker.node;
}

function picked(type, field, read, write) {
  return (surface, block, element, extra) => {
    const now = surface.entry(block, element)[field];
    const label = element.placeholder?.text || {
      date: "Date",
      time: "Time",
      "datetime-local": "Date and time",
    } [type];
    return el("input", {
      ...naming(surface, block, element, { label, ...extra }),
      type,
      value: now === null || now === undefined ? "" : write(now, surface.world.zone),
      title: label,
      on: {
        change: async (event) => {
          const value = event.target.value ? read(event.target.value, surface.world.zone) : null;
          if (await confirmed(element.confirm, surface.world)) surface.change(block, element, {
            [field]: value
          });
        }
      },
    });
  };
}

const same = (value) => value;

function boxes(type, field) {
  const many = type === "checkbox";
  return (surface, block, element, extra) => {
    const now = [surface.entry(block, element)[field] || []].flat().map((option) => option.value);
    const group = el(
      "div", {
        class: "boxes",
        role: many ? "group" : "radiogroup",
        "aria-label": extra.label || element.action_id,
        "data-testid": element.action_id,
        "aria-describedby": extra.describedby || null,
      },
    );
    const changed = async () => {
      const on = element.options.filter((_, index) => group.querySelectorAll("input")[index].checked);
      if (await confirmed(element.confirm, surface.world)) await surface.change(block, element, {
        [field]: many ? on : on[0] ?? null
      });
    };
    for (const option of element.options) {
      group.append(el("label", { class: "box" },
        el(
          "input", {
            type,
            name: many ? null : `${surface.key}/${block.block_id}/${element.action_id}`,
            checked: now.includes(option.value),
            "data-key": `${block.block_id}/${element.action_id}/${option.value}`,
            on: { change: changed },
          },
        ),
        el(
          "span", {},
          textObject(option.text, surface.world),
          option.description ? el("small", {}, textObject(option.description, surface.world)) : null,
        )));
    }
    return group;
  };
}

function typed(kind) {
  return (surface, block, element, extra) => {
    const tag = element.multiline ? "textarea" : "input";
    const when = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
    let timer = 0;
    const node = el(tag, {
      ...naming(surface, block, element, extra),
      type: tag === "input" ? "text" : null,
      inputmode: kind,
      placeholder: element.placeholder?.text,
      rows: tag === "textarea" ? 4 : null,
      minlength: element.min_length,
      maxlength: element.max_length,
      autocomplete: "off",
      value: surface.entry(block, element).value ?? "",
    });
    const entry = () => ({ value: node.value === "" ? null : node.value });
    node.addEventListener("input", () => {
      surface.draft(block, element, entry());
      if (!block.dispatch_action || !when.includes("on_character_entered")) return;
      clearTimeout(timer);
      timer = setTimeout(() => surface.operate(block, element, { type: element.type, ...entry() }), 300);
    });
    node.addEventListener("keydown", (event) => {
      if (
        event.key !== "Enter" || event.shiftKey || !block.dispatch_action || !when.includes("on_enter_pressed")
      ) return;
      event.preventDefault();
      surface.operate(block, element, { type: element.type, ...entry() });
    });
    return node;
  };
}

function files(surface, block, element, extra) {
  const names = el(
    "span", { class: "hint", text: (surface.entry(block, element).files || []).map((file) => file.name).join(", ") },
  );
  const input = el("input", {
    ...naming(surface, block, element, extra),
    type: "file",
    multiple: (element.max_files ?? 10) > 1,
    accept: element.filetypes?.map((one) => `.${one}`).join(","),
    on: {
      change: async () => {
        const chosen = [...input.files].slice(0, element.max_files ?? 10);
        const stored = await Promise.all(
          chosen.map(
            async (file) => (await act({ as: surface.person, do: "upload", ...(await readFile(file)) })).options[0]
          )
        );
        names.textContent = stored.map((file) => file.name).join(", ");
        surface.draft(block, element, { files: stored });
      }
    },
  });
  return el("span", {}, input, names);
}

const RENDER = {
  button,
  overflow,
  plain_text_input: typed("text"),
  number_input: typed("decimal"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  datepicker: picked("date", "selected_date", same, same),
  timepicker: picked("time", "selected_time", same, same),
  datetimepicker: picked("datetime-local", "selected_date_time", fromLocal, toLocal),
  checkboxes: boxes("checkbox", "selected_options"),
  radio_buttons: boxes("radio", "selected_option"),
  file_input: files,
  image: (_surface, _block, element) => el(
    "img", { class: "thumbnail", src: element.image_url, alt: element.alt_text, loading: "lazy" },
  ),
};

/** One element as a node. `extra`: {id, label, describedby, invalid, required} for an input with a visible label. */
export function renderElement(surface, block, element, extra = {}) {
  const render = RENDER[element.type] || (CHOSEN[element.type] ? select : null);
  return render ? render(surface, block, element, extra) : el(
    "em", { text: `The sandbox cannot show “${element.type}” yet.` },
  );
}
