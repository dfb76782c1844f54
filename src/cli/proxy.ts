const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/** The names of the proxy variables that are set. `NO_PROXY` alone changes nothing. */
export function proxyVariables(environment: NodeJS.ProcessEnv): string[] {
  return PROXY_VARIABLES.filter((name) => environment[name]);
}

/**
 * Sends what goes through the global `fetch` (the Webflow SDK's requests) through the proxy that the environment
 * names, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. Without a proxy nothing is loaded.
 */
export async function useProxyOfEnvironment(environment: NodeJS.ProcessEnv): Promise<void> {
  if (proxyVariables(environment).length === 0) return;
  const { setProxyOfFetch } = await import("./proxy-agent.js");
  setProxyOfFetch();
}
