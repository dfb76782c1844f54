import { SERVER_NAME, SETTINGS } from "./clients.mjs";

const DIRECTORY = `plugins/${SERVER_NAME}`;

/** The manifests of the plugin, by their paths: one directory is an Agent Plugin and a plugin of Claude Code. */
export function pluginManifests(packageJson) {
  return {
    [`${DIRECTORY}/plugin.json`]: agentPlugin(packageJson),
    [`${DIRECTORY}/mcp.json`]: agentPluginServers(packageJson),
    [`${DIRECTORY}/.claude-plugin/plugin.json`]: claudePlugin(packageJson),
    ".claude-plugin/marketplace.json": claudeMarketplace(packageJson),
  };
}

/** Agent Plugins 1.0.0, https://agent-plugins.org/specification, section 5. */
function agentPlugin(packageJson) {
  return { $schema: "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json", ...about(packageJson) };
}

/** Section 7.2. The format cannot ask for a secret: the server starts without one and says what to do. */
function agentPluginServers(packageJson) {
  return {
    $schema: "https://agent-plugins.org/schemas/1.0.0/mcp.schema.json",
    mcpServers: { [SERVER_NAME]: { type: "stdio", ...start(packageJson) } },
  };
}

/** https://code.claude.com/docs/en/plugins/manifest-reference. An option without a value would keep the server from starting. */
function claudePlugin(packageJson) {
  const env = SETTINGS.map(({ name, key }) => [name, `\${user_config.${key}}`]);
  const userConfig = SETTINGS.map(({ key, title, description, isSecret = false }) => [
    key,
    {
      type: "string",
      title,
      description,
      ...(isSecret ? { sensitive: true, required: true } : { required: false, default: "" }),
    },
  ]);
  return {
    $schema: "https://json.schemastore.org/claude-code-plugin-manifest.json",
    ...about(packageJson),
    userConfig: Object.fromEntries(userConfig),
    mcpServers: { [SERVER_NAME]: { ...start(packageJson), env: Object.fromEntries(env) } },
  };
}

function claudeMarketplace(packageJson) {
  return {
    $schema: "https://json.schemastore.org/claude-code-marketplace.json",
    name: packageJson.name,
    description: "The plugin of webflow-assets-mcp, from its own repository.",
    owner: author(packageJson),
    plugins: [
      {
        name: SERVER_NAME,
        source: `./${DIRECTORY}`,
        description: about(packageJson).description,
        category: "design",
      },
    ],
  };
}

function about(packageJson) {
  return {
    name: SERVER_NAME,
    version: packageJson.version,
    description:
      "Organise the assets of a Webflow site: uploads, alt texts, uses, tidying, moving from elsewhere.",
    author: author(packageJson),
    homepage: packageJson.homepage,
    repository: packageJson.repository.url.replace(/^git\+|\.git$/g, ""),
    license: packageJson.license,
    keywords: packageJson.keywords,
  };
}

function author(packageJson) {
  return { name: packageJson.name, url: packageJson.homepage.replace(/#.*$/, "") };
}

/** The version that the plugin was published with: an update of the plugin is an update of the server. */
function start({ name, version }) {
  return { command: "npx", args: ["-y", `${name}@${version}`] };
}
