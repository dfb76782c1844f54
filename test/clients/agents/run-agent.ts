import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import sharp from "sharp";
import { type Emulator, startEmulator } from "../../../src/emulator/emulator.js";
import { numberedPng } from "../../builders/bytes.js";
import { type Agent, configure } from "./agents.js";
import { type Script, type Seen, startScriptedModel } from "./scripted-model.js";
import { BATCH, batchFile, DOCUMENTS, PHOTO } from "./scripts.js";

/** What a run of an agent left. */
export interface Outcome extends Seen {
  /** What the site holds at the end. */
  readonly assets: number;
  /** The conversation as the model saw it, and what the agent printed. */
  readonly log: string;
}

const RUN_MS = 240_000;
/** 60 calls a minute, with the minute shortened. */
const RATE_LIMIT = { limit: 60, windowMs: 5_000, sliding: false };
/** The fewest: a batch then takes as many polls as loop guards let pass when all are the same. */
const CALL_SECONDS = "10";

/**
 * Has an agent do what a script says, with the built server, an emulator and a model on loopback, in a home of its own. `directory` is
 * where its package is installed. Every other host is out of its reach.
 */
export async function runAgent(agent: Agent, directory: string, script: Script): Promise<Outcome> {
  const place = mkdtempSync(join(tmpdir(), "agent-"));
  const lines: string[] = [];
  const emulator = await startEmulator({ switches: { rateLimit: RATE_LIMIT } });
  const model = await startScriptedModel(script, (line) => lines.push(line));
  const run = {
    home: join(place, "home"),
    project: join(place, "project"),
    modelUrl: model.url,
    prompt: "Bring the pictures of the shop in order.",
  };
  try {
    await writeFiles(run.project);
    configure(agent, run, serverOf(emulator, run.project));
    const program = join(directory, "node_modules", ".bin", agent.program);
    const printed = await runProgram(program, agent.args(run), run.project, {
      HOME: run.home,
      ...agent.env(run),
    });
    const assets = emulator.database.assets(emulator.siteId).length;
    return { ...model.seen(), assets, log: [...lines, printed].join("\n") };
  } finally {
    model.close();
    await emulator.close();
    rmSync(place, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Unattended: nobody is there to be asked before a deletion. */
function serverOf(emulator: Emulator, project: string) {
  return {
    args: [resolve("dist/main.js"), project],
    env: {
      WEBFLOW_TOKEN: emulator.token,
      WEBFLOW_API_BASE_URL: emulator.apiBaseUrl,
      WEBFLOW_UPLOAD_HOSTS: emulator.uploadHost,
      WEBFLOW_URL_HOSTS: emulator.siteHost,
      WEBFLOW_TRUST_CONFIRM: "1",
      WEBFLOW_CALL_SECONDS: CALL_SECONDS,
      WEBFLOW_LOG_LEVEL: "error",
    },
  };
}

async function writeFiles(project: string): Promise<void> {
  mkdirSync(join(project, dirname(batchFile(0))), { recursive: true });
  const photo = { create: { width: 1_600, height: 1_200, channels: 3, background: "#3060c0" } } as const;
  writeFileSync(join(project, PHOTO), await sharp(photo).jpeg().toBuffer());
  for (const name of DOCUMENTS) writeFileSync(join(project, name), `${name}, as of today`);
  for (let number = 0; number < BATCH; number += 1) {
    writeFileSync(join(project, batchFile(number)), numberedPng(number));
  }
}

/** Resolves to what the program printed, however it ended. */
function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const nowhere = "http://127.0.0.1:9";
  const noNetwork = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: "127.0.0.1,localhost" };
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env["PATH"], ...noNetwork, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_MS,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
  return new Promise((done) => {
    child.on("error", (error) => done(`${printed}${error.message}`));
    child.on("close", (code, signal) => done(`${printed}\n(ended with ${signal ?? code})`));
  });
}
