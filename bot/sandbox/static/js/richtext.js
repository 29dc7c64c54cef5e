// The rich_text, markdown and table blocks.

import { el, link } from "./dom.js";
import { writeDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { channelName, personName } from "./mrkdwn.js";

function piece(part, world) {
  switch (part.type) {
    case "text":
      return part.text;
    case "link":
      return link(part.url, part.text || part.url);
    case "user":
      return el("span", { class: "mention", text: personName(part.user_id, world) });
    case "channel":
      return el("span", { class: "mention", text: channelName(part.channel_id, world) });
    case "broadcast":
      return el("span", { class: "mention", text: `@${part.range}` });
    case "emoji":
      return emoji(part.name) ?? `:${part.name}:`;
    case "date":
      return el("time", { text: writeDate(part.timestamp, part.format, world.zone, world.now) });
    case "color":
      return el("code", { text: part.value });
    default:
      return part.usergroup_id ? `@${part.usergroup_id}` : "";
  }
}

function styled(part, world) {
  let node = piece(part, world);
  const style = part.style || {};
  for (
    const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]]
  ) {
    if (style[name]) node = el(tag, {}, node);
  }
  return node;
}

const inline = (part, world) => part.elements.map((one) => styled(one, world));

function richPart(part, world) {
  switch (part.type) {
    case "rich_text_list": {
      const list = el(
        part.style === "ordered" ? "ol" : "ul", {
          class: `indent-${Math.min(part.indent || 0, 4)}`,
          start: part.offset ? part.offset + 1 : null,
        },
      );
      for (const item of part.elements) list.append(el("li", {}, inline(item, world)));
      return list;
    }
    case "rich_text_quote":
      return el("blockquote", {}, inline(part, world));
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, inline(part, world)));
    default:
      return el("div", { class: "rich-section" }, inline(part, world));
  }
}

/** A rich_text block. */
export function richText(block, world) {
  return el("div", { class: "rich-text" }, block.elements.map((part) => richPart(part, world)));
}

const MARKS = new RegExp(
  [
    "`(?<code>[^`]+)`",
    "\\[(?<label>[^\\]]+)\\]\\((?<address>[^)\\s]+)\\)",
    "\\*\\*(?<bold>[^*]+)\\*\\*",
    "~~(?<strike>[^~]+)~~",
    "(?<![\\w*])\\*(?<star>[^*\\s][^*]*)\\*",
    "(?<![\\w_])_(?<italic>[^_\\s][^_]*)_(?!\\w)",
  ].join("|"),
  "g",
);

function marked(text) {
  const nodes = [];
  let rest = 0;
  for (const found of text.matchAll(MARKS)) {
    const { code, label, address, bold, strike, star, italic } = found.groups;
    nodes.push(text.slice(rest, found.index));
    rest = found.index + found[0].length;
    if (code) nodes.push(el("code", { text: code }));
    else if (label) nodes.push(link(address, marked(label)));
    else if (bold) nodes.push(el("strong", {}, marked(bold)));
    else if (strike) nodes.push(el("s", {}, marked(strike)));
    else nodes.push(el("em", {}, marked(star || italic)));
  }
  return [...nodes, text.slice(rest)];
}

function listOf(rows) {
  const ordered = /^\s*\d+[.)]/.test(rows[0]);
  return el(
    ordered ? "ol" : "ul", {},
    rows.map((row) => el("li", {}, marked(row.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "")))),
  );
}

function markdownGroup(rows) {
  const heading = rows[0].match(/^(#{1,6})\s+(.*)$/);
  if (heading) return [
    el(
      "p", { class: "heading", role: "heading", "aria-level": Math.min(heading[1].length + 2, 6) },
      marked(heading[2]),
    ),
    ...markdownRows(rows.slice(1)),
  ];
  if (/^\s*(?:[-*+]|\d+[.)])\s+/.test(rows[0])) return [listOf(rows)];
  if (rows[0].startsWith(">")) return [
    el("blockquote", {}, rows.map((row) => el("div", {}, marked(row.replace(/^>\s?/, "")))))
  ];
  if (/^\s*(?:---+|\*\*\*+)\s*$/.test(rows[0])) return [el("hr"), ...markdownRows(rows.slice(1))];
  return [el("p", {}, rows.flatMap((row, index) => [index ? el("br") : null, ...marked(row)]))];
}

function markdownRows(rows) {
  const kind = (row) => {
    if (/^#{1,6}\s/.test(row)) return "heading";
    if (/^\s*(?:[-*+]|\d+[.)])\s+/.test(row)) return "list";
    return row.startsWith(">") ? "quote" : "text";
  };
  const nodes = [];
  let group = [];
  for (const row of [...rows, ""]) {
    if (group.length && (!row.trim() || kind(row) !== kind(group[0]) || kind(row) === "heading")) {
      nodes.push(...markdownGroup(group));
      group = [];
    }
    if (row.trim()) group.push(row);
  }
  return nodes;
}

/** A markdown block (standard Markdown, not mrkdwn). */
export function markdown(block) {
  const pieces = block.text.split(/```\w*\n?([\s\S]*?)```/g);
  return el(
    "div", { class: "markdown" },
    pieces.map((text, index) => (index % 2 ? el("pre", {}, el("code", { text })) : markdownRows(text.split("\n")))),
  );
}

/** A table block; its first row is the heading. */
export function table(block, world) {
  const settings = block.column_settings || [];
  const cell = (one, column, tag) => {
    const align = settings[column]?.align;
    return el(tag, { class: align && align !== "left" ? `align-${align}` : null, scope: tag === "th" ? "col" : null },
      one.type === "raw_text" ? one.text : richText(one, world));
  };
  const [head, ...rows] = block.rows;
  return el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    el("table", {}, el("thead", {}, el("tr", {}, head.map((one, column) => cell(one, column, "th")))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((one, column) => cell(one, column, "td")))))));
}
