import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongFirst } from "./test/long-first.js";
import { measureSlowness, patient } from "./test/slowness.js";

// Measured once: the workers inherit it.
process.env["WEBFLOW_TEST_SLOWNESS"] = measureSlowness().toFixed(1);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    // No test leaves anything behind in a module, and loading them anew took a third of the time.
    isolate: false,
    // Much of the time is spent waiting for windows of time and for repeated attempts: more workers than cores use it.
    maxWorkers: availableParallelism() * 2,
    sequence: { sequencer: LongFirst },
    maxConcurrency: 16,
    testTimeout: patient(60_000),
    hookTimeout: patient(30_000),
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/gallery/view/**"],
      reporter: ["text", "html"],
    },
    expect: { poll: { timeout: patient(5_000) } },
  },
});
