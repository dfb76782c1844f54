import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Frame, Page } from "playwright-core";
import { picture } from "../../builders/pictures.js";
import { patient } from "../../slowness.js";

/** A tool's answer as the MCP server gives it to the client. */
export interface ToolAnswer {
  readonly content?: unknown;
  readonly structuredContent?: object;
  readonly isError?: boolean;
  readonly _meta?: object;
}

export type CallTool = (name: string, args: Record<string, unknown>) => ToolAnswer | Promise<ToolAnswer>;

export interface HostOptions {
  /** The view; the one of the build when left out. */
  readonly html?: string;
  readonly callTool?: CallTool;
  /** What the host tells of itself in `ui/initialize`. */
  readonly context?: object;
  /** What the resource's `_meta.ui.csp.resourceDomains` has; the host's own pictures when left out. */
  readonly resourceDomains?: readonly string[];
  /** Methods that the host answers with "Method not found". */
  readonly missing?: readonly string[];
  /** Methods that the host never answers. */
  readonly silent?: readonly string[];
  /** Whether `ui/message` takes a list of content blocks, as the types have it, or one block, as the prose has it. */
  readonly takesMessageLists?: boolean;
  /** Whether a success carries `error: null` as well, as JSON-RPC 1.0 has it and some serializers write it. */
  readonly sendsNulls?: boolean;
  readonly width?: number;
  /** The frame's `sandbox` attribute; without it there is none. */
  readonly sandbox?: string;
  /** A fixed height of the frame; without it the frame follows the view's size. */
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

interface Message {
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly id?: unknown;
}

/** A page that shows the gallery as a client does: in a frame of another origin, under the CSP of the resource. */
export interface GalleryHost {
  readonly page: Page;
  readonly view: Frame;
  /** Where the pictures of the test come from. */
  readonly picturesUrl: string;
  /** Everything that the browser complained about. */
  readonly complaints: readonly string[];
  notify(method: string, params: object): Promise<void>;
  request(method: string, params: object): Promise<void>;
  /** Hands over the arguments and the answer of the assistant's call. */
  showAnswer(answer: ToolAnswer, args?: object): Promise<void>;
  /** As `showAnswer`, for an answer that went well. */
  show(structuredContent: object, args?: object): Promise<void>;
  /** What the view has sent, by method; without one its answers. */
  sent(method?: string): Promise<Message[]>;
  /** Resolves when the view has sent a message of this method; gives the latest. */
  waitFor(method: string): Promise<Message>;
  close(): Promise<void>;
}

/** For whatever a test waits for. */
const TIMEOUT_MS = patient(10_000);
/** How long the view waits for the answer of a client that does not shake hands. */
const HANDSHAKE_MS = patient(5_000);
const GALLERY = new URL("../../../dist/gallery.html", import.meta.url);
const HOST_PAGE = new URL("./host.html", import.meta.url);

export async function openGallery(browser: Browser, options: HostOptions = {}): Promise<GalleryHost> {
  const server = await serve(options.html ?? (await readFile(GALLERY, "utf8")), options.resourceDomains);
  const { port } = server.address() as AddressInfo;
  const hostUrl = `http://127.0.0.1:${port}`;
  const page = await browser.newPage({
    viewport: { width: options.width ?? 760, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? "light",
  });
  page.setDefaultTimeout(TIMEOUT_MS);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const neverShakesHands = options.silent?.includes("ui/initialize") ?? false;
  if (neverShakesHands) await page.clock.install();
  await page.exposeFunction("callTool", options.callTool ?? (() => ({ structuredContent: {} })));
  await page.goto(hostUrl);
  const settings = {
    context: options.context ?? {},
    missing: options.missing ?? [],
    silent: options.silent ?? [],
    takesMessageLists: options.takesMessageLists ?? true,
    sendsNulls: options.sendsNulls ?? false,
    height: options.height ?? 600,
    sandbox: options.sandbox,
    isFlexible: options.height === undefined,
    viewUrl: `http://localhost:${port}/view`,
  };
  await page.evaluate(`window.options = ${JSON.stringify(settings)}; start()`);

  const send = (message: object): Promise<void> => page.evaluate(`send(${JSON.stringify(message)})`);

  async function sent(method?: string): Promise<Message[]> {
    const messages = await page.evaluate<Message[]>("received");
    return messages.filter((message) => message.method === method);
  }

  async function waitFor(method: string): Promise<Message> {
    await page.waitForFunction(`received.some(({ method }) => method === ${JSON.stringify(method)})`);
    const latest = (await sent(method)).at(-1);
    if (!latest) throw new Error(`The view did not send ${method}`);
    return latest;
  }

  async function showAnswer(answer: ToolAnswer, args: object = {}): Promise<void> {
    await send({ method: "ui/notifications/tool-input", params: { arguments: args } });
    await send({ method: "ui/notifications/tool-result", params: answer });
  }

  if (neverShakesHands) {
    await waitFor("ui/initialize");
    await page.clock.fastForward(HANDSHAKE_MS);
  }
  await waitFor("ui/notifications/initialized");
  const view = page.frame({ url: settings.viewUrl });
  if (!view) throw new Error("The view is not shown");
  return {
    page,
    view,
    picturesUrl: `${hostUrl}/pictures`,
    complaints,
    notify: (method, params) => send({ method, params }),
    request: (method, params) => send({ id: "host-1", method, params }),
    showAnswer,
    show(structuredContent, args) {
      const content = [{ type: "text", text: JSON.stringify(structuredContent) }];
      return showAnswer({ content, structuredContent }, args);
    },
    sent,
    waitFor,
    async close() {
      await page.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function serve(view: string, resourceDomains: readonly string[] | undefined): Promise<Server> {
  const hostPage = await readFile(HOST_PAGE);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    if (pathname.startsWith("/pictures/")) {
      response.setHeader("content-type", "image/svg+xml").end(picture(pathname));
      return;
    }
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (pathname !== "/view") {
      response.end(hostPage);
      return;
    }
    const { port } = server.address() as AddressInfo;
    const domains = resourceDomains ?? [`http://127.0.0.1:${port}`];
    response.setHeader("content-security-policy", contentSecurityPolicy(domains)).end(view);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** MCP Apps 2026-01-26, "Content Security Policy Enforcement". */
function contentSecurityPolicy(resourceDomains: readonly string[]): string {
  const resources = resourceDomains.join(" ");
  return [
    "default-src 'none'",
    `script-src 'self' 'unsafe-inline' ${resources}`,
    `style-src 'self' 'unsafe-inline' ${resources}`,
    "connect-src 'self'",
    `img-src 'self' data: ${resources}`,
    `font-src 'self' ${resources}`,
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'self'",
  ].join("; ");
}
