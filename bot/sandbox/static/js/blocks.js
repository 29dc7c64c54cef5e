// Blocks: everything a message, a modal or the Home is made of.

import { el, freshId } from "./dom.js";
import { renderElement } from "./elements.js";
import { textObject } from "./mrkdwn.js";
import { markdown, richText, table } from "./richtext.js";

function section(block, surface) {
  return el("div", { class: "section" },
    el("div", { class: "section-text" },
      block.text ? el("div", { class: "text" }, textObject(block.text, surface.world)) : null,
      block.fields ? el(
        "div", { class: "fields" },
        block.fields.map((field) => el("div", { class: "text" }, textObject(field, surface.world))),
      ) : null),
    block.accessory ? el(
      "div", { class: "accessory" },
      renderElement(surface, block, block.accessory, { label: block.text?.text }),
    ) : null);
}

function context(block, surface) {
  return el("div", { class: "context" }, block.elements.map((element) => (element.type === "image" ?
    el("img", { src: element.image_url, alt: element.alt_text, loading: "lazy" }) :
    el("span", { class: "text" }, textObject(element, surface.world)))));
}

function image(block, surface) {
  return el("figure", {},
    block.title ? el("figcaption", {}, textObject(block.title, surface.world)) : null,
    el("img", { src: block.image_url, alt: block.alt_text, loading: "lazy" }));
}

const GROUPS = ["checkboxes", "radio_buttons"];

function input(block, surface) {
  const { element } = block;
  const id = freshId("input");
  const hint = block.hint ? el(
    "p", { class: "hint", id: `${id}-hint` },
    textObject(block.hint, surface.world),
  ) : null;
  const wrong = surface.errors[block.block_id];
  const error = el(
    "p", {
      class: "error",
      id: `${id}-error`,
      role: wrong ? "alert" : null,
      "data-testid": `error-${block.block_id}`,
      hidden: !wrong,
      text: wrong ? `⚠ ${wrong}` : "",
    },
  );
  const label = [block.label.text, block.optional ? el("span", { class: "optional", text: " (optional)" }) : null];
  const extra = {
    id,
    label: block.label.text,
    describedby: [wrong ? error.id : "", hint ? hint.id : ""].filter(Boolean).join(" "),
    invalid: Boolean(wrong),
    required: !block.optional,
  };
  const grouped = GROUPS.includes(element.type);
  return el("div", { class: wrong ? "input wrong" : "input", "data-testid": block.block_id },
    grouped ? el("p", { class: "label" }, label) : el("label", { for: id, class: "label" }, label),
    renderElement(surface, block, element, extra), error, hint);
}

const RENDER = {
  section,
  context,
  image,
  input,
  header: (block) => el("h3", { class: "header", text: block.text.text }),
  divider: () => el("hr"),
  actions: (block, surface) => el(
    "div", { class: "actions" },
    block.elements.map((element) => renderElement(surface, block, element)),
  ),
  rich_text: (block, surface) => richText(block, surface.world),
  markdown,
  table: (block, surface) => table(block, surface.world),
};

/** All blocks of a surface as nodes. */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const render = RENDER[block.type];
    return el(
      "div", { class: `block ${block.type}-block`, "data-block": block.block_id },
      render ? render(block, surface) : el("em", { text: `The sandbox cannot show “${block.type}” yet.` }),
    );
  });
}

/** Redraw `draw()` inside `holder` without taking away the keyboard: the same element keeps focus and cursor. */
export function redrawKeepingFocus(holder, draw) {
  const active = holder.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const cursor = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  draw();
  if (!key) return false;
  const again = [...holder.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
  if (!again) return false;
  again.focus();
  if (cursor && again.setSelectionRange && cursor[0] !== null) {
    try { again.setSelectionRange(...cursor); } catch { /* dates and the like have no cursor */ }
  }
  return true;
}
