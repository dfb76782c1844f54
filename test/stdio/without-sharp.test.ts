import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

it("a server beside which sharp is not installed fails what needs it with NOT_INSTALLED, and uploads the rest", async () => {
  const directory = mkdtempSync(join(tmpdir(), "without-sharp-"));
  cpSync("dist", join(directory, "dist"), { recursive: true });
  const emulator = await startEmulator();
  const server = startServer({
    command: [process.execPath, join(directory, "dist", "main.js")],
    env: emulatorEnvironment(emulator),
  });
  await server.initialize();

  const { results } = await server.call("uploadAssets", {
    items: [
      { source: dataUri(numberedPng(1)), fileName: "optimized.png", optimize: true },
      { source: dataUri(numberedPng(2)), fileName: "plain.png" },
    ],
  });

  expect(results).toMatchObject([
    { status: "failed", error: expect.stringMatching(/^\[NOT_INSTALLED\].*npm install sharp/) },
    { status: "uploaded" },
  ]);
  await server.close();
  await emulator.close();
  rmSync(directory, { recursive: true, force: true });
});
