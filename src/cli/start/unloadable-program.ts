/** Node 25 asks for the network, too. */
const FIRST_WITH_NETWORK_PERMISSION = 25;

/** What to tell a person when Node does not load the program's files. `version` is Node's: `v22.1.0`. */
export function whyProgramCannotBeLoaded(error: unknown, version: string): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: "", message: "" };
  if (code === "ERR_ACCESS_DENIED") return `Node's permission model is on. ${permissionsNeeded(version)}`;
  if (code === "ERR_MODULE_NOT_FOUND") return `a file of the package is missing, reinstall it (${message})`;
  return `an unforeseen error while it was loaded (${message})`;
}

/** The options that Node's `--permission` needs for everything to work. */
export function permissionsNeeded(version: string): string {
  const hasNetworkPermission = parseInt(version.replace(/^v/, ""), 10) >= FIRST_WITH_NETWORK_PERMISSION;
  const network = hasNetworkPermission ? "--allow-net, " : "";
  return (
    `It needs ${network}--allow-fs-read=* (or the package's directory and the allowed ones); for pictures and ` +
    "difficult files --allow-child-process, --allow-worker and --allow-addons; to remember uploads --allow-fs-write. " +
    "Add them, or leave --permission out of the arguments and of NODE_OPTIONS"
  );
}
