import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/*
 * `npm run test:mutation [part ...]`: breaks the rules that decide over people's files, one line at a time, and lists the
 * breakages that the tests beside them do not notice. Reports lie in reports/mutation/; what did not change since the
 * last run is not tried again.
 */

/** Each part with the sources that are broken and the tests that have to notice. */
const PARTS = {
  files: { mutate: ["src/files/**/*.ts"], tests: ["test/files/**/*.test.ts"] },
  folders: { mutate: ["src/folders/*.ts"], tests: ["test/folders/*.test.ts"] },
  local: {
    mutate: ["src/sources/local/*.ts"],
    tests: ["test/sources/*.test.ts", "test/sources/local/*.test.ts"],
  },
  web: {
    mutate: ["src/sources/web/{url,public-address,content-disposition,time-limit,response-body}.ts"],
    tests: ["test/sources/**/*.test.ts"],
  },
  uploads: { mutate: ["src/uploads/*.ts"], tests: ["test/uploads/**/*.test.ts"] },
  deletion: {
    mutate: ["src/library/{delete-assets,describe-deletion,for-each-asset}.ts"],
    tests: ["test/library/delete-*.test.ts"],
  },
  references: { mutate: ["src/references/*.ts"], tests: ["test/references/*.test.ts"] },
  uses: { mutate: ["src/uses/**/*.ts"], tests: ["test/uses/*.test.ts"] },
  webflow: { mutate: ["src/webflow/**/*.ts"], tests: ["test/webflow/**/*.test.ts"] },
};

/** Mutants at a time: tests beside the rules start servers of their own, which two runs on one core make slow. */
const CONCURRENCY = Math.max(1, Math.floor(availableParallelism() / 2));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}

mkdirSync("reports/mutation", { recursive: true });
const failed = Object.entries(PARTS)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .filter(([name, part]) => !run(name, part))
  .map(([name]) => name);
if (failed.length > 0) {
  console.error(`Below 85 %: ${failed.join(", ")}`);
  process.exitCode = 1;
}

/** Whether at least 85 % of the part's mutants were noticed. */
function run(name, { mutate, tests }) {
  const config = `reports/mutation/${name}.config.json`;
  writeFileSync(config, JSON.stringify(configuration(name, mutate), null, 2));
  const { status } = spawnSync("npx", ["stryker", "run", config], {
    stdio: "inherit",
    env: { ...process.env, MUTATION_TESTS: tests.join(",") },
    shell: process.platform === "win32",
  });
  return status === 0;
}

function configuration(name, mutate) {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    // TypeScript 7 has no API for Stryker to rewrite the configuration with, and nothing in it needs to be rewritten.
    tsconfigFile: "none",
    vitest: { configFile: "vitest.mutation.config.ts", related: false },
    mutate,
    coverageAnalysis: "perTest",
    reporters: ["clear-text", "html"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
    incremental: true,
    concurrency: CONCURRENCY,
    incrementalFile: `reports/mutation/${name}.json`,
    // Texts for people are checked where a test needs them; each letter of them is not a rule.
    mutator: { excludedMutations: ["StringLiteral"] },
    thresholds: { high: 95, low: 85, break: 85 },
    timeoutMS: 20_000,
    tempDirName: "reports/mutation/sandbox",
    ignorePatterns: ["dist", "reports", "docs", "bench", "coverage", "*.mcpb"],
  };
}
