import "./cli/start/plain-schemas.js";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { allowSlowHandshakes } from "./cli/address-attempts.js";
import type { Machine } from "./cli/clients/clients.js";
import { type ServerStart, serverStart } from "./cli/clients/server-start.js";
import { type Config, ConfigError, HELP, readConfig } from "./cli/config.js";
import { refuseToStart } from "./cli/start/refuse-to-start.js";
import { permissionsNeeded } from "./cli/start/unloadable-program.js";
import { parseAllowedHosts } from "./core/allowed-hosts.js";
import { errorCode } from "./core/errors.js";
import { cacheDirectoryOfUser, homeDirectory } from "./core/home-directory.js";
import { createLogger, type Logger } from "./core/logger.js";
import { VERSION } from "./core/version.js";
import type { Watchdog } from "./core/watchdog/watchdog.js";
import { createServer } from "./server/create-server.js";
import { serveOnStdio } from "./server/stdio/serve-stdio.js";
import type { AssetService } from "./service/asset-service.js";
import type { FileWorkers } from "./service/options.js";
import { expandHome, resolveAllowedDirectory } from "./sources/local/allowed-directories.js";
import { isFarTooLarge, warnOfLargeDirectory } from "./sources/local/directories-in-use.js";

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  allowSlowHandshakes(process.env, process.execArgv);
  switch (config.command) {
    case "help":
      process.stdout.write(HELP);
      return;
    case "version":
      process.stdout.write(`${VERSION}\n`);
      return;
    case "demo": {
      const { runDemo, builtServer } = await import("./demo/demo.js");
      process.exit(await runDemo(builtServer()));
      break;
    }
    case "emulator": {
      const { runEmulatorCommand } = await import("./emulator/command.js");
      await runEmulatorCommand({ port: config.port, demo: config.demo });
      return;
    }
    case "config": {
      process.exitCode = await writeConfiguration(config);
      return;
    }
    case "sync": {
      const exitCode = await syncToTheEnd(config);
      process.stdout.write("", () => process.exit(exitCode));
      return;
    }
    case "doctor": {
      const { runDoctor } = await import("./cli/doctor.js");
      const exitCode = await runDoctor(
        config.demo ? await onEmulator(config) : config,
        thisServer(),
        machine(),
        (text) => process.stdout.write(`${text}\n`),
      );
      process.stdout.write("", () => process.exit(exitCode));
      return;
    }
    case "serve":
      await serve(config);
  }
}

async function writeConfiguration({ client, ...config }: Config): Promise<number> {
  if (client === undefined) throw new ConfigError("config needs the name of a client");
  const { runConfigCommand } = await import("./cli/clients/config-command.js");
  return await runConfigCommand({ ...config, client }, thisServer(), machine(), {
    text: (text) => process.stdout.write(text),
    note: (text) => process.stderr.write(`${text}\n`),
  });
}

function thisServer(): ServerStart {
  return serverStart(fileURLToPath(new URL("main.js", import.meta.url)));
}

function machine(): Machine {
  return {
    platform: process.platform,
    home: homeDirectory() ?? "",
    workingDirectory: process.cwd(),
    environment: process.env,
  };
}

/** Runs without a client, and therefore without the time limit of a call. */
async function syncToTheEnd(settings: Config): Promise<number> {
  if (!settings.sync) throw new ConfigError("sync takes a directory and a folder");
  const config = settings.demo ? await onEmulator(settings) : settings;
  const log = createLogger(config.logLevel, config.token === undefined ? [] : [config.token]);
  const { runSync } = await import("./cli/sync-command.js");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const service = await loadService(config, log, () => loadFileWorkers(log));
  const exitCode = await runSync(
    { ...settings.sync, json: config.json },
    service,
    { signal: stop.signal, log },
    {
      result: (text) => process.stdout.write(`${text}\n`),
      progress: (text) => process.stderr.write(`${text}\n`),
    },
  );
  await service.close();
  return exitCode;
}

