import { type ErrorCode, isAssetError } from "../../src/core/errors.js";

/** The code with which `work` fails, or "no error"; anything but an AssetError goes through. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode | "no error"> {
  try {
    await work;
    return "no error";
  } catch (error) {
    if (isAssetError(error)) return error.code;
    throw error;
  }
}
