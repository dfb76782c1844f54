import { type CallContext, cancelledError, hasDeadlinePassed, isCancelled } from "../../core/call-context.js";
import { AssetError, errorCode } from "../../core/errors.js";

/** DOWNLOAD_FAILED for `shownUrl` (without query or credentials). */
export function downloadFailed(shownUrl: string, why: string, next: string, cause?: unknown): AssetError {
  return new AssetError("DOWNLOAD_FAILED", `${shownUrl} could not be downloaded: ${why}`, next, { cause });
}

/** An answer other than success as DOWNLOAD_FAILED. `waitMs`: how long the server asks to wait, if it does. */
export function badStatus(shownUrl: string, status: number, waitMs?: number): AssetError {
  if (status === 429 || (status === 503 && waitMs !== undefined)) {
    const wait = waitMs === undefined ? "" : ` and asks for a wait of ${Math.ceil(waitMs / 1_000)} s`;
    const next = "wait that long, then call again with fewer files from this host at a time";
    return downloadFailed(
      shownUrl,
      `the server says that it gets too many requests (${status})${wait}`,
      next,
    );
  }
  if (status === 401 || status === 403) {
    const next = "give a URL that opens without signing in, or download the file and give its local path";
    return downloadFailed(shownUrl, `the server refused access (${status})`, next);
  }
  if (status === 404 || status === 410) {
    const next = "check the URL: it must lead to the file itself, and an expiring link must still be valid";
    return downloadFailed(shownUrl, `the server has nothing there (${status})`, next);
  }
  return downloadFailed(
    shownUrl,
    `the server answered ${status}`,
    "try again later, or use another source for the file",
  );
}

/** Any failure on the way, as the error for the caller. */
export function asDownloadError(
  error: unknown,
  shownUrl: string,
  call: CallContext,
  timedOut: boolean,
): AssetError {
  if (isCancelled(call)) return cancelledError();
  const known = findAssetError(error);
  if (known) return known;
  if (timedOut || hasDeadlinePassed(call)) {
    const next =
      "try again, or download the file and give its local path; uploadAssets waits longer for slow servers";
    return downloadFailed(shownUrl, "it took too long", next, error);
  }
  const [why, next] = explain(errorCode(error) || nameOf(error));
  return downloadFailed(shownUrl, why, next, error);
}

/** undici's parser gives its errors no code. */
function nameOf(error: unknown): string {
  return error instanceof Error && error.name !== "Error" ? error.name : "";
}

/** The error of a body that ended before its time, although its server closed it in order. */
export function brokenOff(): Error {
  return Object.assign(new Error("The body ended early"), { code: "ERR_STREAM_PREMATURE_CLOSE" });
}

/** Whether a body was cut short. */
export function isBrokenOff(error: unknown): boolean {
  const code = errorCode(error);
  return isTransient(error) || /CONTENT_LENGTH_MISMATCH|PREMATURE_CLOSE|HPE_INVALID_EOF/.test(code);
}

/** Whether the request failed before any part of the answer came, in a way that may pass at once. */
export function isTransient(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"].includes(errorCode(error));
}

function explain(code: string): readonly [why: string, next: string] {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return ["its host name could not be found", "check the host name in the URL"];
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) {
    return ["the server did not answer in time", "try again, or download the file and give its local path"];
  }
  if (/CERT|SIGNED|TLS|SSL/.test(code)) {
    return [`the TLS connection failed (${code})`, "give a URL whose certificate is valid, or a local path"];
  }
  if (/^Z_|^ERR__ERROR|BROTLI/.test(code)) {
    return ["its compressed body is damaged or cut short", "try again, or use another source for the file"];
  }
  if (code === "HTTPParserError") {
    return [
      "its server does not keep to HTTP",
      "check the URL, or download the file and give its local path",
    ];
  }
  if (/CONTENT_LENGTH|UND_ERR_SOCKET|ECONNRESET|ABORTED|PREMATURE/.test(code)) {
    return ["the connection broke before the whole file had arrived", "try again"];
  }
  return [`the connection failed (${code || "unknown reason"})`, "check the URL, or give a local path"];
}

/** undici wraps what a connector throws, sometimes more than once. */
function findAssetError(error: unknown): AssetError | undefined {
  if (error instanceof AssetError) return error;
  return error instanceof Error && error.cause !== undefined ? findAssetError(error.cause) : undefined;
}
