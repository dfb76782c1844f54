import { visibleText } from "./text.js";

/** Every code that a failed call or a failed item can carry. The names are part of the public interface. */
export const ERROR_CODES = [
  "SOURCE_NOT_FOUND",
  "SOURCE_NOT_ALLOWED",
  "URL_BLOCKED",
  "DOWNLOAD_FAILED",
  "FILE_EMPTY",
  "FILE_TOO_LARGE",
  "TYPE_NOT_SUPPORTED",
  "TYPE_MISMATCH",
  "MD5_MISMATCH",
  "NAME_INVALID",
  "FOLDER_NOT_FOUND",
  "FOLDER_AMBIGUOUS",
  "FOLDER_CONFLICT",
  "SITE_REQUIRED",
  "SITE_NOT_FOUND",
  "ASSET_NOT_FOUND",
  "JOB_NOT_FOUND",
  "UNAUTHORIZED",
  "MISSING_SCOPE",
  "RATE_LIMITED",
  "WEBFLOW_REJECTED",
  "WEBFLOW_UNAVAILABLE",
  "STORAGE_REJECTED",
  "STORAGE_UNAVAILABLE",
  "UPLOAD_INCOMPLETE",
  "CONFIRMATION_REQUIRED",
  "IN_USE",
  "NOT_INSTALLED",
  "TIMED_OUT",
  "CANCELLED",
  "INVALID_INPUT",
  "SOURCE_CHANGED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error that leaves any folder of this project: what failed and why, and what to do next. `message` and
 * `next` are shown to the assistant as they are, so neither may hold a secret.
 */
export class AssetError extends Error {
  override readonly name = "AssetError";
  readonly code: ErrorCode;
  readonly next: string;

  constructor(code: ErrorCode, message: string, next: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.next = next;
  }
}

/** Whether `error` is an {@link AssetError} and, if codes are given, has one of them. */
export function isAssetError(error: unknown, ...codes: ErrorCode[]): error is AssetError {
  return error instanceof AssetError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * The error as one line for the assistant: `[CODE] what failed and why. Next: what to do.` Anything that is not an
 * {@link AssetError} becomes INTERNAL without its message, which could contain anything.
 */
export function formatError(error: unknown): string {
  const { code, message, next } = isAssetError(error) ? error : internalError(error);
  return `[${code}] ${asSentence(message)} Next: ${asSentence(next)}`;
}

/** The code of an error of Node's or a library's, such as `ENOENT`; empty if it has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** The options of Node that grant what its errors name: https://nodejs.org/api/permissions.html */
const PERMISSION_OPTIONS: Readonly<Record<string, string>> = {
  ChildProcess: "--allow-child-process",
  WorkerThreads: "--allow-worker",
  FileSystemRead: "--allow-fs-read",
  FileSystemWrite: "--allow-fs-write",
  Net: "--allow-net",
};

/**
 * An unforeseen error, the original as its cause. One of Node's permission model says what is missing; a part of the
 * program that is no longer there, that it was updated meanwhile.
 */
export function internalError(cause: unknown): AssetError {
  if (errorCode(cause) === "ERR_ACCESS_DENIED") {
    const { permission } = cause as { permission?: unknown };
    const option = PERMISSION_OPTIONS[String(permission)];
    return new AssetError(
      "NOT_INSTALLED",
      "Node's permission model (--permission) does not allow the server to do this",
      `ask the user to start it with ${option ?? "the permission that the log names"}, or without --permission`,
      { cause },
    );
  }
  if (errorCode(cause) === "ERR_MODULE_NOT_FOUND") {
    return new AssetError(
      "NOT_INSTALLED",
      "A part of the server's program is missing: it was updated or removed while the server was running",
      "ask the user to restart the server (in most clients, by restarting the client), and to reinstall it if that does not help",
      { cause },
    );
  }
  return new AssetError(
    "INTERNAL",
    "Unexpected error",
    "try again; if it happens again, report it with the server's log (stderr)",
    { cause },
  );
}

function asSentence(text: string): string {
  const trimmed = visibleText(text).replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** An error's message as a sentence within another message; empty for undefined. */
export function reasonOf(error: unknown): string {
  if (error === undefined) return "";
  return isAssetError(error) ? error.message.replace(/\.?$/, ".") : "An unexpected error occurred.";
}
