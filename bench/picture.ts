import type { Figure } from "./table.js";

const WIDTH = 800;
const LABEL_WIDTH = 300;
const BAR_WIDTH = 380;
const ROW_HEIGHT = 24;
const TITLE_HEIGHT = 44;

/** The figures one below the other as an SVG that is legible on light and on dark pages. */
export function drawFigures(figures: readonly Figure[]): string {
  let top = 0;
  const parts = figures.map((figure) => {
    const part = drawFigure(figure, top);
    top += TITLE_HEIGHT + figure.bars.length * ROW_HEIGHT;
    return part;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 16}" role="img" aria-label="Benchmark: shorter is better">`,
    "<style>",
    "text{font:14px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}",
    ".ours{fill:#146ef5}.other{fill:#8c959f}",
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ours{fill:#4f9bff}.other{fill:#6e7681}}",
    "</style>",
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function drawFigure({ title, unit, bars }: Figure, top: number): string {
  const longest = Math.max(...bars.map(([, value]) => value));
  const rows = bars.map(([label, value], index) => {
    const y = top + TITLE_HEIGHT + index * ROW_HEIGHT;
    const width = Math.max(2, (BAR_WIDTH * value) / longest);
    const text = `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 })} ${unit}`;
    return (
      `<text x="${LABEL_WIDTH - 10}" y="${y + 15}" text-anchor="end">${escaped(label.replace("@modelcontextprotocol/", ""))}</text>` +
      `<rect class="${index === 0 ? "ours" : "other"}" x="${LABEL_WIDTH}" y="${y + 3}" width="${width.toFixed(1)}" height="16" rx="3"/>` +
      `<text x="${(LABEL_WIDTH + width + 8).toFixed(1)}" y="${y + 15}">${escaped(text)}</text>`
    );
  });
  return [`<text class="title" x="16" y="${top + 30}">${escaped(title)}</text>`, ...rows].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
