import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build-once.ts"],
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
