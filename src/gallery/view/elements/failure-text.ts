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
