import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
  type PromptArgument,
} from "@modelcontextprotocol/sdk/types.js";

/** The values that a client fills in; an argument without a value is absent. */
type Values = Readonly<Record<string, string>>;

interface AssetPrompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What the user says to the assistant. */
  text(values: Values): string;
}

const SITE: PromptArgument = {
  name: "siteId",
  description: "Site id; leave out when the token sees only one site",
};

/** Ways of working that need several tools, as a user would ask for them. */
const PROMPTS: readonly AssetPrompt[] = [
  {
    name: "organizeAssets",
    title: "Organize files into folders",
    description: "Upload a pile of files or URLs into fitting folders of the site, with alt texts.",
    arguments: [
      {
        name: "sources",
        description: "Paths, directories or URLs, separated by spaces or lines",
        required: true,
      },
      { name: "folder", description: "Folder path below which everything goes, such as Campaigns/Spring" },
      SITE,
    ],
    text: ({ sources = "", folder, siteId }) =>
      [
        `Upload these files to my Webflow site and put them into fitting folders: ${sources}`,
        folder === undefined
          ? "Choose among the folders that exist before making new ones."
          : `Everything goes below ${folder}.`,
        "First call listFolders. Propose a folder, a file name and an alt text for each file, and wait for my yes.",
        "Photos from a camera or phone go up with optimize: true, which makes them fit and removes where they were taken.",
        "Then call uploadAssets (uploadStatus until the job is done), and show me a table of names, folders, URLs and errors.",
        ...onSite(siteId),
      ].join("\n"),
  },
  {
    name: "fillAltText",
    title: "Fill in missing alt texts",
    description: "Find images without alt text, look at each, describe it, and update after a review.",
    arguments: [
      {
        name: "folder",
        description: "Folder path to stay in, such as Campaigns/Spring; default: the whole site",
      },
      { name: "language", description: "Language of the alt texts; default: that of the existing ones" },
      SITE,
    ],
    text: ({ folder, language, siteId }) =>
      [
        `Fill in the missing alt texts of the images ${folder === undefined ? "of my Webflow site" : `in ${folder} and below`}.`,
        "Find them with listAssets (missingAltText: true, type: image) and look at each with viewAsset.",
        `Describe what matters in at most 125 characters${language === undefined ? "" : `, in ${language}`}, without "image of".`,
        "Show me the texts in a table, ten at a time, and wait for my corrections before you call updateAssets.",
        ...onSite(siteId),
      ].join("\n"),
  },
  {
    name: "syncDirectory",
    title: "Sync a directory to a folder",
    description: "Compare a local directory with a folder of the site and upload what is new or changed.",
    arguments: [
      { name: "directory", description: "Local directory inside an allowed one", required: true },
      { name: "folder", description: "Folder path on the site, such as Campaigns/Spring", required: true },
      SITE,
    ],
    text: ({ directory = "", folder = "", siteId }) =>
      [
        `Bring the folder ${folder} of my Webflow site up to date with the directory ${directory}.`,
        "First call syncFolder without apply and tell me what is new, changed, refused, and only on the site.",
        "After my yes call it with apply: true, and uploadStatus until the job is done.",
        "Then list what was uploaded, which older assets are superseded, and what failed and why. Delete nothing.",
        ...onSite(siteId),
      ].join("\n"),
  },
];

/** Answers `prompts/list` and `prompts/get`. All prompts lead to changes, so there are none in read-only mode. */
export function servePrompts(server: Server, { readOnly }: { readonly readOnly: boolean }): void {
  const prompts = readOnly ? [] : PROMPTS;

  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ text: _, arguments: args, ...listed }) => ({ ...listed, arguments: [...args] })),
  }));

  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const prompt = prompts.find(({ name }) => name === params.name);
    if (!prompt) throw new McpError(ErrorCode.InvalidParams, `Unknown prompt "${params.name}"`);
    const values = filledIn(params.arguments ?? {});
    const missing = prompt.arguments.find(({ name, required }) => required && values[name] === undefined);
    if (missing) throw new McpError(ErrorCode.InvalidParams, `${prompt.name}: "${missing.name}" is missing`);
    const content = { type: "text" as const, text: prompt.text(values) };
    return { description: prompt.description, messages: [{ role: "user" as const, content }] };
  });
}

/** Clients send what the user left empty as an empty string. */
function filledIn(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
}

function onSite(siteId: string | undefined): string[] {
  return siteId === undefined ? [] : [`The site is ${siteId}.`];
}
