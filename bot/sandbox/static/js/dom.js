// Building elements. Data only ever becomes text or a checked attribute, never markup.

/**
 * Make an element. `props`: class, text, value, on: {event: handler}; any other name is an attribute
 * (false and null are left out).
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "value") node.value = value;
    else if (name === "on")
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Add nodes, strings and (nested) lists of them; empty values are skipped. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

/** Replace all children. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** A link, or plain text when the address is of a kind that could do harm. */
export function link(address, content) {
  let safe = "";
  try {
    const url = new URL(address);
    if (["http:", "https:", "mailto:", "tel:"].includes(url.protocol)) safe = url.href;
  } catch { /* not an address: shown as text */ }
  if (!safe) return el("span", {}, content);
  const here = safe.startsWith(`${location.origin}/archives/`);
  return el(
    "a",
    here ? { href: safe, class: "permalink" } : { href: safe, target: "_blank", rel: "noopener noreferrer" },
    content,
  );
}

/** The menus and lists of pickers that are open in here; what holds one is not drawn anew until it closes. */
export function openLists(node) {
  return [...node.querySelectorAll('[role="menu"]:not([hidden]), [role="listbox"]:not([hidden])')];
}

/** Hide a menu or the list of a picker, and tell the page, which may have waited with drawing. */
export function closeList(list) {
  if (list.hidden) return;
  list.hidden = true;
  list.dispatchEvent(new Event("list-closed", { bubbles: true }));
}

let counter = 0;

/** An id nobody else on the page has. */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
