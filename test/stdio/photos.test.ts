import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTree } from "../builders/file-tree.js";
import { gradient } from "../builders/photos.js";
import { privatePicture } from "../builders/private-picture.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";

let photos: ReturnType<typeof makeTree>;
let server: ServerProcess;

beforeAll(async () => {
  photos = makeTree({
    "photo.jpg": await privatePicture(gradient(300, 200), "jpeg"),
    "photo.png": await privatePicture(gradient(300, 200), "png"),
    "photo.webp": await privatePicture(gradient(300, 200), "webp"),
    "plain.jpg": await gradient(300, 200).jpeg().toBuffer(),
  });
  server = startServer({ args: ["--demo", photos.root] });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  photos.remove();
});

async function notesOf(source: string, optimize: boolean): Promise<string> {
  const { notes } = await server.call("uploadAsset", { source, optimize, dryRun: true });
  return (notes as string[]).join(" ");
}

describe("the built server", () => {
  it.each(["photo.jpg", "photo.png", "photo.webp"])("warns of the place in %s", async (source) => {
    expect(await notesOf(source, false)).toMatch(/reveals where it was taken.*optimize: true removes that/);
  });

  it("says nothing of a photo that tells no place", async () => {
    expect(await notesOf("plain.jpg", false)).toBe("");
  });

  it.each([
    "photo.jpg",
    "photo.png",
    "photo.webp",
  ])("takes the place out of %s with optimize", async (source) => {
    expect(await notesOf(source, true)).toContain("place and camera data removed");
  });
});
