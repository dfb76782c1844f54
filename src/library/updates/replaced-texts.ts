import type { UpdateAssetsResult } from "../../contract/update-assets.js";
import { countFitting } from "../../core/answer-size.js";
import { cutText, quotedLine } from "../../core/text.js";
import type { PlannedUpdate } from "./plan-updates.js";

/** How many replaced texts the question shows, and how much of each. */
const MOST_SHOWN = 5;
const EXCERPT = 60;

interface ReplacedText {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

/** Texts written by people that the update would replace; the file's own name was written by nobody. */
export function replacedTexts(planned: PlannedUpdate): ReplacedText[] {
  if ("error" in planned) return [];
  const { asset, changes } = planned;
  const isNamed = asset.displayName !== asset.originalFileName;
  const pairs = [
    [asset.altText, changes.altText],
    [isNamed ? asset.displayName : undefined, changes.displayName],
  ] as const;
  return pairs.flatMap(([before, after]) =>
    before?.trim() && after !== undefined && after !== before ? [{ id: asset.id, before, after }] : [],
  );
}

/** What was there before, in the form of `updates`, so that it can be passed back. */
export function textsBefore(
  planned: readonly PlannedUpdate[],
  touched: ReadonlySet<string>,
): UpdateAssetsResult["before"] {
  return planned.flatMap((one) => {
    if ("error" in one || !touched.has(one.assetId)) return [];
    const { asset, changes } = one;
    return [
      {
        assetId: one.assetId,
        ...(changes.displayName !== undefined && asset.displayName && { displayName: asset.displayName }),
        ...(changes.altText !== undefined && { altText: asset.altText ?? "" }),
      },
    ];
  });
}

/** If there are too many long texts for an answer, all of them are cut to the same length. */
export function affordable(
  before: UpdateAssetsResult["before"],
  maxTokens: number,
): UpdateAssetsResult["before"] {
  let longest = 500;
  let texts = before;
  while (longest > 15 && countFitting(texts, maxTokens) < texts.length) {
    longest /= 2;
    texts = before.map(({ assetId, ...own }) => ({
      assetId,
      ...Object.fromEntries(Object.entries(own).map(([name, text]) => [name, cutText(text ?? "", longest)])),
    }));
  }
  return texts;
}

export function questionAbout(replaced: readonly ReplacedText[]) {
  const shown = replaced
    .slice(0, MOST_SHOWN)
    .map(
      ({ before, after }) =>
        `- ${quotedLine(before, EXCERPT)} becomes ${after === "" ? "empty" : quotedLine(after, EXCERPT)}`,
    );
  const others = replaced.length - shown.length;
  const lines = others > 0 ? [...shown, `- and ${others} more`] : shown;
  return {
    message: `Replace ${countOf(replaced.length)} that people wrote?\n${lines.join("\n")}`,
    field: "replace",
    title: `Replace ${countOf(replaced.length)}`,
  };
}

export function countOf(texts: number): string {
  return texts === 1 ? "a text" : `${texts} texts`;
}
