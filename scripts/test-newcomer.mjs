import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { unzipSync } from "fflate";
import { loadTypeScript } from "./load-typescript.mjs";

/*
 * `npm run test:newcomer`: walks through what README tells somebody who has never seen this, in a fresh clone and in projects of their
 * own. What is written there is taken from there. Ends with 1 when a step fails.
 */

const ANSWER_MS = 60_000;
const DEMO_COMMAND = /git clone \S+ && cd \S+ && (npm run demo)/;
const place = mkdtempSync(join(tmpdir(), "newcomer-"));
const clone = join(place, "clone");
const home = join(place, "home");
const photos = join(home, "Pictures", "website");
mkdirSync(photos, { recursive: true });
writeFileSync(join(photos, "hello.txt"), "Hello");
// Nothing of this machine's settings, and nothing of the npm run that this is.
const { PATH, TMPDIR, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = process.env;
const npmSettings = Object.entries(process.env).filter(([name]) =>
  /^npm_config_(registry|cafile|proxy|https_proxy)$/i.test(name),
);
const environment = Object.fromEntries(
  Object.entries({
    PATH,
    TMPDIR,
    SSL_CERT_FILE,
    NODE_EXTRA_CA_CERTS,
    HOME: home,
    ...Object.fromEntries(npmSettings),
  }).filter(([, value]) => value !== undefined),
);
let failed = 0;

await step("a clone, and the one command of README's first screen", () => {
  run("git", ["clone", "--quiet", process.cwd(), clone], process.cwd());
  const [, command] = DEMO_COMMAND.exec(readFileSync(join(clone, "README.md"), "utf8")) ?? [];
  if (command === undefined) throw new Error("README's first command is not a clone and a demo");
  const shown = run("npm", command.split(" ").slice(1), clone);
  if (!shown.includes("Everything is as it should be")) throw new Error(shown.slice(-1_000));
});

await step("tests run in the clone", () => run("npx", ["vitest", "run", "test/cli"], clone));

await step("config for every client: its text is parsed, and what it names is started", async () => {
  const { CLIENTS } = await loadTypeScript("src/cli/clients/clients.ts");
  const { readEntries } = await loadTypeScript("src/cli/clients/read-entry.ts");
  for (const [name, client] of Object.entries(CLIENTS)) {
    const text = run(process.execPath, ["dist/main.js", "config", name, photos], clone);
    const [{ entry }] = readEntries(client, text);
    await expectTools(name, entry.command, [...entry.args, "--demo"], home);
  }
});

await step("doctor finds what config --write has written", () => {
  run(process.execPath, ["dist/main.js", "config", "cursor", photos, "--write"], clone);
  const report = run(process.execPath, ["dist/main.js", "doctor", "--json"], clone, { mayFail: true });
  const { checks } = JSON.parse(report);
  if (!checks.some(({ name, found }) => name === "Client" && found.includes("Cursor")))
    throw new Error(report);
});

await step("sync, as the page on operations has it", () => {
  const shown = run(
    process.execPath,
    ["dist/main.js", "sync", photos, "Website", "--apply", "--demo"],
    clone,
  );
  if (!shown.includes("Everything is there")) throw new Error(shown);
});

await step("the bundle for Claude Desktop, unpacked and started by its manifest", async () => {
  run("npm", ["run", "bundle:mcpb"], clone);
  const bundle = join(place, "bundle");
  for (const [path, bytes] of Object.entries(
    unzipSync(readFileSync(join(clone, "webflow-assets-mcp.mcpb"))),
  )) {
    if (path.endsWith("/")) continue;
    mkdirSync(dirname(join(bundle, path)), { recursive: true });
    writeFileSync(join(bundle, path), bytes);
  }
  const { server } = JSON.parse(readFileSync(join(bundle, "manifest.json"), "utf8"));
  await expectTools("bundle", process.execPath, [join(bundle, server.entry_point), "--demo"], home);
});

await step("the package, packed", () => run("npm", ["pack", "--pack-destination", place], clone));

const tarball = join(place, readdirSync(place).find((file) => file.endsWith(".tgz")) ?? "missing.tgz");
const MANAGERS = {
  npm: ["npm", ["install", tarball]],
  pnpm: ["npx", ["-y", "pnpm@9", "add", tarball]],
  yarn: ["npx", ["-y", "yarn@1.22.22", "add", tarball]],
};
for (const [manager, [command, args]] of Object.entries(MANAGERS)) {
  await step(`the package, installed elsewhere with ${manager}, serves the demo`, async () => {
    const project = join(place, manager);
    newProject(project);
    run(command, args, project);
    await expectTools(
      manager,
      join(project, "node_modules", ".bin", "webflow-assets-mcp"),
      ["--demo"],
      project,
    );
  });
}

await step("the emulator's example, compiled with types and run as a test of somebody else's", () => {
  const project = join(place, "npm");
  const page = readFileSync(join(clone, "docs", "emulator.md"), "utf8");
  writeFileSync(join(project, "example.test.ts"), /```ts\n(.*?)```/s.exec(page)?.[1] ?? "");
  const { devDependencies } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  const wanted = ["vitest", "typescript", "@types/node"].map((name) => `${name}@${devDependencies[name]}`);
  run("npm", ["install", "--save-dev", ...wanted], project);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "ES2023",
    module: "NodeNext",
    skipLibCheck: true,
    types: ["node"],
  };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["example.test.ts"] }),
  );
  run("npx", ["tsc", "-p", "."], project);
  run("npx", ["vitest", "run"], project);
});

rmSync(place, { recursive: true, force: true, maxRetries: 20 });
process.exitCode = failed > 0 ? 1 : 0;

async function step(name, walk) {
  const startedAt = Date.now();
  try {
    await walk();
    console.log(`ok      ${name} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  } catch (error) {
    failed += 1;
    console.error(`failed  ${name}\n${String(error.stack ?? error).slice(0, 4_000)}`);
  }
}

/** Runs to the end and gives what was printed; throws with all of it when that fails. */
function run(command, args, cwd, { mayFail = false } = {}) {
  try {
    return execFileSync(command, args, {
      cwd,
      env: environment,
      encoding: "utf8",
      maxBuffer: 64e6,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && command !== process.execPath,
    });
  } catch (error) {
    if (mayFail && typeof error.stdout === "string") return error.stdout;
    throw new Error(`${[command, ...args].join(" ")}\n${error.stdout ?? ""}\n${error.stderr ?? error}`);
  }
}

function newProject(directory) {
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), '{"private":true,"type":"module"}');
}

/** Starts the server as a client does, and lists its tools. */
async function expectTools(who, command, args, cwd) {
  const child = spawn(command, args, { cwd, env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const timeOut = setTimeout(() => child.kill("SIGKILL"), ANSWER_MS);
  const say = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  try {
    const clientInfo = { name: "newcomer", version: "1.0.0" };
    say({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    say({ method: "notifications/initialized" });
    say({ id: 2, method: "tools/list" });
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line);
      if (id === 2 && result?.tools?.length > 0) return;
    }
    throw new Error(`${who}: no tools were listed`);
  } finally {
    clearTimeout(timeOut);
    child.stdin.end();
  }
}
