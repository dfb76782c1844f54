import { TOOLS } from "../tools/catalog.js";
import { describeTool } from "./describe-tool.js";

/** What `tools/list` answers. The build puts the finished value here, because its JSON schemas take 15 ms to make. */
export const TOOL_DEFINITIONS = TOOLS.map(describeTool);
