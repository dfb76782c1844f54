import sax from "sax";

/** What a text that begins with `<` turned out to be. */
export type Markup =
  | { readonly is: "svg"; readonly activeContent: readonly string[] }
  | { readonly is: "html" | "xml"; readonly title: string };

const HTML_START = /^\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
const MAX_TITLE_CHARACTERS = 60;

/**
 * Tells SVG, HTML and other XML apart by the root element; undefined when `text` is no markup. For SVG,
 * `activeContent` names what browsers would run or load; for a page, `title` has the first words of its title.
 */
export function inspectMarkup(text: string): Markup | undefined {
  if (!text.trimStart().startsWith("<")) return undefined;
  if (HTML_START.test(text.slice(0, 65_536))) return { is: "html", title: titleOf(text) };

  const { root, activeContent } = parseXml(text.trimStart());
  if (root === undefined) return undefined;
  if (root === "svg") return { is: "svg", activeContent: [...activeContent] };
  return { is: root === "html" ? "html" : "xml", title: titleOf(text) };
}

/** Lenient: an SVG with an undefined entity or a missing end is still one, as it is for Webflow. */
function parseXml(text: string): { root: string | undefined; activeContent: Set<string> } {
  const parser = sax.parser(true);
  const activeContent = new Set<string>();
  let root: string | undefined;
  let element = "";

  parser.onerror = () => {
    parser.resume();
  };
  parser.onopentag = ({ name, attributes }) => {
    element = localName(name);
    root ??= element;
    if (element === "script") activeContent.add("scripts");
    if (element === "foreignobject") activeContent.add("embedded HTML");
    for (const [key, value] of Object.entries(attributes)) {
      for (const found of activeAttribute(element, localName(key), String(value))) activeContent.add(found);
    }
  };
  parser.ontext = (content) => {
    if (element === "style" && loadsStyle(content)) activeContent.add("external references");
  };
  parser.oncdata = parser.ontext;
  parser.onprocessinginstruction = ({ name }) => {
    if (name === "xml-stylesheet") activeContent.add("external references");
  };
  parser.ondoctype = (doctype) => {
    if (/<!ENTITY\s[^>]*\b(?:SYSTEM|PUBLIC)\b/.test(doctype)) activeContent.add("external references");
  };
  parser.write(text).close();
  return { root, activeContent };
}

function activeAttribute(element: string, name: string, value: string): string[] {
  const found: string[] = [];
  const target = value.replace(/[\s\p{Cc}]/gu, "").toLowerCase();
  if (name.startsWith("on")) found.push("event handlers");
  if (target.startsWith("javascript:")) found.push("scripts");
  else if (["href", "src"].includes(name) && element !== "a" && !/^(?:#|data:|$)/.test(target)) {
    found.push("external references");
  }
  if (loadsStyle(value)) found.push("external references");
  return found;
}

function loadsStyle(style: string): boolean {
  return /@import|url\(["']?(?!["'#)]|data:)/i.test(style.replace(/\s/g, ""));
}

function titleOf(text: string): string {
  const title = /<(?:title|message)\b[^>]{0,200}>([^<]{1,500})/i.exec(text.slice(0, 65_536))?.[1] ?? "";
  const words = title
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, " ")
    .replace(/["\s]+/g, " ")
    .trim();
  return words.length > MAX_TITLE_CHARACTERS ? `${words.slice(0, MAX_TITLE_CHARACTERS).trim()}…` : words;
}

function localName(qualifiedName: string): string {
  return qualifiedName.slice(qualifiedName.indexOf(":") + 1).toLowerCase();
}
