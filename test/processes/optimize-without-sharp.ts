import { readFileSync } from "node:fs";
import { formatError } from "../../src/core/errors.js";
import { findPrivateData } from "../../src/pictures/metadata/private-data.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { callContext } from "../builders/call.js";

/** Optimizes the picture at the path of argv where sharp cannot be found, and looks for private data in it. */
const picture = readFileSync(process.argv[2] ?? "");
const optimizer = createPictureOptimizer();
const answer = await optimizer.optimize(picture, callContext()).then(() => "optimized", formatError);
const document = await optimizer.optimize(Buffer.from("%PDF-1.7"), callContext());
console.log(
  JSON.stringify({ answer, documentNotes: document.notes, privateData: await findPrivateData(picture) }),
);
