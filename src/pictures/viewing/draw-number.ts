/** Digits of 5 x 7 dots, a row a string: text drawn by sharp needs fonts, which many machines have none of. */
const DIGITS: readonly (readonly string[])[] = [
  [" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "],
  ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "],
  [" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"],
  ["#####", "   # ", "  #  ", "   # ", "    #", "#   #", " ### "],
  ["   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "],
  ["#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "],
  ["  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "],
  ["#####", "    #", "   # ", "  #  ", " #   ", " #   ", " #   "],
  [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
  [" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "],
];
const DOT = 4;
const DIGIT_WIDTH = 5;
const DIGIT_HEIGHT = 7;
const MARGIN = 1;
const BACKGROUND = 0;
const INK = 255;

/** A number, white on black, as raw pixels of three channels. */
export function drawNumber(number: number): {
  readonly pixels: Buffer;
  readonly size: { readonly width: number; readonly height: number };
} {
  const rows = rowsOfDots([...String(number)].map(Number));
  const width = (rows[0]?.length ?? 0) * DOT;
  const height = rows.length * DOT;
  const pixels = Buffer.alloc(width * height * 3, BACKGROUND);
  for (let index = 0; index < width * height; index += 1) {
    const row = rows[Math.floor(index / width / DOT)];
    const isInk = row?.[Math.floor((index % width) / DOT)] === "#";
    if (isInk) pixels.fill(INK, index * 3, index * 3 + 3);
  }
  return { pixels, size: { width, height } };
}

function rowsOfDots(digits: readonly number[]): string[] {
  const margin = " ".repeat(MARGIN);
  const empty = " ".repeat(digits.length * (DIGIT_WIDTH + MARGIN) + MARGIN);
  const rows = Array.from({ length: DIGIT_HEIGHT }, (_, row) =>
    [margin, ...digits.map((digit) => `${DIGITS[digit]?.[row] ?? ""}${margin}`)].join(""),
  );
  return [empty, ...rows, empty];
}
