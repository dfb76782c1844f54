/** What is known of a line that was too long to be kept: its first and last characters. */
export interface TooLongLine {
  readonly head: string;
  readonly tail: string;
}

export interface LineHandlers {
  line(text: string): void;
  /** Called at the end of a line of more than the allowed bytes, whose middle was thrown away. */
  tooLong(line: TooLongLine): void;
}

const EDGE_BYTES = 256;

/**
 * Cuts chunks into lines (UTF-8, ended by LF). A line is held as its chunks until it is whole, so that a long one costs
 * no more than its bytes; one above `maxBytes` is dropped as it comes.
 */
export function createLineReader(maxBytes: number, handlers: LineHandlers): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let head: Buffer | undefined;

  function add(piece: Buffer): void {
    pieces.push(piece);
    size += piece.length;
    if (size <= maxBytes) return;
    const held = Buffer.concat(pieces);
    head ??= Buffer.from(held.subarray(0, EDGE_BYTES));
    pieces = [Buffer.from(held.subarray(-EDGE_BYTES))];
    size = maxBytes;
  }

  function end(): void {
    const held = Buffer.concat(pieces);
    const isTooLong = head !== undefined;
    if (isTooLong) handlers.tooLong({ head: String(head), tail: held.subarray(-EDGE_BYTES).toString() });
    else handlers.line(held.toString());
    pieces = [];
    size = 0;
    head = undefined;
  }

  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, at));
      end();
      from = at + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  };
}
