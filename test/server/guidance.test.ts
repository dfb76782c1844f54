import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { ClientCapabilities } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOLS } from "../../src/tools/catalog.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { connectClient } from "../builders/connected-client.js";
import { dataUri, startSite, type TestSite } from "../builders/site.js";

const FOLDERS = ["Campaigns", "Campaigns/Spring", "Campaigns/Autumn", "Logos"];

let site: TestSite;
let client: Client;
let assetId: string;

beforeAll(async () => {
  site = await startSite();
  for (const path of FOLDERS) await site.service.ensureFolder({ path }, callContext());
  const { asset } = await site.service.uploadAsset(
    { source: dataUri(numberedPng(1)), fileName: "dot.png", folder: "Logos" },
    callContext(),
  );
  assetId = asset.id ?? "";
  const { siteId } = site.emulator;
  ({ client } = await connectClient({ tools: TOOLS, service: site.service, siteId }));
});

afterAll(async () => {
  await client.close();
  await site.close();
});

describe("the instructions", () => {
  it("stay below 1,500 characters and say what matters", () => {
    const instructions = client.getInstructions() ?? "";
    expect(instructions.length).toBeLessThan(1_500);
    for (const word of [
      "listFolders",
      "uploadAssets",
      "4 MB",
      "10 MB",
      "public",
      "data: URI",
      "cannot",
      "optimize",
    ]) {
      expect(instructions).toContain(word);
    }
  });

  it("name the allowed directories, as many as there is room for", async () => {
    const allowedDirectories = Array.from(
      { length: 40 },
      (_, index) => `/home/me/photos/of-the-year-${index}`,
    );
    const few = await connectClient({ allowedDirectories: allowedDirectories.slice(0, 2) });
    expect(few.client.getInstructions()).toContain(
      "Allowed directories: /home/me/photos/of-the-year-0, /home/me/photos/of-the-year-1.",
    );
    const many = await connectClient({ allowedDirectories });
    expect(many.client.getInstructions()).toMatch(/of-the-year-0, .* \d+ more\./);
    expect(many.client.getInstructions()?.length).toBeLessThan(1_950);
    expect(client.getInstructions()).toContain("No directory is allowed");
  });

  it("name only tools that exist", () => {
    const names = TOOLS.map(({ name }) => name);
    const named = client
      .getInstructions()
      ?.match(/\b(list|upload|ensure|sync|get|view|update|delete|show)[A-Z]\w+/g);
    for (const name of named ?? []) expect(names).toContain(name);
  });
});

async function promptText(name: string, args: Record<string, string>): Promise<string> {
  const { messages } = await client.getPrompt({ name, arguments: args });
  const [message] = messages;
  return message?.content.type === "text" ? message.content.text : "";
}

describe("prompts", () => {
  it("are listed with their arguments described", async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "organizeAssets",
      "fillAltText",
      "tidyAssets",
      "syncDirectory",
    ]);
    for (const { arguments: args } of prompts) {
      expect(args).toEqual([{ name: "request", description: expect.any(String), required: false }]);
    }
  });

  it.each([
    ["organizeAssets", { request: "a.png b.png" }, "suitable folders: a.png b.png\n"],
    ["syncDirectory", { request: "~/photos to Campaigns/Spring" }, ": ~/photos to Campaigns/Spring\n"],
    // A client that knows the arguments of an older version.
    ["syncDirectory", { directory: "~/photos", folder: "Campaigns/Spring" }, ": ~/photos Campaigns/Spring\n"],
    ["organizeAssets", { request: "a.png\u202e\u{e0041}" }, "suitable folders: a.png\n"],
    ["fillAltText", { request: "Blog in German" }, "which language: Blog in German\n"],
  ])("carry what was typed into the text: %s %j", async (name, args, text) => {
    expect(await promptText(name, args)).toContain(text);
  });

  it("recognise the id of a site by its form", async () => {
    const text = await promptText("fillAltText", { request: "65f0aa000000000000000001 Blog" });
    expect(text).toContain("which language: Blog\n");
    expect(text).toContain("The site is 65f0aa000000000000000001.");
  });

  it("do without what the user left empty", async () => {
    expect(await promptText("fillAltText", { request: "" })).not.toContain("which language");
    expect(await promptText("organizeAssets", {})).toContain("Ask me which files");
  });

  it("refuse an unknown name with the protocol's error", async () => {
    await expect(client.getPrompt({ name: "fillAltTexts" })).rejects.toMatchObject({ code: -32_602 });
  });

  it("are none in read-only mode, because each leads to changes", async () => {
    const reading = await connectClient({ readOnly: true });
    expect((await reading.client.listPrompts()).prompts).toEqual([]);
  });
});