async function serve(settings: Config): Promise<void> {
  const config = settings.demo ? await onEmulator(settings) : settings;
  const log = createLogger(config.logLevel, config.token === undefined ? [] : [config.token]);
  void logDoubts(config, log);
  let service: Promise<AssetService> | undefined;
  /** Undefined until it is loaded: then there is nothing to close. */
  let loaded: AssetService | undefined;
  let watchdog: Watchdog | undefined;
  const server = createServer({
    tools: async () => (await import("./tools/catalog.js")).TOOLS,
    definitions: async () => (await import("./server/tool-definitions.js")).TOOL_DEFINITIONS,
    service: () => {
      service ??= loadService(config, log, async () => {
        // Only work on files can block for long, and a thread takes as long to start as a first list takes to answer.
        const { startWatchdog } = await import("./core/watchdog/watchdog.js");
        watchdog = startWatchdog(new URL("watchdog.js", import.meta.url));
        return await loadFileWorkers(log);
      }).then((created) => {
        loaded = created;
        return created;
      });
      return service;
    },
    readOnly: config.readOnly,
    // A model does not know the working directory of this process.
    allowedDirectories: config.allowedDirectories.map((path) => resolve(expandHome(path, homeDirectory()))),
    siteId: config.siteId,
    log,
    callMs: config.callSeconds * 1000,
  });
  await serveOnStdio(
    server,
    async () => loaded?.close(),
    log,
    () => watchdog?.noteEnding(),
  );
}

async function loadService(
  config: Config,
  log: Logger,
  loadWorkers: () => Promise<FileWorkers>,
): Promise<AssetService> {
  const { keepYoungGenerationSmall } = await import("./core/memory/tune-engine.js");
  keepYoungGenerationSmall();
  const [{ createMemoryRelease, FOR_UPLOADS }, { createAssetService }, cache] = await Promise.all([
    import("./core/memory/collect-garbage.js"),
    import("./service/create-asset-service.js"),
    cacheDirectoryOfUser(),
  ]);
  return createAssetService({
    ...config,
    // The emulator of --demo starts empty each time, so there is nothing to remember about it.
    cacheDirectory: config.demo ? undefined : cache,
    loadWorkers,
    onBytesReleased: createMemoryRelease(FOR_UPLOADS),
    onPictureReleased: createMemoryRelease(),
    onTextReleased: createMemoryRelease(),
    log,
  });
}

async function loadFileWorkers(log: Logger): Promise<FileWorkers> {
  const [{ optimizeLater }, { createIsolatedInspector }, { createIsolatedOptimizer }] = await Promise.all([
    import("./core/memory/tune-engine.js"),
    import("./inspection/thread/isolated-inspector.js"),
    import("./pictures/process/isolated-optimizer.js"),
  ]);
  const optimizer = createIsolatedOptimizer(fileURLToPath(new URL("optimizer.js", import.meta.url)), log);
  const inspector = createIsolatedInspector(new URL("inspector.js", import.meta.url), log, optimizeLater);
  return { inspector, optimizer, viewer: optimizer };
}

/** For whoever looks into the log; the assistant hears of it when a call depends on it. */
async function logDoubts({ notes, allowedDirectories }: Config, log: Logger): Promise<void> {
  for (const note of notes) log.error(note);
  for (const path of allowedDirectories) {
    const directory = await resolveAllowedDirectory(path, homeDirectory());
    if (!directory) log.error(`the allowed directory ${path} does not exist; it is used once it does`);
    else if (await isFarTooLarge(directory)) log.error(warnOfLargeDirectory(directory.given));
  }
}

/** The settings of `--demo`: an emulator in this process takes the place of Webflow. */
async function onEmulator(config: Config): Promise<Config> {
  const { startEmulator } = await import("./emulator/emulator.js");
  const emulator = await startEmulator({
    siteName: "Pottery Lane",
    // A demo has no reason to wait for a rate limit.
    switches: { rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false } },
    seed: (started) => started.seedDemoSite(),
  });
  process.stderr.write(
    "--demo: an embedded emulator of Webflow is served; token, site and base URL are ignored\n",
  );
  return {
    ...config,
    token: emulator.token,
    tokenProblem: undefined,
    siteId: emulator.siteId,
    apiBaseUrl: emulator.apiBaseUrl,
    uploadHosts: parseAllowedHosts(emulator.uploadHost),
    urlHosts: [...config.urlHosts, ...parseAllowedHosts(emulator.siteHost)],
  };
}

main().catch((error) => {
  if (error instanceof ConfigError) return refuseToStart(error.message, 2);
  if (errorCode(error) === "ERR_ACCESS_DENIED") {
    return refuseToStart(`Node's permission model is on. ${permissionsNeeded(process.version)}`, 2);
  }
  process.stderr.write(`webflow-assets-mcp: ${error}\n`);
  process.exit(1);
});
