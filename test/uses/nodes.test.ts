import { expect, it } from "vitest";
import { createIdIndex } from "../../src/references/find-ids.js";
import { readNode } from "../../src/uses/content-api/nodes.js";

const ID = "6595a1b2c3d4e5f607184352";
const SEARCH = { index: createIdIndex([ID]), siteId: "6258612d1ee792848f805dcf" };

it.each([
  ["an image", { image: { alt: null, assetId: ID } }, "image"],
  ["an image that is told by its id alone", { image: ID }, "image"],
  ["several images", { image: [{ assetId: ID }] }, "image"],
  ["an image in a text", { text: { html: `<img src="/${ID}_x.png">`, text: "" } }, "image"],
  [
    "an address in a text without markup",
    { text: { html: null, text: `https://x.example/${ID}_x.pdf` } },
    "other",
  ],
  [
    "an address that the markup of a text leaves out",
    { text: { html: "<p></p>", text: `/${ID}_x.pdf` } },
    "other",
  ],
  ["a text that is no object", { text: `<img src="/${ID}_x.png">` }, "other"],
  [
    "an override of a component's property",
    { propertyOverrides: [{ text: { html: null, text: ID } }] },
    "other",
  ],
  ["an attribute", { type: "image", attributes: { "data-x": ID } }, "other"],
])("a node is searched for %s", (_what, node, place) => {
  expect(readNode({ id: "a245", ...node }, SEARCH)).toEqual([{ asset: 0, place, strength: "strong" }]);
});