describe("resources", () => {
  it("list the folders of the configured site", async () => {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain(
      `webflow-assets://sites/${site.emulator.siteId}/folders`,
    );
  });

  it("list the folders of the only site that the token sees, where none is configured", async () => {
    const { client: other } = await connectClient({ service: site.service });
    const { resources } = await other.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      `webflow-assets://sites/${site.emulator.siteId}/folders`,
    ]);
  });

  it("list the page of the gallery for clients that show it, and for no others", async () => {
    const listed = async (capabilities: ClientCapabilities) => {
      const { client: other } = await connectClient({ service: site.service, capabilities });
      return (await other.listResources()).resources.map(({ name }) => name);
    };
    expect(await listed({ extensions: { "io.modelcontextprotocol/ui": {} } })).toEqual([
      "gallery",
      "folders",
    ]);
    expect(await listed({})).toEqual(["folders"]);
  });

  it("are none if the sites cannot be listed", async () => {
    const { client: other } = await connectClient();
    expect((await other.listResources()).resources).toEqual([]);
  });

  it("show the folder tree as text and as JSON", async () => {
    const uri = `webflow-assets://sites/${site.emulator.siteId}/folders`;
    const { contents } = await client.readResource({ uri });
    const [text, json] = contents as { text: string; mimeType: string }[];
    expect(text).toMatchObject({ mimeType: "text/plain" });
    expect(text?.text.split("\n")).toEqual([
      "Campaigns (0 assets)",
      "Campaigns/Autumn (0 assets)",
      "Campaigns/Spring (0 assets)",
      "Logos (1 asset)",
    ]);
    expect(json).toMatchObject({ mimeType: "application/json" });
    expect(JSON.parse(json?.text ?? "")).toMatchObject({ siteId: site.emulator.siteId });
  });

  it("show an asset by its id", async () => {
    const { contents } = await client.readResource({ uri: `webflow-assets://assets/${assetId}` });
    const [json] = contents as { text: string }[];
    expect(JSON.parse(json?.text ?? "")).toMatchObject({ asset: { id: assetId, folder: { path: "Logos" } } });
  });

  it.each([
    ["of another scheme", "file:///etc/passwd"],
    ["whose id is none", "webflow-assets://assets/../sites"],
    ["whose asset is unknown", `webflow-assets://assets/${"a".repeat(24)}`],
    ["whose site is unknown", `webflow-assets://sites/${"a".repeat(24)}/folders`],
  ])("%s are not found", async (_, uri) => {
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_002 });
  });
});

describe("completion", () => {
  async function complete(
    name: string,
    value: string,
    ref = { type: "ref/prompt" as const, name: "fillAltText" },
  ) {
    const { completion } = await client.complete({ ref, argument: { name, value } });
    return completion.values;
  }

  it("offers folder paths, those that begin with the typed text first", async () => {
    expect(await complete("folder", "")).toEqual([
      "Campaigns",
      "Campaigns/Autumn",
      "Campaigns/Spring",
      "Logos",
    ]);
    expect(await complete("folder", "spring")).toEqual(["Campaigns/Spring"]);
    expect(await complete("folder", "LO")).toEqual(["Logos"]);
  });

  it("offers folder paths for the last word of a prompt's request", async () => {
    expect(await complete("request", "a.png into Lo")).toEqual(["a.png into Logos"]);
  });

  it("reads the folders once for a person who types", async () => {
    const before = site.emulator.requests.count({ operation: "listFolders" });
    for (const typed of ["C", "Ca", "Cam"]) await complete("folder", typed);
    expect(site.emulator.requests.count({ operation: "listFolders" }) - before).toBeLessThanOrEqual(1);
  });

  it("offers site ids by id and by name", async () => {
    const { siteId } = site.emulator;
    expect(await complete("siteId", siteId.slice(0, 5))).toEqual([siteId]);
    expect(await complete("siteId", "emulated")).toEqual([siteId]);
  });

  it("offers asset ids for the resource template", async () => {
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "webflow-assets://assets/{assetId}" },
      argument: { name: "assetId", value: assetId.slice(0, 6) },
    });
    expect(completion.values).toEqual([assetId]);
  });

  it("offers nothing where nothing is known", async () => {
    expect(await complete("language", "Eng")).toEqual([]);
    const broken = await connectClient();
    const ref = { type: "ref/prompt" as const, name: "fillAltText" };
    const { completion } = await broken.client.complete({ ref, argument: { name: "folder", value: "" } });
    expect(completion.values).toEqual([]);
  });
});
