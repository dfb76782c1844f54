import * as nodeModule from "node:module";
import type { NodeModule } from "./cli/start/compiled-code.js";
import { cacheDirectoryOfUser } from "./core/home-directory.js";

/* What a Node that is new enough loads: the program, once it is settled where its compiled code is kept. */
if ("enableCompileCache" in nodeModule) {
  const { keepCompiledCode } = await import("./cli/start/compiled-code.js");
  keepCompiledCode(nodeModule as NodeModule, await cacheDirectoryOfUser());
}
await import("./program.js");
