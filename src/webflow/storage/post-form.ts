import { Readable } from "node:stream";
import FormData from "form-data";
import { EnvHttpProxyAgent, request } from "undici";
import { type CallContext, cancelledError, hasDeadlinePassed, isCancelled } from "../../core/call-context.js";
import { characterOfReference } from "../../core/encodings.js";
import { AssetError, errorCode, isAssetError } from "../../core/errors.js";
import { assertProxyUsable, NO_PROXIES, type Proxies, proxyAgentOptions } from "../../core/proxies.js";
import { readRetryAfter } from "../../core/retry-after.js";
import { excerpt, isPage } from "../wire/answer-text.js";
import { explainConnectionFailure } from "../wire/connection-failure.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, type Transience, withRetries } from "../wire/retry.js";
import { type AnswerHeaders, answerHeaders } from "../wire/transport.js";
import { hasExpired, type PresignedForm } from "./presigned-form.js";

/** The storage behind Webflow: S3, by browser-style form uploads. */
export interface FormPoster {
  /**
   * Posts `bytes` with the presigned form. Network errors and 5xx are retried with the same fields for as long as the
   * form is valid. Resolves with what S3 reports about the object. Throws STORAGE_UNAVAILABLE, STORAGE_REJECTED (a
   * `FormExpired` if a new form would help) or CANCELLED.
   */
  post(
    form: PresignedForm,
    bytes: Buffer,
    fileName: string,
    call: CallContext,
    onSent?: (bytes: number) => void,
  ): Promise<StoredObject>;
  close(): Promise<void>;
}

export interface StoredObject {
  /** The ETag without its quotes: the MD5 of the bytes, unless the form asks for server-side encryption. */
  readonly etag: string | undefined;
  readonly key: string | undefined;
}

export interface StorageOptions {
  readonly retryPolicy?: RetryPolicy;
  readonly proxies?: Proxies | undefined;
  /** How long connecting may take, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** How long S3 may take to start its answer, and between parts of it, in milliseconds. */
  readonly idleTimeoutMs?: number;
}

/** The form is no longer valid: stage 1 has to be repeated. */
export class FormExpired extends AssetError {
  constructor() {
    super("STORAGE_REJECTED", "The storage says that the upload form has expired", "call again");
  }
}

class StorageFailure extends AssetError implements Transience {
  readonly isTransient: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, next: string, { isTransient = true, retryAfterMs }: Partial<Transience> = {}) {
    super("STORAGE_UNAVAILABLE", message, next);
    this.isTransient = isTransient;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What S3 answers with a status below 500 and documents as worth another try. Source: AWS, "Error responses" of S3. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set(["RequestTimeout", "OperationAborted"]);

const SLICE_BYTES = 256 * 1024;
/** An upload slower than this counts as stuck: bytes per millisecond, on top of the time to answer. */
const SLOWEST_BYTES_PER_MS = 50;

/**
 * POST uploads to S3: the fields as they were signed, `file` last, with a Content-Length, without the token,
 * following no redirect. Source: AWS, "Browser-based uploads using POST" and "POST Object"
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html).
 */
export function createFormPoster({
  retryPolicy = DEFAULT_RETRY_POLICY,
  connectTimeoutMs = 10_000,
  idleTimeoutMs = 20_000,
  proxies = NO_PROXIES,
}: StorageOptions = {}): FormPoster {
  // Until the form expires, which has an error of its own.
  const patient = { ...retryPolicy, patienceMs: Number.POSITIVE_INFINITY };
  const dispatcher = new EnvHttpProxyAgent({
    ...proxyAgentOptions(proxies),
    proxyTls: { timeout: connectTimeoutMs },
    connect: { timeout: connectTimeoutMs },
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
  });

  async function postOnce(
    form: PresignedForm,
    bytes: Buffer,
    fileName: string,
    call: CallContext,
    onSent: (bytes: number) => void,
  ): Promise<StoredObject> {
    const timeOut = new AbortController();
    const limitMs = connectTimeoutMs + idleTimeoutMs + bytes.length / SLOWEST_BYTES_PER_MS;
    const timer = setTimeout(() => timeOut.abort(), limitMs);
    const body = multipartBody(form, bytes, fileName, onSent);
    try {
      call.signal.throwIfAborted();
      assertProxyUsable(form.url, proxies);
      const response = await request(form.url, {
        method: "POST",
        headers: body.headers,
        body: body.stream,
        dispatcher,
        signal: AbortSignal.any([call.signal, timeOut.signal]),
      });
      const text = await response.body.text();
      return readAnswer(response.statusCode, answerHeaders(response.headers), text, form);
    } catch (error) {
      if (isAssetError(error)) throw error;
      throw failureWithoutAnswer(call, timeOut.signal.aborted, error, form.url, proxies);
    } finally {
      body.stream.destroy();
      clearTimeout(timer);
    }
  }

  return {
    post: (form, bytes, fileName, call, onSent = () => {}) =>
      withRetries(
        call,
        patient,
        () => {
          if (hasExpired(form)) throw new FormExpired();
          return postOnce(form, bytes, fileName, call, onSent);
        },
        (error) => (error instanceof StorageFailure ? error : { isTransient: false }),
      ),
    close: () => dispatcher.close(),
  };
}

/** The form with its file last. form-data writes what stands before and behind the bytes; they are sent as they are. */
function multipartBody(
  form: PresignedForm,
  bytes: Buffer,
  fileName: string,
  onSent: (bytes: number) => void,
): { headers: Record<string, string>; stream: Readable } {
  const data = new FormData();
  for (const [name, value] of form.fields) data.append(name, value);
  data.append("file", Buffer.alloc(0), {
    filename: fileName,
    contentType: form.contentType ?? "application/octet-stream",
  });
  const withoutFile = data.getBuffer();
  const fileStart = withoutFile.lastIndexOf(`\r\n--${data.getBoundary()}--`);
  return {
    headers: data.getHeaders({ "content-length": String(withoutFile.length + bytes.length) }),
    stream: Readable.from(partsWithFile(withoutFile, fileStart, bytes, onSent)),
  };
}

function* partsWithFile(
  form: Buffer,
  fileStart: number,
  bytes: Buffer,
  onSent: (bytes: number) => void,
): Generator<Buffer> {
  yield form.subarray(0, fileStart);
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    const end = Math.min(start + SLICE_BYTES, bytes.length);
    yield bytes.subarray(start, end);
    onSent(end);
  }
  yield form.subarray(fileStart);
}

