import { request } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ loggedRequests: 10 });
});
afterEach(() => emulator.close());

/** The status of a listing of sites that is asked for under another name. */
function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${emulator.token}` };
    request(`${emulator.apiBaseUrl}/sites`, { headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

it.each([
  "attacker.example",
  "attacker.example:80",
  "127.0.0.1.attacker.example",
  "localhost.attacker.example",
])("the emulator refuses the name %s, which a page in a browser could have bound to it", async (host) => {
  expect(await statusUnder(host)).toBe(421);
  expect(emulator.requests.count()).toBe(0);
});

it.each(["127.0.0.1", "localhost:4010", "[::1]:80"])("the emulator answers to %s", async (host) => {
  expect(await statusUnder(host)).toBe(200);
});

it("every answer forbids browsers to guess its type", async () => {
  for (const url of [
    `${emulator.apiBaseUrl}/sites`,
    `${emulator.cdnBaseUrl}/a`,
    `http://${emulator.uploadHost}/`,
  ]) {
    expect((await fetch(url)).headers.get("x-content-type-options")).toBe("nosniff");
  }
});

it("token and secret of the bucket are others at every start", async () => {
  const other = await startEmulator();

  expect(other.token).not.toBe(emulator.token);
  expect(other.s3Credentials.secretAccessKey).not.toBe(emulator.s3Credentials.secretAccessKey);
  await other.close();
});

it("token and secret can be given", async () => {
  const other = await startEmulator({ token: "mine", s3SecretAccessKey: "secret" });

  expect((await apiOf(other, "mine")("GET /sites")).status).toBe(200);
  expect(other.s3Credentials.secretAccessKey).toBe("secret");
  await other.close();
});

it("the log keeps the latest requests only", async () => {
  for (let index = 0; index < 25; index += 1) await apiOf(emulator)(`GET /assets/${index}`);

  const paths = emulator.requests.entries().map(({ path }) => path);
  expect(paths.length).toBeLessThanOrEqual(10);
  expect(paths.at(-1)).toBe("/v2/assets/24");
});
