import { cutMiddle, visibleLine } from "./text.js";

export const LOG_LEVELS = ["silent", "error", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes one line per message. `child` returns a logger whose lines carry the id of a call. */
export interface Logger {
  error(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  child(callId: string): Logger;
}

const LONGEST_MESSAGE = 4_000;

/**
 * A logger for stderr (stdout belongs to the protocol): one line per message, with line breaks folded and every
 * string in `secrets` replaced wherever it turns up.
 */
export function createLogger(
  level: LogLevel,
  secrets: string[] = [],
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const threshold = LOG_LEVELS.indexOf(level);
  const hidden = secrets.filter((secret) => secret.length >= 8);

  function logger(prefix: string): Logger {
    function line(messageLevel: LogLevel, message: string): void {
      if (LOG_LEVELS.indexOf(messageLevel) > threshold) return;
      const shown = visibleLine(message.replace(/\s*[\r\n]+\s*/g, " "));
      const redacted = hidden.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), shown);
      write(`${new Date().toISOString()} ${messageLevel} ${prefix}${cutMiddle(redacted, LONGEST_MESSAGE)}\n`);
    }
    return {
      error: (message) => line("error", message),
      info: (message) => line("info", message),
      debug: (message) => line("debug", message),
      child: (callId) => logger(`${callId} `),
    };
  }
  return logger("");
}
