import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isSupportedNode, whyNodeCannotRunThis } from "../../src/cli/start/node-version.js";

describe("the version of Node", () => {
  it.each(["v20.19.0", "v20.20.2", "v22.0.0", "v26.1.0"])("%s is new enough", (version) => {
    expect(whyNodeCannotRunThis(version, "/usr/bin/node")).toBeUndefined();
  });

  it.each([
    "v10.24.1",
    "v14.21.3",
    "v18.20.8",
    "v20.18.3",
  ])("%s is too old, and it is said what to do", (version) => {
    const why = whyNodeCannotRunThis(version, "/opt/old/node");
    expect(why).toContain("Node 20.19 or later is needed");
    expect(why).toContain(`this is Node ${version.slice(1)} (/opt/old/node)`);
  });

  it("the version of Node that is needed is the one of package.json", () => {
    const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(engines.node).toBe(">=20.19");
    expect(isSupportedNode("v20.19.0") && !isSupportedNode("v20.18.9")).toBe(true);
  });
});

describe("what runs first", () => {
  it("holds nothing that old Nodes cannot read, as a script or as a module", () => {
    const text = readFileSync("dist/main.js", "utf8");
    expect(text).not.toMatch(/^(?:import|export)\b(?!\()|\?\.|\?\?|\brequire\(|import\.meta|["']node:/m);
    // A script it is: only then does Function, which knows no import statement, parse it.
    expect(() => new Function(text.replace(/^#!.*\n/, ""))).not.toThrow();
  });
});
