import type { Tool } from "./tool.js";

/** Every tool of the server, in the order in which clients list them. */
export const TOOLS: readonly Tool[] = [];
