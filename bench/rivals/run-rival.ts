import { fork } from "node:child_process";
import { once } from "node:events";
import { script } from "../world.js";
import type { Job, RivalReport } from "./rival-process.js";

/** Runs a job in a process of its own, whose modules are loaded before its clock starts. */
export async function runRival(job: Job, nodeOptions: string[] = []): Promise<RivalReport> {
  const child = fork(script("rival-process.mjs"), { execArgv: nodeOptions });
  await once(child, "message");
  child.send(job);
  const ended = once(child, "exit");
  const [report] = (await once(child, "message")) as [RivalReport];
  await ended;
  return report;
}
