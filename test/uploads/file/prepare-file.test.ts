import { describe, expect, it } from "vitest";
import { createInspector } from "../../../src/inspection/inspector.js";
import { MAX_OPTIMIZE_SOURCE_BYTES } from "../../../src/pictures/optimizer.js";
import { createFilePreparation, type FileRequest } from "../../../src/uploads/file/prepare-file.js";
import { lottieJson, officeBytes, pdfBytes, pngBytes, svgBytes } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { gradient } from "../../builders/photos.js";
import { pictureWithPlaceInXmp } from "../../builders/private-picture.js";
import { aSourceFile } from "../../builders/source-file.js";

const TOKEN = "ws-0123456789abcdef0123456789abcdef";
/** Put together here, so that no scanner of repositories takes it for a real one. */
const SECRET = `key: ${"ghp"}_${"aB3dE6gH9jK2".repeat(3)}`;
const WITH_DATA_BEHIND = Buffer.concat([wholePicture(), Buffer.alloc(3_000, 7)]);

function wholePicture(): Buffer {
  return Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
}

/** A preparation whose reader and optimizer tell what they were asked for. */
function setUp(ownToken?: string, result = pngBytes(70)) {
  const reads: unknown[] = [];
  const steps: string[] = [];
  const looks: string[] = [];
  const optimized: Buffer[] = [];
  const reader = {
    read: async (source: string, _: unknown, options: unknown) => {
      reads.push([source, options]);
      steps.push("read");
      return aSourceFile("a.png", pngBytes());
    },
    close: async () => {},
  };
  const optimizer = {
    optimize: async (bytes: Buffer) => {
      optimized.push(bytes);
      return { bytes: result, md5: "md5 of the result", notes: ["It was optimized."] };
    },
    recipe: async () => {
      steps.push("recipe");
      return "recipe 1";
    },
  };
  const inspector = createInspector();
  const lookedAt: typeof inspector = {
    ...inspector,
    look: (name, ...more) => {
      looks.push(name);
      return inspector.look(name, ...more);
    },
  };
  const preparation = createFilePreparation(reader, optimizer as never, lookedAt, ownToken);
  const check = (name: string, bytes: Buffer, request: Partial<FileRequest> = {}) =>
    preparation.check(aSourceFile(name, bytes), { source: name, ...request }, callContext());
  return { preparation, check, reads, steps, optimized, looks };
}

describe("a source", () => {
  it("is read with the MD5 that it should have, and up to the usual size", async () => {
    const { preparation, reads } = setUp();
    const admit = async () => {};
    await preparation.read({ source: "a.png" }, callContext());
    await preparation.read({ source: "b.png", md5: "m" }, callContext(), { admit });
    expect(reads).toEqual([
      ["a.png", {}],
      ["b.png", { md5: "m", admit }],
    ]);
  });

  it("may be larger where it is optimized", async () => {
    const { preparation, reads } = setUp();
    await preparation.read({ source: "a.png", optimize: true }, callContext());
    expect(reads).toEqual([["a.png", { maxBytes: MAX_OPTIMIZE_SOURCE_BYTES }]]);
  });

  it("is read while the optimizer starts, if it is optimized", async () => {
    const { preparation, steps } = setUp();
    await preparation.read({ source: "a.png" }, callContext());
    await preparation.read({ source: "b.png", optimize: true }, callContext());
    expect(steps).toEqual(["read", "recipe", "read"]);
  });
});

