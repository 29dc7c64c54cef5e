// Slack's mrkdwn as elements: *bold*, _italic_, ~struck~, code, quotes, bullets, links, mentions and dates.

import { el, link } from "./dom.js";
import { writeDate } from "./dates.js";
import { emoji, withEmoji } from "./emoji.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<entity>[^<>]+)>",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

/** &lt; &gt; &amp; as the characters they stand for. */
export function unescapeText(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** The name behind a user id, with its @. */
export function personName(id, world) {
  const person = world.people.get(id);
  return `@${person ? person.name : id}`;
}

/** The name behind a channel id, with its #. */
export function channelName(id, world) {
  const channel = world.channels.get(id);
  return `#${channel && channel.name ? channel.name : id}`;
}

function entity(markup, world) {
  const cut = markup.indexOf("|");
  const address = cut < 0 ? markup : markup.slice(0, cut);
  const label = cut < 0 ? "" : markup.slice(cut + 1);
  if (address.startsWith("@")) return el("span", { class: "mention", text: personName(address.slice(1), world) });
  if (address.startsWith("#")) {
    const id = address.slice(1);
    const text = world.channels.has(id) ? channelName(id, world) : `#${label || id}`;
    return el("span", { class: "mention", text });
  }
  if (address.startsWith("!date^")) return dated(address, label, world);
  if (address.startsWith("!")) return el(
    "span", { class: "mention", text: unescapeText(label || `@${address.slice(1).split("^")[0]}`) },
  );
  if (!/^(https?|mailto|tel):/i.test(address)) return document.createTextNode(unescapeText(`<${markup}>`));
  return link(unescapeText(address), unescapeText(label || address.replace(/^(mailto|tel):/, "")));
}

function dated(address, fallback, world) {
  const [, unix, template, target] = address.split("^");
  if (!/^-?\d+$/.test(unix || "") || !template) return document.createTextNode(unescapeText(fallback));
  const words = writeDate(Number(unix), template, world.zone, world.now);
  const shown = el(
    "time", { datetime: new Date(Number(unix) * 1000).toISOString(), text: words, title: `${world.zone}` },
  );
  return target ? link(target, shown) : shown;
}

function inline(text, world) {
  const nodes = [];
  let rest = 0;
  for (const found of text.matchAll(INLINE)) {
    const { code, entity: markup, bold, italic, strike, emoji: name } = found.groups;
    if (name !== undefined && !emoji(name)) continue;
    if (found.index > rest) nodes.push(unescapeText(text.slice(rest, found.index)));
    rest = found.index + found[0].length;
    if (code !== undefined) nodes.push(el("code", { text: unescapeText(code) }));
    else if (markup !== undefined) nodes.push(entity(markup, world));
    else if (bold !== undefined) nodes.push(el("strong", {}, inline(bold, world)));
    else if (italic !== undefined) nodes.push(el("em", {}, inline(italic, world)));
    else if (strike !== undefined) nodes.push(el("s", {}, inline(strike, world)));
    else nodes.push(el("span", { role: "img", "aria-label": name.replace(/_/g, " "), text: emoji(name) }));
  }
  if (rest < text.length) nodes.push(unescapeText(text.slice(rest)));
  return nodes;
}

function lines(text, world) {
  const nodes = [];
  let quote = null;
  const rows = text.replace(/^\n|\n$/g, "").split("\n");
  rows.forEach((row, index) => {
    const quoted = row.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quoted) {
      if (!quote) nodes.push((quote = el("blockquote")));
      quote.append(el("div", {}, inline(quoted[1], world)));
      return;
    }
    quote = null;
    const bullet = row.match(/^(\s*)(•|◦|-|\d+\.)\s+(.*)$/);
    if (bullet) nodes.push(
      el(
        "div", { class: "bullet" },
        el("span", { class: "bullet-mark", text: `${bullet[2]} ` }),
        el("span", {}, inline(bullet[3], world)),
      )
    );
    else nodes.push(...inline(row, world), index < rows.length - 1 ? el("br") : null);
  });
  return nodes;
}

/** A mrkdwn text as a list of nodes. `world` knows people, channels, the reader's zone and the time. */
export function mrkdwn(text, world) {
  return text.split(/```([\s\S]*?)```/g).flatMap((piece, index) =>
    index % 2 ? [
      el("pre", {}, el("code", { text: unescapeText(piece.replace(/^\n|\n$/g, "")) }))
    ] : piece ? lines(piece, world) : [],
  );
}

/** A text object (mrkdwn or plain_text) as nodes. */
export function textObject(text, world) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text, world);
  return [text.emoji === false ? text.text : withEmoji(text.text)];
}
