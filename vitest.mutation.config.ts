import { defineConfig } from "vitest/config";
import { patient } from "./test/slowness.js";

/** The tests beside the rules that are mutated (`npm run test:mutation`), on sources: `dist/` never sees a mutant. */
export default defineConfig({
  test: {
    isolate: false,
    include: JSON.parse(process.env["MUTATION_TESTS"] ?? '["test/folders/*.test.ts"]'),
    testTimeout: patient(60_000),
    hookTimeout: patient(30_000),
    expect: { poll: { timeout: patient(5_000) } },
  },
});
