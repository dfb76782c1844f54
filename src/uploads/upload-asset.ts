import type { UploadAssetRequest, UploadAssetResult } from "../contract/upload-asset.js";
import type { CallContext } from "../core/call-context.js";
import type { ByteBudget } from "../core/memory/byte-budget.js";
import { assertMakeable, notesOnPlanned } from "../folders/find-folder.js";
import { formatFolderPath, readFolderPath } from "../folders/folder-path.js";
import type { FolderChoice, FolderStore } from "../folders/folder-store.js";
import type { Sites } from "../webflow/sites.js";
import { reportStep } from "./file/file-to-upload.js";
import type { FilePreparation, PreparedFile } from "./file/prepare-file.js";
import type { Ledger } from "./known/ledger.js";
import type { ReuseKnown } from "./reuse-known.js";
import type { Uploader } from "./upload-file.js";

export interface UploadAssetDependencies {
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly preparation: FilePreparation;
  readonly uploader: Uploader;
  readonly reuseKnown: ReuseKnown;
  readonly budget: ByteBudget;
  readonly ledger: Ledger;
}

/** Takes one file from wherever the user has it to a finished asset in the right folder. */
export type UploadAsset = (request: UploadAssetRequest, call: CallContext) => Promise<UploadAssetResult>;

export function createUploadAsset(parts: UploadAssetDependencies): UploadAsset {
  const { sites, folders, preparation, uploader, reuseKnown, budget, ledger } = parts;
  async function place(siteId: string, choice: FolderChoice, call: CallContext) {
    if (choice.folder !== undefined) return folders.ensure(siteId, choice.folder, call);
    return { folder: await folders.find(siteId, choice, call), notes: [] };
  }

  async function plan(siteId: string, request: UploadAssetRequest, file: PreparedFile, call: CallContext) {
    const existing = await folders.findIfAny(siteId, request, call);
    const isNew = request.folder !== undefined && !existing;
    const names = isNew ? readFolderPath(request.folder ?? "") : [];
    const tree = await folders.tree(siteId, call);
    assertMakeable(tree, names);
    const path = isNew ? formatFolderPath(names) : existing?.path;
    return {
      status: "planned" as const,
      asset: {
        ...factsOf(file),
        folder: path === undefined ? null : { ...(existing && { id: existing.id }), path },
        altText: file.altText || undefined,
      },
      notes: [...file.notes, ...notesOnPlanned(tree, names)],
    };
  }

  async function upload(siteId: string, choice: FolderChoice, file: PreparedFile, call: CallContext) {
    const { folder, notes } = await place(siteId, choice, call);
    reportStep(call, "folder", `Folder: ${folder?.path ?? "root"}`);
    const uploaded = await uploader.upload({ siteId, folder }, file, call);
    return { ...uploaded, notes: [...notes, ...uploaded.notes] };
  }

  async function uploadOne(
    request: UploadAssetRequest,
    call: CallContext,
    admit: (bytes: number) => Promise<void>,
  ): Promise<UploadAssetResult> {
    const { folder, folderId } = request;
    const file = await preparation.check(await preparation.read(request, call, { admit }), request, call);
    const siteId = await sites.resolve(request.siteId, call);
    if (request.dryRun) return plan(siteId, request, file, call);

    const known = folder === undefined ? undefined : await reuseKnown(siteId, folder, file, call);
    const uploaded = known ?? (await upload(siteId, { folder, folderId }, file, call));
    await ledger.record(siteId, file.ledgerKeys, { id: uploaded.id, size: file.bytes.length });
    return {
      status: uploaded.status,
      asset: {
        id: uploaded.id,
        ...factsOf(file),
        fileName: uploaded.fileName,
        contentType: uploaded.contentType,
        url: uploaded.url,
        folder: uploaded.folder ? { id: uploaded.folder.id, path: uploaded.folder.path } : null,
        altText: uploaded.altText,
      },
      notes: [...file.notes, ...uploaded.notes],
    };
  }

  return async (request, call) => {
    folders.check(request);
    return budget.lend(call, ({ take }) => uploadOne(request, call, take));
  };
}

function factsOf(file: PreparedFile) {
  const { fileName, contentType, md5 } = file;
  return { fileName, contentType, size: file.bytes.length, md5 };
}
