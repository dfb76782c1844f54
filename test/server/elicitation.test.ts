import { type ElicitResult, ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, it } from "vitest";
import { askByElicitation } from "../../src/server/elicitation.js";
import { callContext } from "../builders/call.js";

const QUESTION = { message: "Delete all?", field: "delete", title: "Delete" };

it.each([
  { action: "reject" },
  { action: "yes", content: { delete: true } },
  {},
])("an answer of the client that is none of the protocol's is no agreement: %o", async (answer) => {
  const ask = askByElicitation(true, async (): Promise<ElicitResult> => ElicitResultSchema.parse(answer));
  expect(await ask(QUESTION, callContext())).toBe("declined");
});
