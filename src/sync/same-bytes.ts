import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import type { HostedFileComparison } from "../uploads/hosted-file.js";
import type { Ledger } from "../uploads/ledger.js";
import type { SameBytes } from "./compare.js";

/**
 * Whether an asset of the site holds the bytes of a file: by the ledger if it knows one of the two, or else by the
 * hosted file, which the ledger then remembers.
 */
export function createSameBytes(
  siteId: string,
  { ledger, hostedFiles }: { readonly ledger: Ledger; readonly hostedFiles: HostedFileComparison },
  call: CallContext,
): SameBytes {
  return async (file, asset) => {
    if (file.rememberedId === asset.id) return true;
    const remembered = await ledger.find(siteId, file.md5);
    if (remembered?.id === asset.id) return true;
    if (remembered && remembered.size === file.size && asset.folderPath !== file.folder) return false;
    const isSame = (await hostedFiles.compare(asset.hostedUrl, file, call)) === "same";
    throwIfInterrupted(call);
    if (isSame) await ledger.record(siteId, [file.md5], { id: asset.id, size: file.size });
    return isSame;
  };
}
