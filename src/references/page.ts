import { Tokenizer } from "htmlparser2";
import {
  createLabeller,
  type Label,
  type Labeller,
  type Place,
  type Reference,
  type Search,
} from "./references.js";
import { coverScript } from "./script.js";
import { coverStyles, importsOf, utf8Of } from "./style-sheet.js";

/** What a page refers to, and where it leads. URLs as they are written there, each once. */
export interface Page {
  readonly references: readonly Reference[];
  /** To other pages: links, alternates in other languages, frames, redirects of visitors. */
  readonly links: readonly string[];
  readonly styleSheets: readonly string[];
  readonly scripts: readonly string[];
  /** Lottie animations, which may refer to pictures of their own. */
  readonly animations: readonly string[];
  /** Web app manifests, which name icons and screenshots. W3C: https://www.w3.org/TR/appmanifest/ */
  readonly manifests: readonly string[];
  /** `<base href>`: the base of relative URLs. */
  readonly base: string | undefined;
  /** The page's id, which Webflow states on its `<html>` element. */
  readonly pageId: string | undefined;
  /** Whether it asks for a password: Webflow's form for that posts to `/.wf_auth`. */
  readonly asksForPassword: boolean;
}

/** Where an attribute is in the text. */
interface Attribute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Tag {
  readonly name: string;
  readonly attributes: Attribute[];
  /** The values; of two attributes with the same name the first counts, as in browsers. */
  readonly values: Map<string, string>;
}

const IN_COMMENT: Label = { place: "other", strength: "comment" };

/** Parses an HTML page, or a fragment of one. */
export function readPage(html: Buffer, search: Search): Page {
  const labeller = createLabeller(html, search);
  const text = html.toString("latin1");
  const leads = collectLeads();
  let tag = createTag("");
  let attribute: { name: string; value: string; start: number } | undefined;
  /** The element whose content is not markup, a script or a style, and where that content begins. */
  let raw: { tag: Tag; start: number } | undefined;
  let isInRichTextFigure = false;

  function endTag(end: number): void {
    const place = isInRichTextFigure ? "richText" : undefined;
    for (const one of tag.attributes) coverAttribute(one, tag, labeller, place);
    leads.add(tag);
    if (tag.name === "script" || tag.name === "style") raw = { tag, start: end + 1 };
    if (tag.name === "figure") isInRichTextFigure = /w-richtext-figure/.test(attributeOf(tag, "class"));
  }

  function endRaw(end: number): void {
    if (!raw) return;
    const content = text.slice(raw.start, end);
    if (labeller.reaches(end)) coverRaw(raw.tag, content, raw.start, labeller);
    if (raw.tag.name === "style") leads.addImports(content);
    raw = undefined;
  }

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = createTag(text.slice(start, end).toLowerCase());
      },
      onattribname(start, end) {
        attribute = { name: text.slice(start, end).toLowerCase(), value: "", start: end };
      },
      onattribdata(start, end) {
        if (attribute) attribute.value += text.slice(start, end);
      },
      onattribentity(codepoint) {
        if (attribute) attribute.value += utf8AsLatin1(codepoint);
      },
      onattribend(_quote, end) {
        if (attribute) addAttribute(tag, attribute, end);
        attribute = undefined;
      },
      onopentagend: endTag,
      onselfclosingtag: endTag,
      onclosetag(start, end) {
        endRaw(start);
        if (isInRichTextFigure && text.slice(start, end).toLowerCase() === "figure")
          isInRichTextFigure = false;
      },
      oncomment(start, end) {
        labeller.cover(start, end, IN_COMMENT);
      },
      ontext: () => {},
      oncdata: () => {},
      ondeclaration: () => {},
      onprocessinginstruction: () => {},
      ontextentity: () => {},
      onend: () => endRaw(text.length),
    },
  );
  tokenizer.write(text);
  tokenizer.end();
  return { ...leads.finish(), references: labeller.finish() };
}

function coverAttribute(one: Attribute, tag: Tag, labeller: Labeller, richText: Place | undefined): void {
  if (!labeller.reaches(one.end)) return;
  const place = placeOf(one.name, tag);
  const shown = richText !== undefined && place === "image" ? richText : place;
  labeller.cover(one.start, one.end, { place: shown, strength: "strong" });
}

function coverRaw(element: Tag, content: string, start: number, labeller: Labeller): void {
  const end = start + content.length;
  if (element.name === "style") return coverStyles(content, start, labeller, "strong");
  const type = attributeOf(element, "type");
  if (/json/.test(type)) {
    const place = /\bw-json\b/.test(attributeOf(element, "class")) ? "lightbox" : "code";
    return labeller.cover(start, end, { place, strength: "strong" });
  }
  // A template in percent-encoded HTML, which is not code.
  if (/template/.test(type)) return labeller.cover(start, end, { place: "other", strength: "strong" });
  coverScript(content, start, labeller);
}

const SOURCES = ["src", "srcset", "data-src", "data-srcset", "imagesrcset", "href", "xlink:href", "poster"];

