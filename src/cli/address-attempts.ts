import { setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";

const FLAG = "--network-family-autoselection-attempt-timeout";
const ATTEMPT_MS = 2_500;

/**
 * Gives a connection to each address of a name more time than Node's 250 ms, which are too short for a slow network
 * where one of the addresses leads nowhere. A time that the user set stands.
 */
export function allowSlowHandshakes(
  environment: NodeJS.ProcessEnv,
  nodeArguments: readonly string[],
  set: (milliseconds: number) => void = setDefaultAutoSelectFamilyAttemptTimeout,
): void {
  const isSet = [...nodeArguments, environment["NODE_OPTIONS"] ?? ""].some((text) => text.includes(FLAG));
  if (!isSet) set(ATTEMPT_MS);
}
