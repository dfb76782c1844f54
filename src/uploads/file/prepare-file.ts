import type { UploadAssetRequest } from "../../contract/upload-asset.js";
import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { checkFile } from "../../files/check-file.js";
import { quotedName } from "../../files/file-name.js";
import { namesSecret, spellingsOf } from "../../files/find-secret.js";
import type { SourceFile } from "../../files/source-file.js";
import type { Examination } from "../../inspection/examine.js";
import type { Inspector } from "../../inspection/inspector.js";
import { MAX_OPTIMIZE_SOURCE_BYTES, type PictureOptimizer } from "../../pictures/optimizer.js";
import type { SourceReader } from "../../sources/source-reader.js";
import { ledgerKeysOf } from "../known/ledger.js";
import { type FileToUpload, reportStep } from "./file-to-upload.js";

/** What a caller specifies for one file. */
export type FileRequest = Omit<UploadAssetRequest, "siteId" | "folder" | "folderId" | "dryRun">;

/** A file that may be sent, with notes on what was changed and what to know before it is public. */
export interface PreparedFile extends FileToUpload {
  /** The ledger's keys for the asset that the file becomes. */
  readonly ledgerKeys: readonly string[];
  readonly notes: readonly string[];
}

export interface ReadOptions {
  /** Awaited before more bytes are buffered, with their number. */
  readonly admit?: (bytes: number) => Promise<void>;
}

/** Takes a source to a file that Webflow accepts, before any call of the Data API. */
export interface FilePreparation {
  /** Reads the source once. Throws as `SourceReader.read` does. */
  read(request: FileRequest, call: CallContext, options?: ReadOptions): Promise<SourceFile>;
  /** Optimizes if requested, and checks against Webflow's rules. Throws as `checkFile` and `optimize` do. */
  check(file: SourceFile, request: FileRequest, call: CallContext): Promise<PreparedFile>;
}

const SECRET_BY_NAME =
  "Its name suggests that it may contain something secret; anyone can read what is uploaded.";

export function createFilePreparation(
  reader: SourceReader,
  optimizer: PictureOptimizer,
  inspector: Inspector,
  ownToken?: string,
): FilePreparation {
  const ownSpellings = ownToken === undefined ? [] : spellingsOf(ownToken);

  function holdsOwnToken(bytes: Buffer): boolean {
    return ownSpellings.some((spelling) => bytes.includes(spelling));
  }

  async function optimized(file: SourceFile, call: CallContext) {
    const { bytes, md5, notes, changed, contentType } = await optimizer.optimize(file.bytes, call);
    const isWritten = changed && contentType !== "";
    return { file: { ...file, bytes, md5, notes: [...file.notes, ...notes] }, isWritten };
  }

  return {
    async read({ source, md5, optimize }, call, { admit } = {}) {
      // The optimizer starts while the source is read; what keeps it from that is said when it is needed.
      if (optimize) optimizer.recipe().catch(() => {});
      const file = await reader.read(source, call, {
        ...(admit && { admit }),
        ...(md5 !== undefined && { md5 }),
        ...(optimize && { maxBytes: MAX_OPTIMIZE_SOURCE_BYTES }),
      });
      reportStep(call, "read", `Read ${file.bytes.length} bytes`);
      return file;
    },

    async check(source, { fileName, displayName, altText, optimize, evenIfSecret }, call) {
      const { file, isWritten } = optimize
        ? await optimized(source, call)
        : { file: source, isWritten: false };
      const recipe = optimize ? await optimizer.recipe() : undefined;
      let examination: Examination | undefined;
      const judged = await checkFile(file, {
        ...(fileName !== undefined && { fileName }),
        // A picture that the optimizer wrote cannot keep this thread busy, as a file from anybody can.
        ...(!isWritten && {
          detect: async (bytes, extension) => {
            examination = await inspector.look("examine", call, bytes, extension);
            return examination.detection;
          },
        }),
        isOptimized: optimize === true,
      });
      if (!evenIfSecret) {
        const secret = holdsOwnToken(file.bytes) ? "the token of this server" : examination?.secret;
        if (secret !== undefined) throw holdsSecret(judged.fileName, secret);
      }
      const notes = [
        ...judged.notes,
        ...(namesSecret(judged.fileName) ? [SECRET_BY_NAME] : []),
        ...(optimize ? [] : (examination?.disclosures ?? [])),
      ];
      reportStep(call, "checked", `Checked: ${judged.contentType}`);
      return {
        bytes: file.bytes,
        md5: file.md5,
        fileName: judged.fileName,
        contentType: judged.contentType,
        displayName,
        altText,
        ledgerKeys: [...new Set([file.md5, ...ledgerKeysOf(source.md5, recipe)])],
        notes,
      };
    },
  };
}

function holdsSecret(fileName: string, secret: string): AssetError {
  return new AssetError(
    "CONFIRMATION_REQUIRED",
    `${quotedName(fileName)} was not sent, because it contains ${secret}, and anyone can read what is uploaded`,
    "tell the user what was found; leave the file out (syncFolder: exclude), or send it without that; only if the user agrees, " +
      "send this one file with uploadAsset and evenIfSecret: true",
  );
}
