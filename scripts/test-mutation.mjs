import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";

/*
 * `npm run test:mutation [-- room ... | -- room src/file.ts ...]` breaks the rules that decide over people's files, one expression at
 * a time, and lists the breakages that the tests beside them do not notice. One room at a time with one process, so that
 * a small machine can be used meanwhile; a room takes from two minutes to half an hour.
 *
 * Texts are not broken: each word of a message is not a rule, and where one matters, a test names it.
 *
 * reports/mutation/ (not in git) holds an HTML report for each room, and what is known of each mutant: what did not change
 * since the last run is not tried again. Ends with 1 where a room stays below 85 %.
 */

/** Each room with the sources that are broken and the tests that have to notice. */
const ROOMS = {
  deletion: {
    mutate: [
      "src/library/delete-assets.ts",
      "src/library/describe-deletion.ts",
      "src/library/for-each-asset.ts",
    ],
    tests: [
      "test/library/{delete-*,agreed-deletion}.test.ts",
      "test/library/{describe-deletion,for-each-asset}.test.ts",
    ],
  },
  "uses-before-deletion": {
    mutate: ["src/uses/uses-before-deletion.ts", "src/uses/record/*.ts"],
    tests: [
      "test/uses/uses-before-deletion.test.ts",
      "test/uses/record/*.test.ts",
      "test/library/delete-used-assets.test.ts",
    ],
  },
  updates: {
    mutate: ["src/library/updates/*.ts"],
    tests: ["test/library/updates/*.test.ts"],
  },
  records: {
    mutate: ["src/uploads/record/*.ts", "src/uploads/store-file.ts"],
    tests: ["test/uploads/record/*.test.ts", "test/uploads/{new-records,store-file}.test.ts"],
  },
  local: { mutate: ["src/sources/local/*.ts"], tests: ["test/sources/local/*.test.ts"] },
  web: {
    mutate: ["src/sources/web/{url,public-address,content-disposition,time-limit,response-body}.ts"],
    tests: ["test/sources/web/*.test.ts"],
  },
  files: { mutate: ["src/files/*.ts"], tests: ["test/files/*.test.ts"] },
  formats: {
    mutate: ["src/files/{formats,markup,colours}/*.ts"],
    tests: ["test/files/**/*.test.ts", "test/pictures/*.test.ts"],
  },
  folders: { mutate: ["src/folders/*.ts"], tests: ["test/folders/*.test.ts"] },
  references: { mutate: ["src/references/*.ts"], tests: ["test/references/*.test.ts"] },
  mapping: {
    mutate: [
      "src/webflow/data-api/{error-mapping,responses,oddities}.ts",
      "src/webflow/storage/presigned-form.ts",
      "src/webflow/{ids,public-urls}.ts",
      "src/webflow/wire/*.ts",
    ],
    tests: ["test/webflow/**/*.test.ts"],
  },
  pacing: {
    mutate: ["src/webflow/rate-limit/*.ts"],
    tests: ["test/webflow/rate-limit/*.test.ts"],
  },
  uploads: {
    mutate: ["src/uploads/{*,file/*,known/*}.ts", "!src/uploads/store-file.ts"],
    tests: [
      "test/uploads/{asset-texts,hosted-file,reuse-*,upload-file,upload-asset}.test.ts",
      "test/uploads/{file,known}/*.test.ts",
      "test/uploads/{optimized-uploads,secret-files}.test.ts",
    ],
  },
  batch: { mutate: ["src/uploads/batch/*.ts"], tests: ["test/uploads/batch/*.test.ts"] },
  sync: {
    mutate: ["src/sync/*.ts", "!src/sync/{check-files,sync-folder,walk-directory}.ts"],
    tests: ["test/sync/*.test.ts", "!test/sync/{check-files,sync-folder,walk-directory}.test.ts"],
  },
};

const DIRECTORY = "reports/mutation";
const LOWEST_SCORE = 85;

const asked = process.argv.slice(2);
const files = asked.filter((one) => one.endsWith(".ts"));
const named = asked.filter((one) => !one.endsWith(".ts"));
const unknown = named.filter((room) => !(room in ROOMS));
if (unknown.length > 0 || (files.length > 0 && named.length !== 1)) {
  console.error(
    `Usage: npm run test:mutation [-- room ... | -- room src/file.ts ...]; rooms: ${Object.keys(ROOMS).join(", ")}`,
  );
  process.exit(2);
}

mkdirSync(DIRECTORY, { recursive: true });
const results = (named.length > 0 ? named : Object.keys(ROOMS)).map(run);
for (const { survivors } of results) for (const survivor of survivors) console.log(survivor);
for (const { room, killed, total } of results)
  console.log(`${room}: ${killed} of ${total} noticed (${percent(killed, total)} %)`);
if (results.some(({ killed, total }) => percent(killed, total) < LOWEST_SCORE)) process.exitCode = 1;

function run(room) {
  const config = `${DIRECTORY}/${room}.config.json`;
  const report = `${DIRECTORY}/${room}.report.json`;
  rmSync(report, { force: true });
  writeFileSync(config, JSON.stringify(configuration(room, report), null, 2));
  const { status } = spawnSync("npx", ["stryker", "run", config], {
    stdio: "inherit",
    env: { ...process.env, MUTATION_TESTS: JSON.stringify(ROOMS[room].tests) },
    shell: process.platform === "win32",
  });
  if (status !== 0) return { room, killed: 0, total: 0, survivors: [`${room}: Stryker failed, see above`] };
  return { room, ...summaryOf(JSON.parse(readFileSync(report, "utf8"))) };
}

/** How many mutants were noticed, and a line for each that was not. */
function summaryOf({ files: mutated }) {
  const survivors = [];
  let killed = 0;
  for (const [name, { source, mutants }] of Object.entries(mutated)) {
    if (files.length > 0 && !files.includes(name)) continue;
    for (const { status, location, mutatorName, replacement } of mutants) {
      if (status === "Killed" || status === "Timeout") killed += 1;
      if (status !== "Survived" && status !== "NoCoverage") continue;
      const { line, column } = location.start;
      const change = `${textAt(source, location)} => ${oneLine(replacement ?? "")}`;
      survivors.push(`${status} ${name}:${line}:${column} ${mutatorName}: ${change}`);
    }
  }
  return { killed, total: killed + survivors.length, survivors };
}

function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  if (lines.length === 1) return lines[0].slice(start.column - 1, end.column - 1);
  return oneLine([lines[0].slice(start.column - 1), ...lines.slice(1)].join(" "));
}

function oneLine(text) {
  const line = text.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

function percent(part, whole) {
  return whole === 0 ? 0 : Math.floor((part / whole) * 100);
}

function configuration(room, report) {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    // TypeScript 7 has no API for Stryker to rewrite the configuration with, and nothing in it needs to be rewritten.
    tsconfigFile: "none",
    vitest: { configFile: "vitest.mutation.config.ts", related: false },
    mutate: files.length > 0 ? files : ROOMS[room].mutate,
    coverageAnalysis: "perTest",
    reporters: ["json", "html"],
    jsonReporter: { fileName: report },
    htmlReporter: { fileName: `${DIRECTORY}/${room}.html` },
    incremental: true,
    incrementalFile: `${DIRECTORY}/${room}.json`,
    concurrency: 1,
    mutator: { excludedMutations: ["StringLiteral"] },
    timeoutMS: 10_000,
    tempDirName: `${DIRECTORY}/sandbox-${room}`,
    ignorePatterns: ["dist", "reports", "docs", "bench", "coverage", "*.mcpb"],
  };
}
