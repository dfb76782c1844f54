import sax from "sax";

/** What a text that begins with `<` turned out to be. */
export type Markup =
  | { readonly is: "svg"; readonly activeContent: readonly string[] }
  | { readonly is: "brokenSvg"; readonly why: string }
  | { readonly is: "html" | "xml"; readonly title: string };

const HTML_START = /^\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
const MAX_TITLE_CHARACTERS = 60;
/** Beyond these, each further element costs more than the one before, and browsers show nothing either. */
const MOST_LEVELS = 1_000;
const MOST_ERRORS = 100;
const MOST_ENTITIES = 1_000;

/** Ends the reading of a text that goes beyond the bounds. */
class TooBroken extends Error {}

/**
 * Tells SVG, HTML and other XML apart by the root element; undefined when `text` is no markup. For SVG,
 * `activeContent` names what browsers would run or load; for a page, `title` has the first words of its title. SVG nested
 * deeper than 1,000 levels or with over 100 errors is `brokenSvg`.
 */
export function inspectMarkup(text: string): Markup | undefined {
  if (!text.trimStart().startsWith("<")) return undefined;
  if (HTML_START.test(text.slice(0, 65_536))) return { is: "html", title: titleOf(text) };

  const { root, activeContent, broken } = parseXml(text.trimStart());
  if (root === undefined) return undefined;
  if (root === "svg" && broken !== undefined) return { is: "brokenSvg", why: broken };
  if (root === "svg") return { is: "svg", activeContent: [...activeContent] };
  return { is: root === "html" ? "html" : "xml", title: titleOf(text) };
}

interface ParsedXml {
  /** The local name of the root element. */
  readonly root: string | undefined;
  readonly activeContent: ReadonlySet<string>;
  /** Why the text was not read to its end. */
  readonly broken: string | undefined;
}

/** Lenient: an SVG with an undefined entity or a missing end is still one, as it is for Webflow. */
function parseXml(text: string): ParsedXml {
  const parser = sax.parser(true);
  const activeContent = new Set<string>();
  let root: string | undefined;
  let element = "";
  let errors = 0;
  let levels = 0;

  parser.onerror = () => {
    errors += 1;
    if (errors > MOST_ERRORS) throw new TooBroken(`has over ${MOST_ERRORS} errors`);
    parser.resume();
  };
  parser.onclosetag = () => {
    levels -= 1;
  };
  parser.onopentag = ({ name, attributes }) => {
    levels += 1;
    if (levels > MOST_LEVELS) throw new TooBroken(`is nested deeper than ${MOST_LEVELS} levels`);
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
    for (const declaration of entityDeclarations(doctype)) {
      const name = /^(?:%\s+)?([\w:.-]+)\s/.exec(declaration)?.[1];
      // A name that is declared is no error where it is used; what it stands for may be of any length.
      if (name !== undefined) parser.ENTITIES[name] = "";
      if (/\b(?:SYSTEM|PUBLIC)\b/.test(declaration)) activeContent.add("external references");
    }
  };
  return { broken: readToEnd(parser, text), root, activeContent };
}

/** Undefined, or why the reading ended before. */
function readToEnd(parser: sax.SAXParser, text: string): string | undefined {
  try {
    parser.write(text).close();
    return undefined;
  } catch (error) {
    if (error instanceof TooBroken) return error.message;
    throw error;
  }
}

/** What follows `<!ENTITY ` up to the next `>`, of the first thousand declarations. */
function entityDeclarations(doctype: string): string[] {
  return doctype
    .split(/<!ENTITY\s+/, MOST_ENTITIES)
    .slice(1)
    .map((rest) => rest.slice(0, (rest.indexOf(">") + 1 || rest.length + 1) - 1).slice(0, 1_000));
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
