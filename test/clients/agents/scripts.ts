import type { Json, ToolResult } from "./dialect.js";
import type { Script, ToolCall } from "./scripted-model.js";

/** The files that the scripts find in the directory of the project. */
export const PHOTO = "vase.jpg";
export const DOCUMENTS = ["price-list.txt", "opening-hours.txt"] as const;
export const BATCH = 300;

export function batchFile(number: number): string {
  return `batch/picture-${number}.png`;
}

/**
 * What somebody asks an assistant for in an afternoon: folders, uploads, a look at the pictures, alt texts, where they are used, and one
 * of them deleted. Every tool is called once at least; throws at the first answer that is not what it should be.
 */
export function* theChain(): Script {
  json(yield { tool: "listSites", args: {} });
  json(yield { tool: "listFolders", args: {} });
  const { folder } = json(yield { tool: "ensureFolder", args: { path: "Shop/Spring" } });
  const { asset } = json(
    yield { tool: "uploadAsset", args: { source: PHOTO, folderId: folder.id, altText: "A vase" } },
  );
  const items = DOCUMENTS.map((source) => ({ source, folder: "Shop/Texts" }));
  const job = json(yield { tool: "uploadAssets", args: { items } });
  yield* untilDone(job, items.length);
  const { assets } = json(yield { tool: "listAssets", args: { folder: "Shop", limit: 10 } });
  expect(assets.length === 3, `listAssets knows ${assets.length} assets`);
  const ids: string[] = assets.map(({ id }: Json) => id);
  expect(
    (yield { tool: "viewAsset", args: { assetId: asset.id } }).text.includes(PHOTO),
    "no name of a picture",
  );
  yield { tool: "viewAsset", args: { assetIds: ids } };
  const updates = [{ assetId: asset.id, altText: "A blue vase", displayName: "Blue vase" }];
  expect(json(yield { tool: "updateAssets", args: { updates } }).updated.length === 1, "no alt text was set");
  const details = json(yield { tool: "getAsset", args: { assetId: asset.id } });
  expect(details.asset.altText === "A blue vase", "getAsset has an old alt text");
  expect(
    json(yield { tool: "syncFolder", args: { directory: "batch", folder: "Batch" } }).plan.new === BATCH,
    "a plan",
  );
  json(yield { tool: "showGallery", args: { folder: "Shop" } });
  json(yield { tool: "findUses", args: { assetIds: ids } });
  json(yield { tool: "auditAssets", args: {} });
  const removal = json(yield { tool: "deleteAssets", args: { assetIds: [asset.id], confirm: true } });
  expect(removal.deleted.length === 1, "nothing was deleted");
}

/** Hundreds of files with alt texts, which take longer than one call may, under a rate limit. */
export function* theBatch(): Script {
  const items = Array.from({ length: BATCH }, (_, number) => ({
    source: batchFile(number),
    altText: `Picture ${number}`,
  }));
  const job = json(yield { tool: "uploadAssets", args: { folder: "Batch", items } });
  const polls = yield* untilDone(job, BATCH);
  expect(polls >= LOOP, `only ${polls} polls, which no loop guard minds`);
}

/** So many calls with the same arguments are a loop for some clients. */
const LOOP = 5;

/** Polls as a model does: with the job that the report before has named. Returns how often. */
function* untilDone(first: Json, total: number): Generator<ToolCall, number, ToolResult> {
  let report = first;
  let polls = 0;
  while (report.status === "running") {
    report = json(yield { tool: "uploadStatus", args: { job: report.job } });
    polls += 1;
  }
  expect(report.uploaded === total, `${report.uploaded} of ${total} files were uploaded`);
  return polls;
}

/** A result without what a client wraps it in: "untrusted" marks, the time that it took. */
function json({ text }: ToolResult): Json {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    throw new Error(`not a result: ${text.slice(0, 500)}`);
  }
}

function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
