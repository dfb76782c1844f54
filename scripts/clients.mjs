/** How clients start the published package: the one source of the install links, `server.json` and the `.mcpb` bundle. */
export const SERVER_NAME = "webflow-assets";
export const START = { command: "npx", args: ["-y", "webflow-assets-mcp"] };

/** What a client asks its user for. None is required: without a token the server starts and says what to do. */
export const SETTINGS = [
  {
    name: "WEBFLOW_TOKEN",
    key: "token",
    title: "Webflow token",
    description:
      "Site token: Site settings > Apps & integrations > API access, with Assets: read and write, Sites: read",
    isSecret: true,
  },
  {
    name: "WEBFLOW_SITE_ID",
    key: "site",
    title: "Site id",
    description: "Only needed when the token sees several sites",
  },
  {
    name: "WEBFLOW_ASSET_DIRS",
    key: "directories",
    title: "Directories",
    description: "Directories that local files may come from, separated by : (on Windows by ;)",
  },
];

/** Installs in VS Code, which asks for the settings and keeps the token in its secret store. */
export function vsCodeLink() {
  const inputs = SETTINGS.map(({ name, description, isSecret = false }) => ({
    type: "promptString",
    id: name,
    description,
    password: isSecret,
  }));
  const env = Object.fromEntries(SETTINGS.map(({ name }) => [name, `\${input:${name}}`]));
  const query = new URLSearchParams({
    name: SERVER_NAME,
    inputs: JSON.stringify(inputs),
    config: JSON.stringify({ type: "stdio", ...START, env }),
  });
  return `https://insiders.vscode.dev/redirect/mcp/install?${query}`.replaceAll("+", "%20");
}

/** Installs in Cursor, which has no questions: the token is filled in afterwards. */
export function cursorLink() {
  const env = { WEBFLOW_TOKEN: "your-site-token" };
  const config = Buffer.from(JSON.stringify({ ...START, env })).toString("base64");
  return `https://cursor.com/en/install-mcp?${new URLSearchParams({ name: SERVER_NAME, config })}`;
}
