#!/usr/bin/env node
import { whyNodeCannotRunThis } from "./cli/start/node-version.js";
import { refuseToStart } from "./cli/start/refuse-to-start.js";
import { whyProgramCannotBeLoaded } from "./cli/start/unloadable-program.js";

/*
 * What runs first. It is built alone, in syntax that every Node since version 10 reads, as a script and as a module; it
 * therefore imports no module of Node's, and the program only once this Node is known to be able to run it.
 */
const problem = whyNodeCannotRunThis(process.version, process.execPath);
if (problem === undefined) {
  import("./start.js").catch((error) => refuseToStart(whyProgramCannotBeLoaded(error, process.version), 2));
} else {
  refuseToStart(problem, 2);
}
