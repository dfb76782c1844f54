import type { CallContext } from "../core/call-context.js";
import type { HostedFileComparison } from "../uploads/hosted-file.js";
import type { ComparedFile } from "./compare.js";

/**
 * The ids of assets with the name of a file that hold none, such as an upload leaves behind that was ended half way:
 * Webflow gives no size, and the storage has nothing there. A size alone may only be late.
 */
export async function findIncomplete(
  files: readonly ComparedFile[],
  hostedFiles: Pick<HostedFileComparison, "compare">,
  call: CallContext,
): Promise<Set<string>> {
  const found = await Promise.all(
    files.map(async ({ file, status, asset }) => {
      if (status !== "changed" || !asset || (asset.size ?? 0) > 0) return [];
      return (await hostedFiles.compare(asset.hostedUrl, file, call)) === "absent" ? [asset.id] : [];
    }),
  );
  return new Set(found.flat());
}
