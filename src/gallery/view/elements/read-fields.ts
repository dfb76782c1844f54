import { asRecord } from "../host/rpc.js";

/** A text field; `undefined` for anything else and for an empty text. */
export function textField(record: Record<string, unknown>, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number field; `undefined` for anything else. */
export function numberField(record: Record<string, unknown>, name: string): number | undefined {
  const value = record[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A field that holds a list of objects; empty for anything else. */
export function listField(record: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const value = record[name];
  return Array.isArray(value) ? value.map(asRecord) : [];
}

/** A field that holds a list of texts; empty for anything else. */
export function textsField(record: Record<string, unknown>, name: string): string[] {
  const value = record[name];
  return Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
}
