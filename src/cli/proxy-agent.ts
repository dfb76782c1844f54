import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";

/** Makes the global `fetch` go by the proxy variables of the environment. */
export function setProxyOfFetch(): void {
  setGlobalDispatcher(new EnvHttpProxyAgent());
}
