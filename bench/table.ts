/** What one question came to. */
export interface Answer {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly setting: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** What the figures say, goals included. */
  readonly notes: readonly string[];
  /** What of it the picture for the README shows. */
  readonly figure?: Figure;
}

/** A few bars to compare, the shorter the better; the first is ours. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly (readonly [label: string, value: number])[];
}

/** The answer as a section of Markdown that says when and where in the history it was measured. */
export function toMarkdown({ title, setting, columns, rows, notes }: Answer, measured: string): string {
  const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [
    `## ${title}`,
    "",
    `_Measured on ${measured}._`,
    "",
    setting,
    "",
    ...lines,
    "",
    ...notes.map((note) => `- ${note}`),
    "",
  ].join("\n");
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "?" : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
