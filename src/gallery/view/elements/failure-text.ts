/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was thrown, as one line: what failed, and what to do about it. */
export function failureLine(error: unknown): string {
  const { what, next } = readFailure(messageOf(error));
  return [what, next].filter(Boolean).join(" ");
}

/** The server's error sentence, `[CODE] what failed. Next: what to do.`, in its parts. */
export interface FailureText {
  readonly code?: string | undefined;
  readonly what: string;
  readonly next?: string | undefined;
}

export function readFailure(message: string): FailureText {
  const { code, what, next } =
    /^(?:\[(?<code>[A-Z0-9_]+)\] )?(?<what>.*?)(?: Next: (?<next>.*))?$/s.exec(message)?.groups ?? {};
  return { code, what: what ?? message, next: next && next.charAt(0).toUpperCase() + next.slice(1) };
}
