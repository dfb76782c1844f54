import { parseJson } from "../../core/parse-json.js";
import { elementsOf, isJson, type JsonPart, membersOf } from "./json-text.js";

/**
 * The required keys; the version is not one of them. Lottie Animation Community: "Lottie specification", Animation,
 * https://lottie.github.io/lottie-spec/latest/specs/composition/
 */
const REQUIRED_NUMBERS = ["fr", "ip", "op", "w", "h"];
const REQUIRED_ARRAY = "layers";

/** Longer than the name of any file, in characters. */
const LONGEST_NAME = 10_000;

/** What a JSON text turned out to be; `externalImages` names the pictures that the animation does not contain. */
export type Json =
  | { readonly is: "lottie"; readonly externalImages: readonly string[] }
  | { readonly is: "json" };

/**
 * Distinguishes Lottie animations from other JSON by the keys that every one has; undefined if `text` is not JSON, or is
 * nested deeper than 1,000 levels.
 */
export function inspectJson(text: string): Json | undefined {
  const start = /^\s*(?=[{[])/.exec(text)?.[0].length;
  if (start === undefined || !isJson(text)) return undefined;
  const members = membersOf(text, start, [...REQUIRED_NUMBERS, REQUIRED_ARRAY, "assets"]);
  if (!members || !isAnimation(text, members)) return { is: "json" };
  const assets = members.get("assets");
  const images = assets && elementsOf(text, assets.start);
  return { is: "lottie", externalImages: (images ?? []).flatMap((image) => externalImage(text, image)) };
}

function isAnimation(text: string, members: ReadonlyMap<string, JsonPart>): boolean {
  return (
    text[members.get(REQUIRED_ARRAY)?.start ?? -1] === "[" &&
    REQUIRED_NUMBERS.every((name) => typeof smallValue(text, members.get(name)) === "number")
  );
}

/** https://lottie.github.io/lottie-spec/latest/specs/assets/ ("Image"): a file beside the animation, or a data: URI. */
function externalImage(text: string, asset: JsonPart): string[] {
  const members = membersOf(text, asset.start, ["p", "e"]);
  const path = smallValue(text, members?.get("p"));
  if (typeof path !== "string" || /^data:/i.test(path)) return [];
  return smallValue(text, members?.get("e")) === 1 ? [] : [path.slice(path.lastIndexOf("/") + 1)];
}

/** The value of a number or a short string; undefined for anything else, an embedded picture above all. */
function smallValue(text: string, part: JsonPart | undefined): unknown {
  if (!part || part.end - part.start > LONGEST_NAME || "[{".includes(text[part.start] ?? ""))
    return undefined;
  return parseJson(text.slice(part.start, part.end));
}
