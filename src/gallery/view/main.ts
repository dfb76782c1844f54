import { createGalleryScreen, type GalleryScreen } from "./assets/gallery-screen.js";
import { readAssetPage } from "./data/asset.js";
import { type Filters, readFilters } from "./data/filters.js";
import { createAnnouncer } from "./elements/announcer.js";
import { button } from "./elements/buttons.js";
import { connectivityNotice } from "./elements/connectivity.js";
import { useLocale } from "./elements/format.js";
import { createFullscreenButton } from "./elements/fullscreen-button.js";
import { loadingGrid } from "./elements/loading-grid.js";
import { failurePanel, messagePanel } from "./elements/message-panel.js";
import { textField } from "./elements/read-fields.js";
import type { Screen } from "./elements/screen.js";
import { connectHost, type HostContext } from "./host/host.js";
import { reportSize } from "./host/report-size.js";
import { applyTheme } from "./host/theme.js";
import type { ToolResult } from "./host/tool-result.js";
import { createJobScreen } from "./jobs/job-screen.js";

const root = document.getElementById("gallery") ?? document.body;
const announcer = createAnnouncer();
const place = document.createElement("div");
let screen: Screen | undefined;
let filters: Filters = {};
/** The site that the assistant named, if it did. */
let siteId: string | undefined;

const host = connectHost(window.parent, {
  context: applyContext,
  toolInput(args) {
    filters = readFilters(args);
    siteId = textField(args, "siteId");
  },
  toolResult: showResult,
  toolCancelled() {
    show({
      element: messagePanel("close", "Cancelled", "The request was cancelled.", browseButton()),
    });
  },
  silent() {
    const text = "The gallery needs an app that supports MCP Apps.";
    show({ element: messagePanel("image", "Nothing to show here", text) });
  },
  teardown: () => screen?.leave?.(),
});
const surroundings = { host, announcer };
const fullscreen = createFullscreenButton(host);

root.append(connectivityNotice(), fullscreen.element, place, announcer.element);
show({ element: loadingGrid() });
reportSize(host);

function applyContext(context: HostContext): void {
  applyTheme(context);
  useLocale(context["locale"], context["timeZone"]);
  fullscreen.show(context);
}

function show(next: Screen): void {
  screen?.leave?.();
  screen = next;
  place.replaceChildren(next.element);
}

function showResult(result: ToolResult): void {
  const { data, error } = result;
  if (error !== undefined) show({ element: failurePanel(error, browseButton()) });
  else if (Array.isArray(data["assets"])) browse().open(readAssetPage(result), filters);
  else if (isJob(data)) showJob(data);
  else show({ element: failurePanel("There is nothing to show in this result.", browseButton()) });
}

function showJob(data: Record<string, unknown>): void {
  siteId = textField(data, "siteId") ?? siteId;
  show(createJobScreen(data, surroundings, (folder) => browse().load({ folder })));
}

function isJob(data: Record<string, unknown>): boolean {
  return "job" in data || "results" in data || "plan" in data;
}

function browse(): GalleryScreen {
  const gallery = createGalleryScreen(surroundings, siteId);
  show(gallery);
  return gallery;
}

function browseButton(): HTMLElement {
  return button("Browse assets", "primary", () => browse().load(filters));
}
