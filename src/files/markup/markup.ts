import sax from "sax";
import { withoutCssEscapes } from "../../core/encodings.js";
import { present } from "../../core/present.js";
import { quotedLine } from "../../core/text.js";
import { readEntities } from "./entities.js";
import { withoutLongValues } from "./long-values.js";
import { createNamespaces } from "./namespaces.js";
import { writeInPieces } from "./write-in-pieces.js";

/** What a text that begins with `<` turned out to be. */
export type Markup =
  | {
      readonly is: "svg";
      readonly activeContent: readonly string[];
      readonly shownBroken: string | undefined;
    }
  | { readonly is: "brokenSvg"; readonly why: string }
  | { readonly is: "html" | "xml"; readonly title: string };

const HTML_START = /^\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
const MAX_TITLE_CHARACTERS = 60;
/** Beyond these, each further element costs more than the one before, and browsers show nothing either. */
const MOST_LEVELS = 1_000;
const MOST_ERRORS = 100;
/** In 4 MB there is room for more only if none of them says where anything is. */
const MOST_ELEMENTS = 300_000;
const MOST_ATTRIBUTES = 1_000;
/** How many characters may come from entities; the reader asks twice for each. */
const MOST_ENTITY_CHARACTERS = 2_000_000;
/** Without the entities of HTML, which SVG does not have. The types leave the option out. */
const XML_ONLY: sax.SAXOptions & { strictEntities: boolean } = { strictEntities: true };
const ENDLESS_ENTITIES = "has entities that stand for more than any drawing needs";
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const HTML_NAMESPACE = "http://www.w3.org/1999/xhtml";
/** XML 1.0, section 2.2: characters that no document may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Ends the reading of a text that goes beyond the bounds. */
class TooBroken extends Error {}

/**
 * Distinguishes SVG, HTML and other XML by the root element; undefined for other text. Of an SVG, `activeContent` names
 * what browsers would run or load, `shownBroken` why it would show broken; of a page, `title` is the beginning of its
 * title. SVG nested deeper than 1,000 levels or with over 100 errors is `brokenSvg`.
 */
export function inspectMarkup(text: string): Markup | undefined {
  if (!text.trimStart().startsWith("<")) return undefined;
  if (HTML_START.test(text.slice(0, 65_536))) return { is: "html", title: titleOf(text) };

  const { root, activeContent, error, broken } = parseXml(withoutLongValues(text.trimStart()));
  if (root === undefined) {
    const isSvg = broken !== undefined && /<(?:[\w-]+:)?svg[\s>/]/.test(text);
    return isSvg ? { is: "brokenSvg", why: broken } : undefined;
  }
  if (root.name === "svg" && broken !== undefined) return { is: "brokenSvg", why: broken };
  if (root.name === "svg") {
    const isNamed = root.namespace === SVG_NAMESPACE;
    const shownBroken = brokenCharacters(text) ?? (isNamed ? error : `it lacks xmlns="${SVG_NAMESPACE}"`);
    return { is: "svg", activeContent: [...activeContent], shownBroken };
  }
  return { is: root.name === "html" ? "html" : "xml", title: titleOf(text) };
}

function brokenCharacters(text: string): string | undefined {
  if (/^\s+<\?xml\s/.test(text)) return "its XML declaration is not at its very beginning";
  return FORBIDDEN.test(text) ? "it holds a control character that XML does not allow" : undefined;
}

interface ParsedXml {
  /** The local name of the root element, and what its prefix stands for. */
  readonly root: { readonly name: string; readonly namespace: string | undefined } | undefined;
  readonly activeContent: ReadonlySet<string>;
  /** The first error, after which browsers show nothing of a picture. */
  readonly error: string | undefined;
  /** Why the text was not read to its end. */
  readonly broken: string | undefined;
}