describe("a file to upload", () => {
  it("is what was read, with the texts that were asked for", async () => {
    const bytes = pngBytes();
    const file = await setUp().check("a.png", bytes, {
      fileName: "b",
      displayName: "B",
      altText: "A picture",
    });
    expect(file).toEqual({
      bytes,
      md5: aSourceFile("a.png", bytes).md5,
      fileName: "b.png",
      contentType: "image/png",
      displayName: "B",
      altText: "A picture",
      ledgerKeys: [aSourceFile("a.png", bytes).md5],
      notes: ['The file is named "b.png": .png added, because the bytes are a PNG image.'],
    });
  });

  it("is remembered by the bytes of its result and by those of its source where it is optimized", async () => {
    const { check, optimized } = setUp();
    const source = pngBytes();
    const { md5, bytes, notes, ledgerKeys } = await check("a.png", source, { optimize: true });
    expect(optimized).toEqual([source]);
    expect({ md5, size: bytes.length, notes }).toEqual({
      md5: "md5 of the result",
      size: 70,
      notes: ["It was optimized."],
    });
    const sourceMd5 = aSourceFile("a.png", source).md5;
    expect(ledgerKeys[0]).toBe("md5 of the result");
    expect(ledgerKeys.slice(1)).toHaveLength(2);
    for (const key of ledgerKeys.slice(1)) expect(key).toContain(`${sourceMd5} optimized`);
    expect(ledgerKeys[1]).toContain("recipe 1");
  });

  it("comes with a note on what it discloses, unless the optimizer has removed that", async () => {
    const { check } = setUp();
    expect((await check("a.png", WITH_DATA_BEHIND)).notes.join()).toContain("Other data follow the end");
    expect((await check("a.png", WITH_DATA_BEHIND, { optimize: true })).notes).toEqual(["It was optimized."]);
    expect((await check("a.png", wholePicture())).notes).toEqual([]);
  });

  it("is not searched for what pictures disclose where it is a document", async () => {
    const document = Buffer.concat([officeBytes(), WITH_DATA_BEHIND]);
    expect((await setUp().check("a.txt", Buffer.from("file:///Users/ann/a.png"))).notes).toEqual([]);
    expect((await setUp().check("a.docx", document)).notes).toEqual([]);
  });

  it.each(["docx", "pdf"])("comes with a note on what a document discloses: %s", async (extension) => {
    const comments = { "word/comments.xml": '<w:comments><w:comment w:id="1"/></w:comments>' };
    const document =
      extension === "pdf"
        ? Buffer.concat([pdfBytes(), Buffer.from("/Subtype /Text\n%%EOF")])
        : officeBytes(undefined, comments);
    const { notes } = await setUp().check(`a.${extension}`, document);
    expect(notes).toEqual([expect.stringContaining("Anyone can read in the document: comments.")]);
  });

  it("is examined in one look", async () => {
    const { check, looks } = setUp();
    await check("a.svg", svgBytes());
    expect(looks).toEqual(["examine"]);
  });

  it("comes with a note on what a drawing discloses, and on what the pictures in an animation do", async () => {
    const drawing = await setUp().check("a.svg", svgBytes("<desc>/Users/ann/a.ai</desc>"));
    expect(drawing.notes.join()).toContain("/Users/ann");
    const placed = await pictureWithPlaceInXmp(gradient(20, 20), "jpeg");
    const picture = {
      id: "1",
      w: 20,
      h: 20,
      u: "",
      p: `data:image/jpeg;base64,${placed.toString("base64")}`,
      e: 1,
    };
    const animation = await setUp().check("a.json", lottieJson({ assets: [picture] }));
    expect(animation.notes.join()).toContain("where it was taken");
  });

  it("that is too large comes with the advice to optimize it, unless that was done", async () => {
    const large = pngBytes(5_000_000);
    await expect(setUp().check("a.png", large)).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      next: expect.stringContaining("optimize: true"),
    });
    await expect(
      setUp(undefined, large).check("a.png", pngBytes(), { optimize: true }),
    ).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      next: "send a smaller image",
    });
  });

  it("is noted where its name says that it holds something secret", async () => {
    const { notes } = await setUp().check("passwords.txt", Buffer.from("none"));
    expect(notes).toEqual([expect.stringContaining("may contain something secret")]);
  });
});

describe("a secret in a file", () => {
  it.each([
    ["a.txt", Buffer.from(SECRET)],
    ["a.csv", Buffer.from(SECRET)],
    ["a.svg", svgBytes(`<text>${SECRET}</text>`)],
    [
      "a.json",
      Buffer.from(JSON.stringify({ v: "5", fr: 30, ip: 0, op: 60, w: 1, h: 1, layers: [], nm: SECRET })),
    ],
  ])("keeps %s from being sent, and says how it can be sent all the same", async (name, bytes) => {
    const { check } = setUp();
    await expect(check(name, bytes)).rejects.toMatchObject({
      code: "CONFIRMATION_REQUIRED",
      message: expect.stringContaining(`"${name}" was not sent, because it contains a GitHub token`),
      next: expect.stringContaining("evenIfSecret: true"),
    });
    await expect(check(name, bytes, { evenIfSecret: true })).resolves.toMatchObject({ fileName: name });
  });

  it("is not looked for in what nobody can read, where some bytes may resemble one", async () => {
    const bytes = Buffer.concat([pngBytes(), Buffer.from(SECRET)]);
    await expect(setUp().check("a.png", bytes)).resolves.toMatchObject({ fileName: "a.png" });
  });

  it("is found in a file of any type where it is this server's own token", async () => {
    const bytes = Buffer.concat([pngBytes(), Buffer.from(TOKEN)]);
    await expect(setUp(TOKEN).check("a.png", bytes)).rejects.toMatchObject({
      code: "CONFIRMATION_REQUIRED",
      message: expect.stringContaining("the token of this server"),
    });
    await expect(setUp(TOKEN).check("a.png", pngBytes())).resolves.toBeDefined();
    await expect(setUp().check("a.png", bytes)).resolves.toBeDefined();
  });

  it("is looked for in what is sent, not in a source whose metadata the optimizer has removed", async () => {
    const bytes = Buffer.concat([pngBytes(), Buffer.from(TOKEN)]);
    await expect(setUp(TOKEN).check("a.png", bytes, { optimize: true })).resolves.toBeDefined();
  });
});
