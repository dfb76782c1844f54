import { expect, test } from "vitest";
import type { ComparedFile } from "../../src/sync/compare.js";
import { findIncomplete } from "../../src/sync/incomplete.js";
import type { HostedState } from "../../src/uploads/hosted-file.js";
import { callContext } from "../builders/call.js";
import { checkedFile, placedAsset } from "../builders/sync-files.js";

const NEVER_FILLED = placedAsset("1", "a.png", { size: undefined });

async function incomplete(one: Omit<ComparedFile, "file">, state: HostedState = "absent") {
  let looks = 0;
  const compare = async () => {
    looks += 1;
    return state;
  };
  const found = await findIncomplete([{ file: checkedFile("a.png"), ...one }], { compare }, callContext());
  return { ids: [...found], looks };
}

test.each([
  undefined,
  0,
])("an asset of size %s is incomplete if the storage has nothing either", async (size) => {
  const asset = { ...NEVER_FILLED, size };
  expect((await incomplete({ status: "changed", asset })).ids).toEqual(["1"]);
});

test.each([
  "same",
  "different",
  "unknown",
] as const)("an asset whose hosted file is %s is not incomplete: a size may be late", async (state) => {
  expect((await incomplete({ status: "changed", asset: NEVER_FILLED }, state)).ids).toEqual([]);
});

test("nobody looks at the storage for an asset that has a size, or that no file would replace", async () => {
  const nothing = { ids: [], looks: 0 };
  expect(await incomplete({ status: "changed", asset: placedAsset("1", "a.png", { size: 1 }) })).toEqual(
    nothing,
  );
  expect(await incomplete({ status: "same", asset: NEVER_FILLED })).toEqual(nothing);
  expect(await incomplete({ status: "new" })).toEqual(nothing);
});
