import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { quotedLine, visibleText } from "../core/text.js";

interface AssetPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What the argument may say. */
  readonly argument: string;
  /** What the user says to the assistant; `request` is the argument in the user's own words, and may be empty. */
  text(request: string): string[];
}

/**
 * The only argument of every prompt. Command-line clients split the typed text at spaces and distribute the words
 * among the arguments, so that the second of two file names would become the folder.
 */
export const PROMPT_ARGUMENT = "request";

/** Ways of working that need several tools, as a user would ask for them. */
const PROMPTS: readonly AssetPrompt[] = [
  {
    name: "organizeAssets",
    title: "Organize files into folders",
    description: "Upload a pile of files or URLs into suitable folders of the site, with alt texts.",
    argument:
      "Paths, directories or URLs, and if you like the folder, such as: a.png b.png into Campaigns/Spring",
    text: (request) => [
      request === ""
        ? "Upload files to my Webflow site and put them into suitable folders. Ask me which files."
        : `Upload these files to my Webflow site and put them into suitable folders: ${request}`,
      "Where I name no folder, choose an existing folder before creating a new one.",
      "First call listFolders. Propose a folder, a file name and an alt text for each file, and wait for my approval.",
      "Upload photos from a camera or phone with optimize: true, which makes them fit and removes their location.",
      "Then call uploadAssets (uploadStatus until the job is done), and show me a table of names, folders, URLs and errors.",
    ],
  },
  {
    name: "fillAltText",
    title: "Fill in missing alt texts",
    description: "Find images without alt text, look at each, describe it, and update after a review.",
    argument:
      "The folder to stay in, and the language or locale, such as: Campaigns/Spring in German, for de-DE; default: all",
    text: (request) => [
      "Fill in the missing alt texts of the images of my Webflow site.",
      ...(request === "" ? [] : [`Where, and in which language: ${request}`]),
      "Find them with listAssets (missingAltText: true, type: image) and look at up to 12 at once with viewAsset (assetIds).",
      'Describe what matters in at most 125 characters, without "image of", in the language of the existing texts unless I named one.',
      "If I named a locale of the site (listSites lists them), pass it as locale to listAssets and updateAssets.",
      "An alt text that is empty, not missing, may mark a decorative image: ask me about these.",
      "Show me the texts in a table, twelve at a time, and wait for my corrections before you call updateAssets.",
    ],
  },
  {
    name: "tidyAssets",
    title: "Tidy up the assets",
    description:
      "Audit the library, then work through heavy images, missing alt texts, duplicates and what nothing refers to.",
    argument: "The folder to stay in, such as Campaigns/Spring; default: the whole site",
    text: (request) => [
      `Tell me what state the assets of my Webflow site are in${request === "" ? "" : ` (where: ${request})`}: call auditAssets, again while its status is reading.`,
      "Show me its findings as a short list with numbers, and what was not read. Then ask me where to begin.",
      "Alt texts and names: show me proposals in a table before updateAssets. Heavy images: say which, I replace them.",
      "Duplicates, and assets with no reference found: call findUses for them, and show me names, sizes and what was not read.",
      "No reference found does not prove that an asset is unused. Delete only what I name, never with evenIfUsed on your own.",
    ],
  },
  {
    name: "syncDirectory",
    title: "Sync a directory to a folder",
    description: "Compare a local directory with a folder of the site and upload what is new or changed.",
    argument: "The directory and the folder, such as: ~/Pictures/spring to Campaigns/Spring",
    text: (request) => [
      request === ""
        ? "Bring a folder of my Webflow site up to date with a local directory. Ask me which ones."
        : `Bring a folder of my Webflow site up to date with a local directory: ${request}`,
      "First call syncFolder without apply and tell me what is new, changed, refused, and only on the site.",
      "After my approval call it with apply: true, then uploadStatus until the job is done.",
      "Then list what was uploaded, which older assets are superseded, and what failed and why. Delete nothing.",
    ],
  },
];

/** Answers `prompts/list` and `prompts/get`. All prompts lead to changes, so there are none in read-only mode. */
export function servePrompts(server: Server, { readOnly }: { readonly readOnly: boolean }): void {
  const prompts = readOnly ? [] : PROMPTS;

  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ name, title, description, argument }) => ({
      name,
      title,
      description,
      arguments: [{ name: PROMPT_ARGUMENT, description: argument, required: false }],
    })),
  }));

  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (!prompt)
      throw new McpError(ErrorCode.InvalidParams, `Unknown prompt ${quotedLine(params.name, 200)}`);
    // Whatever names a client gives to what was typed.
    const words = Object.values(params.arguments ?? {}).map((value) => visibleText(value).trim());
    const { request, siteId } = withoutSiteId(words.filter((value) => value !== "").join(" "));
    const lines = [...prompt.text(request), ...(siteId === undefined ? [] : [`The site is ${siteId}.`])];
    const content = { type: "text" as const, text: lines.join("\n") };
    return { description: prompt.description, messages: [{ role: "user" as const, content }] };
  });
}

/** A word of 24 hex digits is the id of a site: assets and folders are named in words. */
function withoutSiteId(request: string): { request: string; siteId: string | undefined } {
  const siteId = /(?<=^|\s)[0-9a-f]{24}(?=$|\s)/i.exec(request)?.[0];
  return {
    request: siteId === undefined ? request : request.replace(siteId, "").replace(/\s+/g, " ").trim(),
    siteId,
  };
}
