/** The oldest Node that runs the server, as `engines` of package.json has it. */
const OLDEST: readonly [major: number, minor: number] = [20, 19];

/** Whether a version such as `v20.19.0` is new enough. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** What to tell a person whose Node is too old; undefined if it is new enough. Runs on old Nodes itself. */
export function whyNodeCannotRunThis(version: string, path: string): string | undefined {
  if (isSupportedNode(version)) return undefined;
  return (
    `Node ${OLDEST.join(".")} or later is needed, and this is Node ${version.replace(/^v/, "")} (${path}). ` +
    "Install a newer one from https://nodejs.org, or name the full path of a newer node as the command in the client's configuration"
  );
}
