import { START } from "./clients.mjs";
import { loadTypeScript } from "./load-typescript.mjs";

const DIRECTORY = "~/Pictures/website";

/** The part of docs/install.md that follows from the sources: for each client its file, its text, and what to know. */
export async function clientSections() {
  const { CLIENTS } = await loadTypeScript("src/cli/clients/clients.ts");
  const { textWithEntry } = await loadTypeScript("src/cli/clients/merge-entry.ts");
  return Object.entries(CLIENTS)
    .map(([name, client]) => {
      const entry = { ...START, args: [...START.args, DIRECTORY], env: { WEBFLOW_TOKEN: client.token } };
      return [
        `### ${client.title}`,
        `\`config ${name}\` · ${places(client)}`,
        `\`\`\`${client.format}\n${onFewLines(textWithEntry(client, entry))}\n\`\`\``,
        ...(client.hints.length > 0 ? [client.hints.join(" ")] : []),
      ].join("\n\n");
    })
    .join("\n\n");
}

/** Where the file lies, once for all systems where it is the same place on each. */
function places(client) {
  const on = (platform) =>
    client.file({ platform, home: "~", workingDirectory: ".", environment: { APPDATA: "%APPDATA%" } });
  const [mac, linux, windows] = ["darwin", "linux", "win32"].map(on);
  const onWindows = `\`${windows.replaceAll("/", "\\")}\``;
  if (linux === windows) return `\`${mac}\``;
  if (mac === linux) return `\`${mac}\`, on Windows ${onWindows}`;
  return `macOS \`${mac}\` · Linux \`${linux}\` · Windows ${onWindows}`;
}

/** Lists of texts on one line each: a page is read, not merged. */
function onFewLines(text) {
  return text
    .trim()
    .replace(/\[\n\s+("[^[\]{}]*")\n\s+\]/g, (_, items) => `[${items.replace(/,\n\s+/g, ", ")}]`);
}
