import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import type { HostedFileComparison } from "../uploads/hosted-file.js";
import type { Ledger } from "../uploads/known/ledger.js";
import type { FileToCompare, SameBytes } from "./compare.js";

export interface SameBytesDependencies {
  readonly ledger: Ledger;
  readonly hostedFiles: Pick<HostedFileComparison, "md5At">;
}

const MOST_HASHES = 20_000;

/**
 * Whether an asset of a site holds the bytes of a file: by the ledger if it knows one of the two, or else by the
 * hosted file, which the ledger then remembers. Each hosted file is looked at once, however many files have its size.
 */
export function createSameBytes({ ledger, hostedFiles }: SameBytesDependencies) {
  /** MD5s by the URLs of hosted files, which keep their bytes. */
  const hashes = new Map<string, string>();

  function remember(url: string, md5: string): void {
    hashes.set(url, md5);
    const [oldest] = hashes.keys();
    if (hashes.size > MOST_HASHES && oldest !== undefined) hashes.delete(oldest);
  }

  return (siteId: string, call: CallContext): SameBytes => {
    const asked = new Map<string, Promise<string | undefined>>();

    async function md5At(url: string, file: FileToCompare): Promise<string | undefined> {
      const known = hashes.get(url);
      if (known !== undefined) return known;
      const asking = asked.get(url) ?? hostedFiles.md5At(url, file, call);
      asked.set(url, asking);
      const md5 = await asking;
      throwIfInterrupted(call);
      if (md5 !== undefined) remember(url, md5);
      return md5;
    }

    return async (file, asset) => {
      if (file.rememberedId === asset.id) return true;
      const remembered = await ledger.find(siteId, file.md5);
      if (remembered?.id === asset.id) return true;
      if (remembered && remembered.size === file.size && asset.folderPath !== file.folder) return false;
      if (asset.hostedUrl === undefined) return false;
      const isSame = (await md5At(asset.hostedUrl, file)) === file.md5;
      if (isSame) await ledger.record(siteId, [file.md5], { id: asset.id, size: file.size });
      return isSame;
    };
  };
}
