import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { type Emulator, startEmulator } from "../emulator/emulator.js";
import { type Origin, startOrigin } from "./origin.js";
import { createReport, type Report } from "./report.js";

interface Picture {
  readonly file: string;
  readonly folder: string;
  readonly altText: string;
}

const PICTURES: readonly Picture[] = [
  { file: "harbour.jpg", folder: "Universal Assets", altText: "A harbour at dusk" },
  { file: "meadow.jpg", folder: "English Assets", altText: "A meadow in the morning" },
  { file: "dunes.png", folder: "English Assets", altText: "Dunes under a red sun" },
  { file: "forest.webp", folder: "English Assets", altText: "A forest of firs" },
  { file: "night.png", folder: "French Assets", altText: "Mountains at night" },
  { file: "lagoon.webp", folder: "French Assets", altText: "A lagoon at noon" },
  { file: "dawn.avif", folder: "French Assets", altText: "Hills at dawn" },
];
const FOLDERS = ["Universal Assets", "English Assets", "French Assets"];
const LOCAL_FILE = "team-photo.png";
const NESTED_FOLDER = "Universal Assets/Team/2026";

interface UploadAnswer {
  readonly status: string;
  readonly asset: {
    readonly id: string;
    readonly url: string;
    readonly contentType: string;
    readonly fileName: string;
  };
}

/** Calls a tool and returns its structured result; throws what the tool answered if it failed. */
type CallTool = (name: string, args: Record<string, unknown>) => Promise<unknown>;

/** The main job from end to end, with the built server, shown to a person. Resolves to the exit code. */
export async function runDemo(serverFile: string): Promise<number> {
  const report = createReport();
  const directory = await mkdtemp(join(tmpdir(), "webflow-assets-demo-"));
  const emulator = await startEmulator();
  const origin = await startOrigin(
    new Map(PICTURES.map(({ file }) => [withoutExtension(file), imageUrl(file)])),
  );
  const client = new Client({ name: "demo", version: "1.0.0" });
  try {
    await copyFile(imageUrl(LOCAL_FILE), join(directory, LOCAL_FILE));
    report.title("An assistant organises the assets of an emulated Webflow site");
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [serverFile, directory],
        env: {
          WEBFLOW_TOKEN: emulator.token,
          WEBFLOW_API_BASE_URL: emulator.apiBaseUrl,
          WEBFLOW_UPLOAD_HOSTS: emulator.uploadHost,
          WEBFLOW_URL_HOSTS: `${origin.host},${emulator.siteHost}`,
          WEBFLOW_LOG_LEVEL: "error",
        },
      }),
    );
    const { tools } = await client.listTools();
    report.step(`The server offers ${tools.length} tools: ${tools.map(({ name }) => name).join(", ")}`);
    await organise(report, toolCaller(client), origin, emulator);
  } catch (error) {
    report.failed(error instanceof Error ? error.message : String(error));
  } finally {
    await client.close();
    await Promise.all([origin.close(), emulator.close(), rm(directory, { recursive: true })]);
  }
  return report.close();
}

async function organise(report: Report, callTool: CallTool, origin: Origin, emulator: Emulator) {
  report.title("Folders");
  for (const path of [...FOLDERS, NESTED_FOLDER]) {
    const { created } = (await callTool("ensureFolder", { path })) as { created: string[] };
    report.step(`ensureFolder "${path}": created ${created.join(", ") || "nothing"}`);
  }

  report.title("Seven pictures by URL, whose names have no extension");
  for (const picture of PICTURES) {
    const asset = await uploadPicture(callTool, origin, picture, "uploaded");
    report.uploaded(`${picture.folder}/${asset.fileName} (${asset.contentType})`);
    await verify(report, asset.url, picture.file);
  }

  report.title("One local file into a nested folder");
  const local = (await callTool("uploadAsset", {
    source: LOCAL_FILE,
    folder: NESTED_FOLDER,
    altText: "Two colleagues",
  })) as UploadAnswer;
  report.local(`${NESTED_FOLDER}/${local.asset.fileName}`);
  await verify(report, local.asset.url, LOCAL_FILE);

  report.title("The same again: nothing is doubled");
  for (const picture of PICTURES) {
    const { fileName } = await uploadPicture(callTool, origin, picture, "reused");
    report.reused(`${picture.folder}/${fileName}`);
  }

  report.title("A link that leads to a sign-in page instead of a picture");
  await expectRefusal(report, callTool, `${origin.baseUrl}/private.png`);

  report.title("A picture that a page shows is not deleted");
  emulator.publish({ path: "/team", html: (urls) => `<img src="${urls.asset(local.asset.id)}"/>` });
  await expectInUse(report, callTool, local.asset.id);

  report.title("What the site holds now");
  const { folders } = (await callTool("listFolders", {})) as { folders: { path: string; assets: number }[] };
  for (const { path, assets } of folders)
    report.step(`${path}: ${assets} ${assets === 1 ? "asset" : "assets"}`);
  const total = folders.reduce((sum, { assets }) => sum + assets, 0);
  const isWhole = total === PICTURES.length + 1 && folders.length === 5;
  report.check(`${total} assets in ${folders.length} folders`, isWhole);
}

async function uploadPicture(
  callTool: CallTool,
  origin: Origin,
  { file, folder, altText }: Picture,
  expected: string,
): Promise<UploadAnswer["asset"]> {
  const source = `${origin.baseUrl}/${withoutExtension(file)}?w=640`;
  const { status, asset } = (await callTool("uploadAsset", { source, folder, altText })) as UploadAnswer;
  if (status !== expected) throw new Error(`${file} came back as ${status} instead of ${expected}`);
  return asset;
}

/** Compares what the emulated CDN serves with the source, byte for byte. */
async function verify(report: Report, url: string, file: string): Promise<void> {
  const served = Buffer.from(await (await fetch(url)).arrayBuffer());
  const source = await readFile(imageUrl(file));
  report.verified(file, served.equals(source), createHash("md5").update(served).digest("hex"));
}

async function expectRefusal(report: Report, callTool: CallTool, source: string): Promise<void> {
  try {
    await callTool("uploadAsset", { source });
  } catch (error) {
    report.refused(error instanceof Error ? error.message : String(error));
    return;
  }
  throw new Error(`${source} should have been refused`);
}

/** The refusal names the page that the picture is on. */
async function expectInUse(report: Report, callTool: CallTool, assetId: string): Promise<void> {
  const { failed } = (await callTool("deleteAssets", { assetIds: [assetId], confirm: true })) as {
    failed: { error: string }[];
  };
  const error = failed[0]?.error ?? "it was deleted";
  report.check(`kept      ${error}`, error.startsWith("[IN_USE]") && error.includes("/team"));
}

function toolCaller(client: Client): CallTool {
  return async (name, args) => {
    const result = await client.callTool({ name, arguments: args });
    if (!result.isError) return result.structuredContent;
    const [block] = result.content as { text?: string }[];
    throw new Error(block?.text ?? `${name} failed without a text`);
  };
}

function withoutExtension(file: string): string {
  return basename(file).replace(/\.[^.]+$/, "");
}

/** The pictures are in `images/`, next to this file's source and next to the bundle. */
function imageUrl(file: string): URL {
  return new URL(`./images/${file}`, import.meta.url);
}

/** The built server next to the running bundle. */
export function builtServer(): string {
  return fileURLToPath(new URL("./main.js", import.meta.url));
}
