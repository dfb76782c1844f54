/** How long a client is waited for that has started the server and has not said anything yet. Milliseconds. */
const WAIT_MS = 2_000;
/** No client says so much before `initialize`. */
const MOST_CHARACTERS = 1_000_000;

/** JSON-RPC 2.0, "Error object". */
const INTERNAL_ERROR = -32_603;
const METHOD_NOT_FOUND = -32_601;

/**
 * Ends the process with `exitCode` after saying why on stderr. Clients do not show stderr: one that is connected by
 * pipes gets the same text as the answer to its `initialize`, which it shows. Runs on old Nodes itself.
 */
export function refuseToStart(reason: string, exitCode: number, waitMs: number = WAIT_MS): void {
  const message = `webflow-assets-mcp cannot start: ${reason}`;
  process.exitCode = exitCode;
  process.stderr.on("error", () => {});
  process.stdout.on("error", () => process.exit(exitCode));
  process.stderr.write(`${message}\n`);
  if (process.stdin.isTTY) return;

  const end = (): void => {
    process.stdout.write("", () => process.exit(exitCode));
  };
  let received = "";
  process.stdin.setEncoding("utf8");
  process.stdin.on("error", end);
  process.stdin.on("end", end);
  process.stdin.on("data", (text) => {
    const lines = (received + text).split("\n");
    received = lines.pop() || "";
    for (const line of lines) {
      const request = readRequest(line);
      if (!request) continue;
      process.stdout.write(`${JSON.stringify(refusalOf(request, message))}\n`);
      if (request.method === "initialize") return end();
    }
    if (received.length > MOST_CHARACTERS) end();
  });
  setTimeout(end, waitMs);
}

interface Request {
  readonly id: unknown;
  readonly method: unknown;
}

function readRequest(line: string): Request | undefined {
  try {
    const message = JSON.parse(line.trim());
    return message.id === undefined || message.method === undefined ? undefined : message;
  } catch {
    return undefined;
  }
}

/** Newer clients ask for something else first, and come to `initialize` when that is not known. */
function refusalOf({ id, method }: Request, message: string): object {
  const code = method === "initialize" ? INTERNAL_ERROR : METHOD_NOT_FOUND;
  return { jsonrpc: "2.0", id, error: { code, message } };
}
