import { isNotFound } from "../../webflow/data-api/error-mapping.js";
import { reasonOf } from "../record/gaps.js";
import type { ContentParts } from "./list-steps.js";
import { searchValue } from "./nodes.js";

export interface ScriptsParts extends ContentParts {
  readonly siteId: string;
  /** Where a script is hosted. */
  readonly onScript: (url: string) => void;
}

/** `hostedLocation` in the answer, wherever it is: other URLs there are attributes, which lead to any kind of file. */
const HOSTED = /"hostedLocation":"(https:\/\/[^\s"'\\<>]+)"/g;

/** Reads scripts added by apps; code in the settings of a site or page shows only on the published pages. */
export function readScripts({ webflow, siteId, search, record, gaps, steps, onScript }: ScriptsParts): void {
  for (const kind of ["registered", "site", "blocks"] as const) {
    steps.one(
      async (call) => {
        const answer = await webflow.getScripts(siteId, kind, call);
        record.add(
          { in: "script of an app" },
          searchValue(answer, search, { place: "code", strength: "strong" }),
        );
        for (const [, url = ""] of (JSON.stringify(answer) ?? "").matchAll(HOSTED)) onScript(url);
      },
      (error) => {
        // If no app has added a script, Webflow answers with nothing.
        if (!isNotFound(error)) gaps.addSource("scripts of apps", reasonOf(error, "custom_code:read"));
      },
    );
  }
}
