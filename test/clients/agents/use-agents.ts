import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AGENTS, type Agent } from "./agents.js";
import { runAgent } from "./run-agent.js";
import type { Script } from "./scripted-model.js";
import { BATCH, theBatch, theChain } from "./scripts.js";

/** Runs one check and counts it; resolves to nothing when it failed. */
type Check = <T>(name: string, work: () => Promise<T>) => Promise<T | undefined>;

const INSTALL_MS = 300_000;

/**
 * Has the agents that npm has do the chain and the batch, one after the other. Prints what the model saw. Resolves to those that
 * could not be installed, and why.
 */
export async function useAgents(check: Check, programs: readonly string[] = []): Promise<string[]> {
  const absent: string[] = [];
  const unknown = programs.filter((program) => !AGENTS.some((agent) => agent.program === program));
  if (unknown.length > 0) {
    throw new Error(`no agent ${unknown.join(", ")}: ${AGENTS.map(({ program }) => program).join(", ")}`);
  }
  for (const agent of AGENTS.filter(({ program }) => programs.length === 0 || programs.includes(program))) {
    const directory = mkdtempSync(join(tmpdir(), "agent-package-"));
    try {
      const reason = await install(agent, directory);
      if (reason === undefined) await useAgent(agent, directory, check);
      else {
        absent.push(`${agent.title} (${agent.package} cannot be installed here: ${reason})`);
      }
    } finally {
      rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
    }
  }
  return absent;
}

async function useAgent(agent: Agent, directory: string, check: Check): Promise<void> {
  // One of the three files of the chain is deleted at its end.
  await checkRun("folders to deletion, every tool", theChain, 2);
  await checkRun(`a batch of ${BATCH} under a rate limit`, theBatch, BATCH);

  async function checkRun(name: string, script: () => Script, assets: number): Promise<void> {
    await check(`${agent.title}: ${name}`, async () => {
      const outcome = await runAgent(agent, directory, script());
      const { calls, definitionTokens, resultTokens, pictures } = outcome;
      console.log(
        `        ${calls} calls; the model saw ${definitionTokens} tokens of definitions, ${resultTokens} of results, and ${pictures} pictures`,
      );
      if (outcome.isDone && outcome.assets === assets) return;
      const why = outcome.failure ?? `the client ended after ${calls} calls, ${outcome.assets} assets there`;
      throw new Error(`${why}\n${outcome.log}`);
    });
  }
}

/** Into a directory of its own. Resolves to why it could not be installed. */
async function install(agent: Agent, directory: string): Promise<string | undefined> {
  writeFileSync(join(directory, "package.json"), "{}");
  const args = ["install", "--loglevel=error", "--no-audit", "--no-fund", "--engine-strict", agent.package];
  try {
    await promisify(execFile)("npm", args, { cwd: directory, timeout: INSTALL_MS });
    return undefined;
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    return (stderr.trim() || String(error)).split("\n").slice(0, 2).join(" ");
  }
}
