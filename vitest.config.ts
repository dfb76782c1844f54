import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    maxConcurrency: 16,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
