import { describe, expect, it } from "vitest";
import { serverStart } from "../../src/cli/clients/server-start.js";
import { VERSION } from "../../src/core/version.js";

describe("the command that a client starts the server by", () => {
  it("is this Node and this file, by their absolute paths, from a clone", () => {
    expect(serverStart("/home/me/webflow-assets-mcp/dist/main.js", "/opt/node", "linux")).toEqual({
      command: "/opt/node",
      args: ["/home/me/webflow-assets-mcp/dist/main.js"],
    });
  });

  it("is npx with the version that runs now, from the registry", () => {
    const file = "/home/me/.npm/_npx/1a2b/node_modules/webflow-assets-mcp/dist/main.js";
    expect(serverStart(file, "/opt/node", "darwin")).toEqual({
      command: "npx",
      args: ["-y", `webflow-assets-mcp@${VERSION}`],
    });
  });

  it("goes through cmd on Windows, where npx is a script", () => {
    const file = String.raw`C:\Users\me\AppData\Local\npm-cache\_npx\1a2b\node_modules\webflow-assets-mcp\dist\main.js`;
    expect(serverStart(file, "C:\\node.exe", "win32")).toEqual({
      command: "cmd",
      args: ["/c", "npx", "-y", `webflow-assets-mcp@${VERSION}`],
    });
  });
});
