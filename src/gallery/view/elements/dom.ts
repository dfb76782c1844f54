type Attribute = string | number | boolean | undefined | ((event: Event) => void);
type Child = Node | string | undefined | false;

/**
 * An element with attributes, listeners (`onclick: …`) and children. Strings become text nodes, never markup;
 * `false` and `undefined` are left out, `true` is an attribute without a value.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  for (const child of children) if (child !== undefined && child !== false) made.append(child);
  return made;
}

function setAttribute(target: Element, name: string, value: Attribute): void {
  if (typeof value === "function") target.addEventListener(name.slice(2), value);
  else if (value === true) target.setAttribute(name, "");
  else if (value !== undefined && value !== false) target.setAttribute(name, String(value));
}

/** Text that somebody else wrote: isolated, so that its writing direction cannot reach its neighbours. */
export function foreignText(text: string, maxLength = 300): HTMLElement {
  return element("bdi", {}, cut(text, maxLength));
}

/** The text, at most `maxLength` characters of it; a pair of surrogates is not torn apart. */
export function cut(text: string, maxLength = 300): string {
  if (text.length <= maxLength) return text;
  return `${[...text.slice(0, maxLength)].slice(0, -1).join("")}…`;
}

/** An http(s) address, or nothing: other schemes neither become pictures nor links. */
export function webUrl(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  return /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}

/** Runs `render`; when that takes away the element of `root` that has the focus, that of `fallback` gets it. */
export function keepFocus(root: Element, fallback: () => HTMLElement, render: () => void): void {
  const hadFocus = root.contains(document.activeElement);
  render();
  if (hadFocus && !root.contains(document.activeElement)) fallback().focus({ preventScroll: true });
}

/** Runs `action` once no further call has come for `waitMs`. */
export function debounced(action: () => void, waitMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, waitMs);
  };
}
