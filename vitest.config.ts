import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    // Half of the tests wait for processes and windows of time: one worker a core keeps both busy.
    maxWorkers: "100%",
    maxConcurrency: 16,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
