import { describe, expect, it } from "vitest";
import { createNamespaces } from "../../../src/files/markup/namespaces.js";

describe("the namespaces of a document", () => {
  it("are what is declared from the root to the element", () => {
    const namespaces = createNamespaces();
    namespaces.enter("svg", { xmlns: "urn:svg", "xmlns:x": "urn:x" });
    namespaces.enter("g", { "xmlns:x": "urn:inner" });
    expect(["g", "x:a"].map(namespaces.of)).toEqual(["urn:svg", "urn:inner"]);
    namespaces.leave();
    expect(["g", "x:a"].map(namespaces.of)).toEqual(["urn:svg", "urn:x"]);
    namespaces.leave();
    expect(["g", "x:a"].map(namespaces.of)).toEqual([undefined, undefined]);
  });

  it("are declared by nothing else", () => {
    const namespaces = createNamespaces();
    namespaces.enter("svg", { a: "urn:a", "a:xmlns": "urn:b", xmlnsx: "urn:c" });
    expect(["svg", "x:a", "a:x"].map(namespaces.of)).toEqual([undefined, undefined, undefined]);
  });

  it("lack the prefix of an element or an attribute that nothing declares", () => {
    const namespaces = createNamespaces();
    expect(namespaces.enter("svg", { "xmlns:x": "urn:x", "x:a": "", "xml:space": "" })).toBeUndefined();
    expect(namespaces.enter("y:g", { "z:a": "" })).toBe("y");
    expect(namespaces.enter("x:g", { b: "", "z:a": "", "y:c": "" })).toBe("z");
    namespaces.leave();
    namespaces.leave();
    namespaces.leave();
    expect(namespaces.enter("x:g", {})).toBe("x");
  });

  it("may be left once more than entered", () => {
    const namespaces = createNamespaces();
    namespaces.leave();
    expect(namespaces.of("svg")).toBeUndefined();
  });
});
