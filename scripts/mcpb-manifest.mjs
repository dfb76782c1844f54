import { SETTINGS } from "./clients.mjs";

const [TOKEN, SITE] = SETTINGS;

const LONG_DESCRIPTION = `Ask in your own words, and the files are where they belong:

- "Put the photos of last week into Campaigns/Spring, small enough and with alt texts."
- "Which images have no alt text? Look at them and propose some."
- "Where is this picture used? May I delete it?"

One call takes a file from a directory that you allow, or from a web address, to a finished asset in the right folder, verified byte for
byte. Nothing is sent twice, and nothing is deleted without asking you. Uploaded files are public: anybody who has the URL can read them.

You need a site token of Webflow: Site settings > Apps & integrations > API access, with "Assets: read and write" and "Sites: read".`;

/**
 * The manifest of the bundle for Claude Desktop, by https://github.com/modelcontextprotocol/mcpb, MANIFEST.md, version 0.3.
 * `withSharp` tells whether the bundle holds what the option optimize needs.
 */
export function mcpbManifest({ packageJson, tools, withSharp }) {
  const missing = withSharp
    ? ""
    : " This bundle is without the package sharp: the option optimize is not available.";
  const repository = packageJson.repository.url.replace(/^git\+|\.git$/g, "");
  return {
    manifest_version: "0.3",
    name: packageJson.name,
    display_name: "Webflow Assets",
    version: packageJson.version,
    description: `${packageJson.description}${missing}`,
    long_description: LONG_DESCRIPTION,
    author: { name: packageJson.name, url: packageJson.homepage },
    repository: { type: "git", url: `${repository}.git` },
    homepage: packageJson.homepage,
    documentation: packageJson.homepage,
    support: `${repository}/issues`,
    privacy_policies: [`${repository}/blob/main/PRIVACY.md`],
    keywords: packageJson.keywords,
    license: packageJson.license,
    icon: "icon.png",
    screenshots: ["gallery.png"],
    server: {
      type: "node",
      entry_point: "dist/main.js",
      mcp_config: {
        command: "node",
        args: [`${filledWith("__dirname")}/dist/main.js`, filledWith("user_config.directories")],
        env: {
          WEBFLOW_TOKEN: filledWith("user_config.token"),
          WEBFLOW_SITE_ID: filledWith("user_config.site"),
          WEBFLOW_READ_ONLY: filledWith("user_config.read_only"),
        },
      },
    },
    tools: tools.map(({ name, title }) => ({ name, description: title })),
    prompts_generated: true,
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: packageJson.engines.node } },
    user_config: {
      token: {
        type: "string",
        title: TOKEN.title,
        description: TOKEN.description,
        sensitive: true,
        required: true,
      },
      directories: {
        type: "directory",
        title: "Directories",
        description: "Local files may come from these directories only",
        multiple: true,
        required: false,
        default: [],
      },
      site: {
        type: "string",
        title: SITE.title,
        description: SITE.description,
        required: false,
        default: "",
      },
      read_only: {
        type: "boolean",
        title: "Read only",
        description: "Offer only the tools that change nothing",
        required: false,
        default: false,
      },
    },
  };
}

/** A variable of the manifest, which the client fills. */
function filledWith(name) {
  return `\${${name}}`;
}
