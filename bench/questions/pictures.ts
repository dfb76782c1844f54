import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import sharp from "sharp";
import { deltaE, type Rgb } from "../../test/builders/photos.js";
import { PLANTED } from "../../test/builders/private-picture.js";
import { newDirectory, type OurServer, startOurServer } from "../our-server.js";
import { type PictureCase, pictureCases } from "../picture-cases.js";
import type { Answer } from "../table.js";
import { SMALL_FILES, startWorld } from "../world.js";

/** Both pictures are compared at this size. */
const [WIDTH, HEIGHT] = [24, 16];
/** Differences (CIE 1976) that an encoder makes, on average and at one place; 2.3 is just noticeable. */
const MEAN_DELTA_E = 3;
const LARGEST_DELTA_E = 14;
const ALPHA_LEVELS = 10;
const GROWTH = 1.05;
const AT_ONCE = 4;
const GROUND = 128;

interface Finding {
  readonly isRefused: boolean;
  readonly differs: boolean;
  readonly isPrivate: boolean;
  readonly grew: boolean;
}

const NOTHING: Finding = { isRefused: false, differs: false, isPrivate: false, grew: false };

/** Whether pictures of every kind look the same, tell nothing, and do not grow, once `optimize` has had them. */
export async function measurePictures(): Promise<Answer> {
  const directory = newDirectory();
  const cases = await pictureCases(directory);
  const world = await startWorld({ latencyMs: 0, originLatencyMs: 0, sizes: SMALL_FILES });
  const server = await startOurServer(world, { directories: [directory] });
  const findings = await pLimit(AT_ONCE).map(cases, (one) => lookAt(server, directory, one));
  await server.close();
  world.close();
  rmSync(directory, { recursive: true });
  const formats = [...new Set(cases.map(({ extension }) => extension))];
  const count = (of: (finding: Finding) => boolean, extension?: string): number =>
    findings.filter((finding, index) => of(finding) && (!extension || cases[index]?.extension === extension))
      .length;
  const row = (title: string, extension?: string) => [
    title,
    count(() => true, extension),
    count(({ isRefused }) => isRefused, extension),
    count(({ differs }) => differs, extension),
    count(({ isPrivate }) => isPrivate, extension),
    count(({ grew }) => grew, extension),
  ];
  return {
    title: "Pictures of every kind",
    setting:
      `${cases.length} generated pictures (format, channels, depth, colour signal, orientation, animation, metadata) through \`uploadAsset\` with \`optimize\`, ` +
      `each result compared with a colour-managed reading of its source: delta E of at most ${MEAN_DELTA_E} on average and ${LARGEST_DELTA_E} anywhere.`,
    columns: [
      "format",
      "pictures",
      "refused",
      "differ without a note",
      "private values left",
      `larger than ${GROWTH} of the source`,
    ],
    rows: [...formats.map((format) => row(format, format)), row("all")],
    notes: [
      "Goals: none that differs, none that tells, none that grows. Refused with the reason: HDR pictures that would have to be turned.",
    ],
  };
}

async function lookAt(server: OurServer, directory: string, one: PictureCase): Promise<Finding> {
  const source = join(directory, `${one.name}.${one.extension}`);
  writeFileSync(source, one.bytes);
  const answer = await server
    .call("uploadAsset", { source, optimize: true })
    .catch((error: unknown) => String(error));
  if (typeof answer === "string") {
    process.stderr.write(`${one.name}: refused: ${answer}\n`);
    return { ...NOTHING, isRefused: true };
  }
  const { asset, notes } = answer as { asset: { url: string }; notes: string[] };
  const result = Buffer.from(await (await fetch(asset.url)).arrayBuffer());
  const difference = await differenceOf(one, result);
  const finding = {
    isRefused: false,
    differs: difference !== undefined && !/sent as it is|not made smaller/.test(notes.join()),
    isPrivate: PLANTED.some((value) => result.includes(value)),
    grew: result.length > one.bytes.length * GROWTH,
  };
  if (Object.values(finding).some(Boolean)) {
    const sizes = `${one.bytes.length} -> ${result.length} bytes`;
    process.stderr.write(
      `${one.name}: ${JSON.stringify(finding)} ${difference ?? ""} ${sizes}: ${notes.join(" ")}\n`,
    );
  }
  return finding;
}

async function differenceOf({ look, frames }: PictureCase, result: Buffer): Promise<string | undefined> {
  const [seen, wanted] = [await sharp(result, { autoOrient: true }).metadata(), await sharp(look).metadata()];
  if (frames > 1 && seen.pages !== frames) return `${seen.pages} frames`;
  const size = seen.autoOrient;
  if (size.width !== wanted.width || size.height !== wanted.height) return `${size.width}x${size.height}`;
  const [one, other] = [await pixelsOf(look), await pixelsOf(result)];
  const distances = one.colours.map((colour, index) => deltaE(colour, other.colours[index] ?? [0, 0, 0]));
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const largest = Math.max(...distances);
  const alpha = Math.max(...one.alpha.map((level, index) => Math.abs(level - (other.alpha[index] ?? 0))));
  const isSame = mean <= MEAN_DELTA_E && largest <= LARGEST_DELTA_E && alpha <= ALPHA_LEVELS;
  return isSame
    ? undefined
    : `delta E ${mean.toFixed(1)} on average, ${largest.toFixed(1)} at most, alpha ${alpha}`;
}

/** Small, and over grey where it is transparent. */
async function pixelsOf(bytes: Buffer): Promise<{ colours: Rgb[]; alpha: number[] }> {
  const data = await sharp(bytes, { autoOrient: true })
    .resize(WIDTH, HEIGHT, { fit: "fill" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer();
  const pixels = Array.from({ length: data.length / 4 }, (_, index) =>
    data.subarray(index * 4, index * 4 + 4),
  );
  return {
    alpha: pixels.map((pixel) => pixel[3] ?? 0),
    colours: pixels.map(([red = 0, green = 0, blue = 0, alpha = 0]) => {
      const over = (level: number): number => (level * alpha + GROUND * (255 - alpha)) / 255;
      return [over(red), over(green), over(blue)];
    }),
  };
}
