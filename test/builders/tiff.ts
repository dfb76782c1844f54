/** What a TIFF of one strip without compression says of its pixels, and the pixels. */
export interface TiffParts {
  readonly width: number;
  readonly height: number;
  /** Bits a sample, the same for each. */
  readonly bits: number;
  /** 0 and 1: grey, 2: RGB, 5: CMYK, 8: Lab. */
  readonly photometric: number;
  /** Samples a pixel. */
  readonly samples: number;
  readonly extraSamples?: readonly number[];
  /** 3: floating point. */
  readonly sampleFormat?: number;
  /** 1: a smaller version of another picture. */
  readonly subfileType?: number;
  readonly pixels: Buffer;
}

const SHORT = 3;
const LONG = 4;

/** A TIFF (little-endian) of these pictures, in this order. TIFF 6.0. */
export function tiffOf(...pictures: readonly TiffParts[]): Buffer {
  const parts: Buffer[] = [Buffer.from("II*\0\0\0\0\0", "latin1")];
  let length = 8;
  const put = (bytes: Buffer): number => {
    const at = length;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    parts.push(padded);
    length += padded.length;
    return at;
  };
  let pointer: { buffer: Buffer; at: number } = { buffer: parts[0] ?? Buffer.alloc(0), at: 4 };
  for (const picture of pictures) {
    const directory = directoryOf(picture, put);
    pointer.buffer.writeUInt32LE(put(directory), pointer.at);
    pointer = { buffer: directory, at: directory.length - 4 };
  }
  return Buffer.concat(parts);
}

function directoryOf(picture: TiffParts, put: (bytes: Buffer) => number): Buffer {
  const { width, height, bits, samples, pixels, sampleFormat = 1 } = picture;
  const each = (value: number): number[] => Array(samples).fill(value);
  const fields: (readonly [tag: number, type: number, values: readonly number[]])[] = [
    [254, LONG, [picture.subfileType ?? 0]],
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, each(bits)],
    [259, SHORT, [1]],
    [262, SHORT, [picture.photometric]],
    [273, LONG, [put(pixels)]],
    [277, SHORT, [samples]],
    [278, LONG, [height]],
    [279, LONG, [pixels.length]],
    ...(picture.extraSamples ? [[338, SHORT, picture.extraSamples] as const] : []),
    [339, SHORT, each(sampleFormat)],
  ];
  const directory = Buffer.alloc(2 + 12 * fields.length + 4);
  directory.writeUInt16LE(fields.length);
  for (const [index, [tag, type, values]] of fields.entries()) {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(values.length, at + 4);
    const size = type === SHORT ? 2 : 4;
    const data = Buffer.alloc(Math.max(4, values.length * size));
    for (const [place, value] of values.entries()) data.writeUIntLE(value, place * size, size);
    if (data.length === 4) data.copy(directory, at + 8);
    else directory.writeUInt32LE(put(data), at + 8);
  }
  return directory;
}

/** Every pixel with these samples. */
export function uniformPixels(count: number, samples: readonly number[], bits: 8 | 16 | 32 = 8): Buffer {
  const pixel = Buffer.alloc((samples.length * bits) / 8);
  for (const [index, value] of samples.entries()) {
    if (bits === 32) pixel.writeFloatLE(value, index * 4);
    else pixel.writeUIntLE(value, (index * bits) / 8, bits / 8);
  }
  return Buffer.concat(Array<Buffer>(count).fill(pixel));
}
