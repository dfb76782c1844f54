import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInspector, type Inspector } from "../../src/inspection/inspector.js";
import { findPrivateData } from "../../src/pictures/metadata/private-data.js";
import { callContext } from "../builders/call.js";
import { md5Of, startSite, type TestSite } from "../builders/site.js";
import { patient } from "../slowness.js";

let site: TestSite;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "photos-"));
  await mkdir(join(directory, "photos"));
  site = await startSite({
    service: { allowedDirectories: [join(directory, "photos")], cacheDirectory: join(directory, "cache") },
  });
});

afterEach(async () => {
  await site.close();
  await rm(directory, { recursive: true, force: true });
});

/** A noisy photo with the place where it was taken; different for every number, above Webflow's 4 MB when large. */
async function writePhoto(name: string, seed: number, width = 800): Promise<Buffer> {
  const noise = Buffer.alloc(width * width * 3);
  let state = seed + 1;
  for (let index = 0; index < noise.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[index] = state >>> 24;
  }
  const bytes = await sharp(noise, { raw: { width, height: width, channels: 3 } })
    .jpeg({ quality: 95 })
    .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: "48/1 51/1 0/1" } })
    .toBuffer();
  await writeFile(join(directory, "photos", name), bytes);
  return bytes;
}

function stored() {
  return site.emulator.library.assets(site.emulator.siteId);
}

function storedBytes(): Buffer {
  const [asset] = stored();
  return site.emulator.library.object(asset?.key ?? "")?.bytes ?? Buffer.alloc(0);
}

describe("uploading with optimize", () => {
  it("looks itself at what the optimizer wrote, and leaves the rest to the inspector", async () => {
    await writePhoto("photo.jpg", 1);
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg"><desc>/Users/jane/drawing.png</desc></svg>`;
    await writeFile(join(directory, "photos", "drawing.svg"), drawing);
    const looks: string[] = [];
    const inspector = createInspector();
    const look: Inspector["look"] = (name, ...more) => {
      looks.push(name);
      return inspector.look(name, ...more);
    };
    const service = site.anotherService({ loadWorkers: async () => ({ inspector: { ...inspector, look } }) });
    await service.uploadAsset({ source: "photo.jpg", optimize: true }, callContext());
    expect(looks).toEqual([]);
    const { notes } = await service.uploadAsset({ source: "drawing.svg", optimize: true }, callContext());
    expect([notes.join(), looks]).toEqual([expect.stringContaining("Removed from the file"), ["examine"]]);
  });

  it(
    "makes a photo fit that Webflow would refuse, and takes the place out of it",
    async () => {
      const source = await writePhoto("large.jpg", 1, 2_400);
      expect(source.length).toBeGreaterThan(4 * 1024 * 1024);
      const { asset, notes } = await site.service.uploadAsset(
        { source: "large.jpg", optimize: true },
        callContext(),
      );
      const bytes = storedBytes();
      expect(bytes.length).toBeLessThan(4_000_000);
      expect(asset).toMatchObject({ size: bytes.length, md5: md5Of(bytes), contentType: "image/jpeg" });
      expect(findPrivateData(bytes)).toMatchObject({ place: false, camera: false });
      expect(notes.join(" ")).toMatch(/2400x2400.*place and camera data removed/);
    },
    patient(60_000),
  );

  it(
    "names the option where it would help: too large, or a TIFF",
    async () => {
      await writePhoto("large.jpg", 2, 2_400);
      await writeFile(
        join(directory, "photos", "scan.tif"),
        await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
          .tiff()
          .toBuffer(),
      );
      for (const [source, code] of [
        ["large.jpg", "FILE_TOO_LARGE"],
        ["scan.tif", "TYPE_NOT_SUPPORTED"],
      ] as const) {
        await expect(site.service.uploadAsset({ source }, callContext())).rejects.toMatchObject({
          code,
          next: expect.stringContaining("optimize: true"),
        });
      }
      const { asset } = await site.service.uploadAsset({ source: "scan.tif", optimize: true }, callContext());
      expect(asset).toMatchObject({ fileName: "scan.png", contentType: "image/png" });
    },
    patient(60_000),
  );

  it("says that the place becomes public when a photo goes up as it is", async () => {
    await writePhoto("place.jpg", 3);
    const { notes } = await site.service.uploadAsset({ source: "place.jpg" }, callContext());
    expect(notes.join(" ")).toMatch(/where it was taken.*optimize: true/);
  });

  it("takes a declared MD5 for that of the source", async () => {
    const source = await writePhoto("a.jpg", 4);
    const request = { source: "a.jpg", optimize: true, md5: md5Of(source) };
    expect((await site.service.uploadAsset(request, callContext())).status).toBe("uploaded");
  });

  it("neither encodes nor uploads a repeated batch again, in a new process too", async () => {
    await writePhoto("a.jpg", 5);
    await writePhoto("b.jpg", 6);
    const request = { items: [{ source: "a.jpg" }, { source: "b.jpg", optimize: false }], optimize: true };
    expect(await site.service.uploadAssets(request, callContext())).toMatchObject({ uploaded: 2 });
    site.emulator.requests.clear();
    const again = await site.anotherService().uploadAssets(request, callContext());
    expect(again).toMatchObject({ reused: 2 });
    expect(site.emulator.requests.count({ operation: "createAsset" })).toBe(0);
  });

  it("calls a file the same that was synced with optimize, planned with it or without", async () => {
    await writePhoto("a.jpg", 7);
    const request = { directory: join(directory, "photos"), folder: "Photos" };
    await site.service.syncFolder({ ...request, apply: true, optimize: true }, callContext());
    for (const optimize of [true, false]) {
      const { plan } = await site
        .anotherService()
        .syncFolder({ ...request, apply: false, optimize }, callContext());
      expect(plan).toMatchObject({ same: 1, new: 0, changed: 0 });
    }
    const forgetful = site.anotherService({ cacheDirectory: undefined });
    const { plan } = await forgetful.syncFolder({ ...request, apply: false, optimize: true }, callContext());
    expect(plan).toMatchObject({ same: 1, new: 0 });
  });
});
