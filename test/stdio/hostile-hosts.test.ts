import { afterAll, beforeAll, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type Handler, type Origin, startOrigin } from "../builders/origin.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";

let emulator: Emulator;
let origin: Origin;
let server: ServerProcess;

/** Answers with something that no server of HTTP says. */
function saying(answer: string): Handler {
  return ({ socket }) => socket.end(answer);
}

/** Announces an answer again and again, until the connection is closed. */
const announcing: Handler = ({ socket }) => {
  const announce = (): void => {
    while (!socket.destroyed && socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"));
  };
  socket.on("drain", announce);
  announce();
};

beforeAll(async () => {
  emulator = await startEmulator();
  origin = await startOrigin({
    "/no-status.png": saying("HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n"),
    "/endless.png": announcing,
  });
  server = startServer({
    env: { ...emulatorEnvironment(emulator), WEBFLOW_URL_HOSTS: `127.0.0.1:${origin.port}` },
  });
  await server.initialize();
  await server.call("listFolders", {});
});

afterAll(async () => {
  await server.close();
  await Promise.all([emulator.close(), origin.close()]);
});

it.each([
  ["a status that does not exist", "/no-status.png", "the connection failed"],
  ["announcements without an end", "/endless.png", "announces an answer over 20 times"],
])("a host that sends %s is refused at once", async (_, path, why) => {
  const before = server.cpuSeconds();
  await expect(server.call("uploadAsset", { source: `${origin.url}${path}`, dryRun: true })).rejects.toThrow(
    why,
  );
  expect(server.cpuSeconds() - before).toBeLessThan(1);
});
