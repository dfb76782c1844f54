import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { officeBytes } from "../builders/bytes.js";
import { makeTree } from "../builders/file-tree.js";
import { gradient } from "../builders/photos.js";
import { privatePicture } from "../builders/private-picture.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";

let photos: ReturnType<typeof makeTree>;
let server: ServerProcess;

function drawingExportedTo(path: string): string {
  const inkscape = "http://www.inkscape.org/namespaces/inkscape";
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="${inkscape}" inkscape:export-filename="${path}"/>`;
}

beforeAll(async () => {
  photos = makeTree({
    "photo.jpg": await privatePicture(gradient(300, 200), "jpeg"),
    "photo.png": await privatePicture(gradient(300, 200), "png"),
    "photo.webp": await privatePicture(gradient(300, 200), "webp"),
    "plain.jpg": await gradient(300, 200).jpeg().toBuffer(),
    "cut.jpg": (await gradient(300, 200).jpeg().toBuffer()).subarray(0, -200),
    "cut.docx": officeBytes().subarray(0, -30),
    "drawing.svg": drawingExportedTo("/Users/jane/Desktop/drawing.png"),
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

  it("says nothing about a photo that reveals no place", async () => {
    expect(await notesOf("plain.jpg", false)).toBe("");
  });

  it("warns of the directory that a drawing names, and takes it out with optimize", async () => {
    expect(await notesOf("drawing.svg", false)).toMatch(/\/Users\/jane.*optimize: true removes that/);
    expect(await notesOf("drawing.svg", true)).toMatch(
      /^Removed from the file: directories of its author's computer;/,
    );
  });

  it("says that a file is cut off, in a note or in its refusal", async () => {
    expect(await notesOf("cut.jpg", false)).toContain("cut off");
    await expect(notesOf("cut.docx", false)).rejects.toThrow(/TYPE_MISMATCH.*cut off.*intact copy/);
  });

  it.each([
    "photo.jpg",
    "photo.png",
    "photo.webp",
  ])("takes the place out of %s with optimize", async (source) => {
    expect(await notesOf(source, true)).toContain("place and camera data removed");
  });
});
