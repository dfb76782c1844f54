import { defineConfig } from "vitest/config";
import { measureSlowness, patient } from "./test/slowness.js";

// Measured once: the workers inherit it.
process.env["WEBFLOW_TEST_SLOWNESS"] = measureSlowness().toFixed(1);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    // No test leaves anything behind in a module, and loading them anew took a third of the time.
    isolate: false,
    // Half of the tests wait for processes and windows of time: one worker a core keeps both busy.
    maxWorkers: "100%",
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
