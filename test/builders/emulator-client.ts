import { createHash } from "node:crypto";
import { request } from "node:http";
import type { Emulator } from "../../src/emulator/emulator.js";

/** An answer of the emulator, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON object. */
  readonly json: Record<string, unknown> | undefined;
}

/** Calls the emulated Data API with nothing but `fetch`: `call("POST /sites/ID/assets", {...})`. */
export type ApiCall = (route: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export function apiOf(emulator: Pick<Emulator, "apiBaseUrl" | "token">, token = emulator.token): ApiCall {
  return (route, body, headers = {}) => {
    const [method = "GET", path = "/"] = route.split(" ");
    return answerOf(
      fetch(emulator.apiBaseUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
    );
  };
}

export async function answerOf(response: Promise<Response>): Promise<Answer> {
  const { status, headers, ...rest } = await response.then(async (received) => ({
    status: received.status,
    headers: received.headers,
    text: await received.text(),
  }));
  return { status, headers, text: rest.text, json: parseObject(rest.text) };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What stage 1 answers; `uploadDetails` is under S3's own names. */
export interface StageOne {
  readonly id: string;
  readonly uploadUrl: string;
  readonly hostedUrl: string;
  readonly assetUrl: string;
  readonly originalFileName: string;
  readonly parentFolder: string | null;
  readonly uploadDetails: Readonly<Record<string, string>>;
}

/** Stage 1 for a file of these bytes. */
export async function createAsset(
  emulator: Emulator,
  bytes: Buffer,
  fields: { fileName?: string; parentFolder?: string | null } = {},
): Promise<StageOne> {
  const fileHash = createHash("md5").update(bytes).digest("hex");
  const { status, json } = await apiOf(emulator)(`POST /sites/${emulator.siteId}/assets`, {
    fileName: "picture.png",
    fileHash,
    ...fields,
  });
  if (!json || status >= 300) throw new Error(`stage 1 answered ${status}`);
  return json as unknown as StageOne;
}

/** Both stages; gives the answer of stage 1. */
export async function uploadFile(
  emulator: Emulator,
  bytes: Buffer,
  fields: { fileName?: string; parentFolder?: string | null } = {},
): Promise<StageOne> {
  const asset = await createAsset(emulator, bytes, fields);
  const { status, text } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, bytes));
  if (status !== 201) throw new Error(`stage 2 answered ${status}: ${text}`);
  return asset;
}

/** A form's parts in order. A part with bytes is a file. */
export type FormPart = readonly [name: string, value: string | Buffer, fileName?: string];

/** The fields in their order, and the file as the last part. */
export function formOf(fields: Readonly<Record<string, string>>, bytes: Buffer): FormPart[] {
  return [...Object.entries(fields), ["file", bytes, "picture.png"]];
}

export const BOUNDARY = "----a-boundary-of-the-tests";

/** The body of a multipart/form-data request, as a browser would write it. */
export function multipartBody(parts: readonly FormPart[]): Buffer {
  const pieces = parts.flatMap(([name, value, fileName]) => {
    const file = fileName === undefined ? "" : `; filename="${fileName}"\r\nContent-Type: image/x-part`;
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value), Buffer.from("\r\n")];
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

export function postForm(
  url: string,
  parts: readonly FormPart[],
  headers: Record<string, string> = {},
): Promise<Answer> {
  return postBody(url, multipartBody(parts), headers);
}

export function postBody(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(
    fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
      body: new Uint8Array(body),
    }),
  );
}

/** Sends the pieces of a body one by one, each in a packet of its own, and gives the status of the answer. */
export function postInPieces(
  url: string,
  pieces: readonly Buffer[],
  headers: Record<string, string | number>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.setNoDelay(true);
    const sendFrom = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined) sent.end();
      else sent.write(piece, () => setImmediate(sendFrom, index + 1));
    };
    sendFrom(0);
  });
}

/** The text of an element of S3's XML. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replaceAll("&#34;", '"')
    .replaceAll("&#39;", "'");
}