function readAnswer(status: number, headers: AnswerHeaders, xml: string, form: PresignedForm): StoredObject {
  // S3 answers with XML or with nothing; an HTML page comes from an intermediary, whatever its status.
  if (isPage(xml)) {
    throw new StorageFailure(
      `Something between this server and the storage answered ${status}: ${excerpt(xml)}`,
      `have whoever runs the network or its filter let ${form.url.host} through, or try from another network`,
      { isTransient: status >= 500 || status < 400 },
    );
  }
  const isError = element(xml, "Code") !== undefined;
  if (status >= 200 && status < 300 && !isError) {
    return { etag: readEtag(headers.get("etag") ?? element(xml, "ETag")), key: element(xml, "Key") };
  }
  if (status >= 300 && status < 400) {
    throw new AssetError(
      "STORAGE_REJECTED",
      `The storage answered ${status}, a redirect, which an upload does not follow`,
      "try again later",
    );
  }
  const code = withoutFormSecrets(element(xml, "Code") ?? "", form);
  const message = withoutFormSecrets(element(xml, "Message") ?? "no message", form);
  const said = `The storage answered ${status} ${code === "" ? `without a code: ${excerpt(withoutFormSecrets(xml, form))}` : `${code}: ${message}`}`;
  // S3 may begin its answer with 200 and notice only then that it failed.
  if (status < 300 || status >= 500 || status === 429 || TRANSIENT_CODES.has(code)) {
    const retryAfterMs = readRetryAfter(headers);
    throw new StorageFailure(said, "try again in a minute; nothing was left behind", { retryAfterMs });
  }
  if (/policy expired/i.test(message) || code === "ExpiredToken") throw new FormExpired();
  throw new AssetError("STORAGE_REJECTED", said, afterRejection(status, code, form.url));
}

/** S3 gives a code for everything that it rejects; whatever stands in front of it does not. */
function afterRejection(status: number, code: string, { host }: URL): string {
  if (code === "EntityTooLarge") return "make the file smaller: the storage takes none of this size";
  if (code !== "") return "try again; if it happens again, check this machine's clock and report the message";
  const letThrough = `have whoever runs the network or its filter let uploads to ${host} through`;
  return status === 413
    ? `make the file smaller, or ${letThrough}`
    : `${letThrough}, or try from another network`;
}

/** Without its quotes, and without the prefix that compressing proxies add. */
function readEtag(etag: string | undefined): string | undefined {
  return etag?.trim().replace(/^W\//i, "").replaceAll('"', "").toLowerCase();
}

function failureWithoutAnswer(
  call: CallContext,
  timedOut: boolean,
  error: unknown,
  url: URL,
  proxies: Proxies,
): AssetError {
  if (isCancelled(call)) return cancelledError();
  if (hasDeadlinePassed(call)) {
    return new StorageFailure(
      "The upload to the storage was not finished before this call ran out of time",
      "use uploadAssets, which goes on in the background",
    );
  }
  if (timedOut || /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(errorCode(error))) {
    const next = "try again; a smaller file or a better connection helps if it was too slow";
    return new StorageFailure("The storage did not answer in time", next);
  }
  const { what, next, isTransient } = explainConnectionFailure(error, "the storage", url, proxies);
  return new StorageFailure(what, next, { isTransient });
}

/** The text of the first element of this name in S3's flat XML, however a storage like it writes that down. */
function element(xml: string, name: string): string | undefined {
  const written = new RegExp(
    `<(?:\\w+:)?${name}(?:\\s[^<>]*)?>(?:\\s*<!\\[CDATA\\[([^<]*?)\\]\\]>\\s*|([^<]*))</(?:\\w+:)?${name}>`,
  );
  const [, plain, escaped] = written.exec(xml) ?? [];
  return (plain ?? (escaped === undefined ? undefined : decodeReferences(escaped)))?.trim();
}

function decodeReferences(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, reference: string) => characterOfReference(reference) ?? whole);
}

/** An answer could quote what was sent; no policy, signature or credential may get into a message. */
function withoutFormSecrets(message: string, form: PresignedForm): string {
  let text = message;
  for (const [name, value] of form.fields) {
    if (/^(policy|x-amz-(signature|credential|security-token))$/i.test(name) && value.length > 0) {
      text = text.replaceAll(value, "[redacted]");
    }
  }
  return text.slice(0, 200);
}
