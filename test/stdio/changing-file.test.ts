import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";

test("a local file that grows while it is read is said to have changed", async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "changing-")));
  const path = join(directory, "recording.csv");
  writeFileSync(path, "a,b\n".repeat(2_000_000));
  const emulator = await startEmulator();
  const server = startServer({ args: [directory], env: emulatorEnvironment(emulator) });
  await server.initialize();
  await server.call("listFolders", {});

  let isGrowing = true;
  const grow = (): void => {
    appendFileSync(path, "1,2\n");
    if (isGrowing) setImmediate(grow);
  };
  grow();
  // A busy machine may let a whole reading pass between two lines.
  let outcome: unknown;
  for (let attempt = 0; attempt < 20 && typeof outcome !== "string"; attempt += 1) {
    outcome = await server.call("uploadAsset", { source: path, dryRun: true }).catch(String);
  }
  isGrowing = false;

  expect(outcome).toMatch(
    /\[SOURCE_CHANGED\] .*recording\.csv changed while it was being read\. Next: .*complete/,
  );
  await server.close();
  await emulator.close();
  rmSync(directory, { recursive: true });
});
