import { SETTINGS } from "./clients.mjs";

const [TOKEN, SITE] = SETTINGS;

/**
 * The manifest of the bundle for Claude Desktop, by https://github.com/modelcontextprotocol/mcpb, MANIFEST.md, version 0.3.
 * `withSharp` tells whether the bundle holds what the option optimize needs.
 */
export function mcpbManifest({ packageJson, tools, withSharp }) {
  const missing = withSharp
    ? ""
    : " This bundle is without the package sharp: the option optimize is not available.";
  return {
    manifest_version: "0.3",
    name: packageJson.name,
    display_name: "Webflow Assets",
    version: packageJson.version,
    description: `${packageJson.description}${missing}`,
    author: { name: packageJson.name, url: packageJson.homepage },
    repository: { type: "git", url: packageJson.repository.url.replace(/^git\+/, "") },
    homepage: packageJson.homepage,
    keywords: packageJson.keywords,
    license: packageJson.license,
    icon: "icon.png",
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