function placeOf(name: string, tag: Tag): Place {
  const element = tag.name;
  if (/^data-(?:video|poster)-url/.test(name) || /^(?:video|audio|track)$/.test(element)) return "video";
  if (name === "style" || name === "background") return "background";
  if (/^(?:data-)?src$/.test(name) && isAnimation(tag)) return "lottie";
  if (name === "data-props") return "code";
  if (/^on[a-z]+$/.test(name)) return "code";
  if (element === "meta") return placeInMeta(tag);
  if (element === "link") return placeInLink(name, tag);
  if (element === "source") return name === "srcset" ? "image" : "video";
  if (/^(?:img|image|input|use|feimage)$/.test(element) && SOURCES.includes(name)) return "image";
  if (/^(?:a|area)$/.test(element) && name === "href") return "link";
  if (element === "form" && /^(?:action|redirect|data-redirect)$/.test(name)) return "link";
  return /srcset$/.test(name) ? "image" : "other";
}

/** Webflow: `data-animation-type="lottie" data-src="…json|.lottie"`; embeds use elements of the players. */
function isAnimation(tag: Tag): boolean {
  return (
    attributeOf(tag, "data-animation-type") === "lottie" ||
    /^(?:lottie-player|dotlottie-(?:player|wc))$/.test(tag.name) ||
    /\.(?:json|lottie)(?:[?#]|$)/i.test(attributeOf(tag, "data-src"))
  );
}

function placeInMeta(tag: Tag): Place {
  const key = attributeOf(tag, "property") || attributeOf(tag, "name") || attributeOf(tag, "itemprop");
  if (/^(?:og|twitter):image/i.test(key)) return "ogImage";
  if (/^(?:og|twitter):(?:video|player)/i.test(key)) return "video";
  return /^msapplication-/i.test(key) ? "favicon" : "other";
}

function placeInLink(name: string, tag: Tag): Place {
  const rel = attributeOf(tag, "rel").toLowerCase();
  if (/\b(?:icon|apple-touch-icon(?:-precomposed)?|mask-icon)\b/.test(rel)) return "favicon";
  if (/\bimage_src\b/.test(rel)) return "ogImage";
  if (name === "imagesrcset") return "image";
  const kind = attributeOf(tag, "as").toLowerCase();
  return kind === "image" || kind === "font" || kind === "video" ? kind : "other";
}

/** Collects, tag by tag, where a page leads and what it states about itself. */
function collectLeads() {
  const links = new Set<string>();
  const styleSheets = new Set<string>();
  const scripts = new Set<string>();
  const animations = new Set<string>();
  const manifests = new Set<string>();
  let base: string | undefined;
  let pageId: string | undefined;
  let asksForPassword = false;

  function addLink(tag: Tag): void {
    const rel = attributeOf(tag, "rel").toLowerCase().split(/\s+/);
    const href = utf8Of(attributeOf(tag, "href"));
    if (rel.includes("modulepreload")) scripts.add(href);
    if (rel.includes("manifest")) manifests.add(href);
    const isSheet =
      rel.includes("stylesheet") || (rel.includes("preload") && attributeOf(tag, "as") === "style");
    if (isSheet) styleSheets.add(href);
    else if (rel.some((one) => ["alternate", "canonical", "next", "prev"].includes(one))) links.add(href);
  }

  return {
    addImports(css: string): void {
      for (const url of importsOf(css)) styleSheets.add(url);
    },
    add(tag: Tag): void {
      const { name } = tag;
      if (name === "a" || name === "area") links.add(utf8Of(attributeOf(tag, "href")));
      else if (name === "iframe" || name === "frame") links.add(utf8Of(attributeOf(tag, "src")));
      else if (name === "meta") links.add(utf8Of(refreshOf(tag)));
      else if (name === "link") addLink(tag);
      else if (name === "script") scripts.add(utf8Of(attributeOf(tag, "src")));
      else if (name === "base") base ??= utf8Of(attributeOf(tag, "href"));
      else if (name === "html") {
        pageId = attributeOf(tag, "data-wf-page") || undefined;
      } else if (name === "form") asksForPassword ||= attributeOf(tag, "action").includes("/.wf_auth");
      if (isAnimation(tag)) animations.add(utf8Of(attributeOf(tag, "data-src") || attributeOf(tag, "src")));
    },
    finish: () => ({
      links: written(links),
      styleSheets: written(styleSheets),
      scripts: written(scripts),
      animations: written(animations),
      manifests: written(manifests),
      base,
      pageId,
      asksForPassword,
    }),
  };
}

/** `<meta http-equiv="refresh" content="0; url=/new">` */
function refreshOf(tag: Tag): string {
  if (attributeOf(tag, "http-equiv").toLowerCase() !== "refresh") return "";
  return /^[\s\d.]*[;,]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(attributeOf(tag, "content"))?.[1] ?? "";
}

function written(urls: ReadonlySet<string>): string[] {
  return [...urls].map((url) => url.trim()).filter((url) => url !== "");
}

function createTag(name: string): Tag {
  return { name, attributes: [], values: new Map() };
}

function addAttribute(
  tag: Tag,
  { name, value, start }: { name: string; value: string; start: number },
  end: number,
): void {
  tag.attributes.push({ name, start, end });
  if (!tag.values.has(name)) tag.values.set(name, value);
}

function attributeOf(tag: Tag, name: string): string {
  return tag.values.get(name) ?? "";
}

function utf8AsLatin1(codepoint: number): string {
  return Buffer.from(String.fromCodePoint(codepoint)).toString("latin1");
}
