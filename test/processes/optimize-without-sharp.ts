import { readFileSync } from "node:fs";
import { createPictureOptimizer } from "../../src/assets/optimize/picture-optimizer.js";
import { findPrivateData } from "../../src/assets/optimize/private-data.js";
import { formatError } from "../../src/errors.js";
import { aCall } from "../builders/call.js";

/** Optimizes the picture at the path of argv where sharp cannot be found, and looks for private data in it. */
const picture = readFileSync(process.argv[2] ?? "");
const optimizer = createPictureOptimizer();
const answer = await optimizer.optimize(picture, aCall()).then(() => "optimized", formatError);
const document = await optimizer.optimize(Buffer.from("%PDF-1.7"), aCall());
console.log(
  JSON.stringify({ answer, documentNotes: document.notes, privateData: await findPrivateData(picture) }),
);