/** Lenient: an SVG with an undefined entity or a missing end is still one, as it is for Webflow. */
function parseXml(text: string): ParsedXml {
  const parser = sax.parser(true, XML_ONLY);
  const namespaces = createNamespaces();
  const activeContent = new Set<string>();
  let root: ParsedXml["root"];
  let error: string | undefined;
  let element = "";
  let errors = 0;
  let levels = 0;
  let elements = 0;
  let attributesSoFar = 0;
  let entityCharacters = 0;

  const note = (found: readonly string[]): void => {
    for (const one of found) activeContent.add(one);
  };
  parser.onerror = ({ message }) => {
    parser.resume();
    error ??= explained(message, parser);
    errors += 1;
    if (errors > MOST_ERRORS) throw new TooBroken(`has over ${MOST_ERRORS} errors`);
  };
  parser.onclosetag = () => {
    levels -= 1;
    namespaces.leave();
  };
  parser.onattribute = () => {
    attributesSoFar += 1;
    if (attributesSoFar > MOST_ATTRIBUTES) {
      throw new TooBroken(`has an element with over ${MOST_ATTRIBUTES} attributes`);
    }
  };
  parser.onopentag = ({ name, attributes }) => {
    attributesSoFar = 0;
    elements += 1;
    if (elements > MOST_ELEMENTS) throw new TooBroken(`has over ${MOST_ELEMENTS} elements`);
    levels += 1;
    if (levels > MOST_LEVELS) throw new TooBroken(`is nested deeper than ${MOST_LEVELS} levels`);
    const unbound = namespaces.enter(name, attributes);
    element = localName(name);
    if (root && levels === 1) error ??= "something follows its end";
    root ??= { name: element, namespace: namespaces.of(name) };
    if (unbound !== undefined) error ??= `it does not declare its prefix ${quotedLine(unbound, 40)}`;
    note(namespaces.of(name) === HTML_NAMESPACE ? ["embedded HTML"] : []);
    note(activeElement(element, attributes));
  };
  parser.ontext = (content) =>
    note(element === "style" && loadsStyle(content) ? ["external references"] : []);
  parser.oncdata = parser.ontext;
  parser.onprocessinginstruction = ({ name }) => {
    if (name === "xml-stylesheet") activeContent.add("external references");
  };
  parser.ondoctype = (doctype) => {
    const { values, areExternal, areEndless } = readEntities(doctype);
    if (areEndless) throw new TooBroken(ENDLESS_ENTITIES);
    if (areExternal) activeContent.add("external references");
    for (const [name, value] of values) {
      if (value.includes("<")) note(activeIn(value));
      Object.defineProperty(parser.ENTITIES, name, {
        configurable: true,
        get() {
          entityCharacters += value.length;
          if (entityCharacters > MOST_ENTITY_CHARACTERS) throw new TooBroken(ENDLESS_ENTITIES);
          // An empty one would count as undefined.
          return value === "" ? " " : value;
        },
      });
    }
  };
  return { broken: readToEnd(parser, text), root, activeContent, error };
}

/** What the markup that an entity stands for would run or load. */
function activeIn(fragment: string): readonly string[] {
  const found = new Set<string>();
  const parser = sax.parser(true);
  parser.onerror = () => parser.resume();
  parser.onopentag = ({ name, attributes }) => {
    for (const one of activeElement(localName(name), attributes)) found.add(one);
  };
  readToEnd(parser, `<svg>${fragment}</svg>`);
  return [...found];
}

/** Undefined, or why the reading ended before. */
function readToEnd(parser: sax.SAXParser, text: string): string | undefined {
  try {
    writeInPieces(parser, text);
    parser.close();
    return undefined;
  } catch (error) {
    // The reader itself fails where an attribute is called like a property of every object.
    return error instanceof TooBroken ? error.message : "cannot be read";
  }
}

/** What a parser's message means for whoever has the file. `entity`: the one that it reads, by its name. */
function explained(message: string, { entity }: sax.SAXParser & { readonly entity?: string }): string {
  if (/^Un(?:closed root tag|expected end)/.test(message)) return "it is cut off before its end";
  if (message.startsWith("Invalid character entity")) {
    return `it uses ${quotedLine(`&${entity};`, 40)} without declaring it`;
  }
  return "it is not well-formed XML";
}

function activeElement(element: string, attributes: Readonly<Record<string, unknown>>): string[] {
  return [
    ...present(element === "script" && "scripts", element === "foreignobject" && "embedded HTML"),
    ...Object.entries(attributes).flatMap(([key, value]) =>
      activeAttribute(element, movesAddress(attributes, key) ? "href" : localName(key), String(value)),
    ),
  ];
}

/** Whether an attribute of an animation is what an address becomes. */
function movesAddress({ attributeName }: Readonly<Record<string, unknown>>, name: string): boolean {
  return ["to", "from", "by", "values"].includes(name) && localName(String(attributeName)) === "href";
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
  // What could load something has one of these characters, never escaped.
  if (!/[@(]/.test(style)) return false;
  const meant = style.includes("\\") ? withoutCssEscapes(style) : style;
  return /@import|(?:url\(|image-set\((?=["']))["']?(?!["'#)]|data:)/i.test(meant.replace(/\s/g, ""));
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
