import { WebflowClient as Sdk } from "webflow-api/Client.js";

/**
 * The webflow-api SDK, which composes requests to the Data API; this is the only file that imports it. The package's
 * index wraps this client in conveniences that the server does not use, such as an upload without checks.
 */
export type { Sdk };

/** What every method of the SDK takes besides its own arguments. */
export interface SdkRequestOptions {
  abortSignal: AbortSignal;
  timeoutInSeconds: number;
  maxRetries: 0;
  headers: Readonly<Record<string, string>>;
  queryParams?: Record<string, unknown>;
}

export function createSdk(token: string | undefined, apiBaseUrl: string): Sdk {
  return new Sdk({ accessToken: token ?? "", baseUrl: apiBaseUrl });
}

/** The SDK's types do not allow a key whose value is undefined. */
export function withoutUndefined<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
