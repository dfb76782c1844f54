import { listField, numberField, textField } from "../elements/read-fields.js";

/** Where an asset is used, as far as the server could tell. */
export interface AssetUses {
  /** `used`, `styleOnly`, `weak`, `noReferenceFound`; anything else counts as not checked. */
  readonly verdict: string;
  /** In words: `/about (image)`. */
  readonly places: readonly string[];
  /** How many there are besides. */
  readonly more: number;
  /** What was not read, each with its reason. */
  readonly notRead: readonly string[];
  /** Whether the site is still being read: the same question goes on. */
  readonly isReading: boolean;
}

/** The answer of `findUses` for one asset. */
export function readAssetUses(data: Record<string, unknown>): AssetUses {
  const [asset = {}] = listField(data, "assets");
  const places = listField(asset, "uses").map((use) => {
    const how = [textField(use, "place"), textField(use, "detail")].filter(Boolean).join(", ");
    return `${textField(use, "in") ?? "somewhere"}${how && ` (${how})`}`;
  });
  return {
    verdict: textField(asset, "verdict") ?? "notChecked",
    places,
    more: numberField(asset, "moreUses") ?? 0,
    notRead: listField(data, "notRead").map(
      (gap) => `${textField(gap, "what") ?? "something"}: ${textField(gap, "why") ?? "unknown"}`,
    ),
    isReading: textField(data, "status") === "reading",
  };
}

/** The verdict in words. It never says that an asset is unused: nobody can know that. */
export function verdictText({ verdict, isReading }: AssetUses): string {
  if (verdict === "used") return "Used in:";
  if (verdict === "styleOnly") return "Found only in a style sheet:";
  if (verdict === "weak") return "Found only in weak spots, such as comments and copies:";
  if (isReading) return "Still searching. Nothing found so far.";
  if (verdict === "noReferenceFound") return "No uses found in what was searched.";
  return "Couldn’t check where it is used.";
}
