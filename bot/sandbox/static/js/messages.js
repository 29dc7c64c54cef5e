// The timeline of a conversation and the panel of a thread.

import { act } from "./api.js";
import { redrawKeepingFocus, renderBlocks } from "./blocks.js";
import { clock, writeDate } from "./dates.js";
import { el, openLists } from "./dom.js";
import { menu } from "./menus.js";
import { mrkdwn } from "./mrkdwn.js";
import { Surface, forgetDrafts } from "./surface.js";

const SANDBOX = { id: "USLACKBOT", name: "Sandbox", title: "", bot: true };

function initials(name) {
  return name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
}

function tone(id) {
  return [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
}

/** A round sign with the initials of a person. */
export function avatar(person) {
  return el(
    "span", {
      class: `avatar tone-${person.bot ? "bot" : tone(person.id)}`,
      "aria-hidden": "true",
      text: initials(person.name),
    },
  );
}

function author(message, world) {
  return world.people.get(message.user) || SANDBOX;
}

function messageMenu(message, page) {
  const shortcuts = page.state.app.shortcuts.filter((one) => one.on_message).map((one) => ({
    label: one.name,
    description: one.description,
    act: async () => page.tell(
      (
        await act(
          { as: page.person, do: "message_shortcut", callback_id: one.id, channel: message.channel, ts: message.ts }
        )
      ).words
    ),
  }));
  const reply = { label: "Reply in thread", act: () => page.openThread(message.thread_ts || message.ts) };
  return menu({
    label: "Message menu",
    text: "⋯",
    testid: "message-menu",
    items: message.ephemeral ? shortcuts : [reply, ...shortcuts],
    className: "quiet square",
  });
}

function body(message, page) {
  const surface = new Surface({
    person: page.person,
    where: { channel: message.channel, ts: message.ts },
    values: message.values,
    world: page.world,
    tell: page.tell,
  });
  if (message.blocks?.length) return renderBlocks(message.blocks, surface);
  return message.text ? el("div", { class: "block text" }, mrkdwn(message.text, page.world)) : null;
}

/** Pictures are shown with the words that stand for them; any other file can be kept. */
function attachments(message, page) {
  return (message.files || []).map((file) => {
    const address = `/page/file/${encodeURIComponent(file.id)}?as=${encodeURIComponent(page.person)}`;
    const name = el(
      "a", { href: address, target: "_blank", rel: "noopener" }, `${file.title || file.name} (${file.size} bytes)`,
    );
    const shown = /^(png|jpg|gif)$/.test(file.filetype)
      ? el("img", { class: "file-picture", src: address, alt: file.alt_txt || file.title || file.name })
      : null;
    return el("p", { class: "file" }, el("span", { class: "file-kind", text: file.filetype }), name, shown);
  });
}

function threadLink(message, replies, page) {
  if (!replies.length || page.inThread) return null;
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  return el(
    "button", {
      type: "button",
      class: "thread-link",
      text: count,
      "data-testid": "thread-link",
      on: { click: () => page.openThread(message.ts) },
    },
  );
}

/** One message. */
export function renderMessage(message, replies, page) {
  const who = author(message, page.world);
  const moment = Number(message.ts);
  const when = writeDate(moment, "{date_short_pretty} {time}", page.world.zone, page.world.now);
  return el("article", {
      class: message.ephemeral ? "message ephemeral" : "message",
      "data-ts": message.ts,
      "data-testid": message.ephemeral ? "ephemeral" : "message",
      "aria-label": `${who.name}, ${when}`,
    },
    message.ephemeral ? el("p", { class: "only-you", text: "Only visible to you" }) : null,
    avatar(who),
    el("div", { class: "message-body" },
      el("p", { class: "byline" }, el("strong", { text: who.name }), who.bot ? el(
          "span", { class: "app-tag", text: who === SANDBOX ? "not the app" : "app" },
        ) : null,
        el(
          "time", {
            datetime: new Date(moment * 1000).toISOString(),
            text: clock(moment, page.world.zone),
            title: when,
          },
        )),
      body(message, page), attachments(message, page),
      message.edited ? el("span", { class: "edited", text: "(edited)" }) : null,
      threadLink(message, replies, page)),
    el("div", { class: "message-tools" }, who === SANDBOX ? null : messageMenu(message, page)));
}

/** What decides whether a message has to be drawn again. */
function signature(message, replies, page) {
  return JSON.stringify(
    [
      message,
      replies.length,
      page.person,
      page.world.zone,
      [...page.world.people.values()].map((person) => person.name),
    ]
  );
}

function emptyState(page) {
  const tips = page.state.app.commands.slice(0, 4);
  const holder = el(
    "div", { class: "empty", "data-testid": "empty" },
    el("p", { class: "empty-title", text: "Nothing here yet." }),
  );
  if (tips.length) {
    holder.append(el("p", { text: "Try one of these:" }), el("ul", {}, tips.map((one) => el("li", {}, "Type ",
      el(
        "button", { type: "button", class: "try", text: one.name, on: { click: () => page.typeCommand(one.name) } },
      ), one.description ? ` — ${one.description}` : ""))));
  }
  return holder;
}

/** Keeps the nodes of a list of messages in step; one unchanged, or in which somebody is choosing, is left alone. */
export class Timeline {
  constructor(holder) {
    this.holder = holder;
    this.drawn = new Map();
  }

  draw(messages, page) {
    const { holder } = this;
    const atEnd = holder.scrollHeight - holder.scrollTop - holder.clientHeight < 80;
    const shown = page.inThread ? messages : messages.filter((one) => !one.thread_ts || one.thread_ts === one.ts);
    const wanted = new Map();
    let previous = null;
    for (const message of shown) {
      const replies = page.state.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
      previous = this.place(message, replies, page, previous, wanted);
    }
    for (const [key, { node }] of this.drawn)
      if (!wanted.has(key)) node.remove();
    this.drawn = wanted;
    holder.querySelector(".empty")?.remove();
    if (!shown.length) holder.append(emptyState(page));
    if (atEnd || this.shownPlace !== page.place) holder.scrollTop = holder.scrollHeight;
    this.shownPlace = page.place;
  }

  place(message, replies, page, previous, wanted) {
    const key = `${message.ephemeral ? "e" : "m"}${message.ts}`;
    const sign = signature(message, replies, page);
    const had = this.drawn.get(key);
    let node = had?.node;
    const waits = had && had.sign !== sign && openLists(node).length;
    if (!had) node = renderMessage(message, replies, page);
    else if (had.sign !== sign && !waits) {
      if (had.version !== message.version) forgetDrafts(`${page.person}:${message.ts}`);
      const old = node;
      redrawKeepingFocus(this.holder, () => {
        node = renderMessage(message, replies, page);
        old.replaceWith(node);
      });
    }
    const next = previous ? previous.nextSibling : this.holder.firstChild;
    if (next !== node) this.holder.insertBefore(node, next);
    wanted.set(key, waits ? had : { sign, node, version: message.version });
    return node;
  }
}
