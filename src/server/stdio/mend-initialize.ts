import { isRecord } from "../../core/parse-json.js";

/**
 * What a client says of itself when it connects, reduced to what the server goes by: who it is, whether it can ask its
 * user, and its extensions. The SDK would refuse the whole connection for a null, a `true` or an empty list (PHP's empty object) among
 * its capabilities, or for a version that is missing.
 */
export function mendInitialize(params: Record<string, unknown>): Record<string, unknown> {
  const { protocolVersion, capabilities, clientInfo } = params;
  return {
    ...(protocolVersion !== null && { protocolVersion }),
    ...(capabilities !== undefined && { capabilities: capabilitiesAsMeant(capabilities) }),
    ...(isRecord(clientInfo) && { clientInfo: infoAsMeant(clientInfo) }),
  };
}

function capabilitiesAsMeant(capabilities: unknown): Record<string, unknown> {
  const { elicitation, extensions } = isRecord(capabilities) ? capabilities : {};
  return {
    ...(isDeclared(elicitation) && { elicitation: questionsAsMeant(elicitation) }),
    ...(isRecord(extensions) && { extensions: objectsOf(extensions) }),
  };
}

/** MCP 2025-11-25: elicitation without a mode is that of forms, which earlier versions have alone. */
function questionsAsMeant(elicitation: unknown): Record<string, unknown> {
  const { form, url } = isRecord(elicitation) ? elicitation : {};
  return isDeclared(form) || isDeclared(url) ? objectsOf({ form, url }) : { form: {} };
}

/** What is declared, with an empty object for whatever is none. */
function objectsOf(record: Record<string, unknown>): Record<string, unknown> {
  const declared = Object.entries(record).filter(([, value]) => isDeclared(value));
  return Object.fromEntries(declared.map(([name, value]) => [name, isRecord(value) ? value : {}]));
}

function isDeclared(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function infoAsMeant({ name, version }: Record<string, unknown>): Record<string, string> {
  const textOf = (value: unknown): string => (typeof value === "string" ? value : String(value ?? "unknown"));
  return { name: textOf(name), version: textOf(version) };
}
