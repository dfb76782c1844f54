import type { ContentUrls, EmulatedField, FieldData } from "../database/content-records.js";
import { withUrls } from "../urls/content-urls.js";
import { escapeHtml, picture } from "./html.js";

/** What an item's page shows of its fields. */
export function renderFields(
  fieldData: FieldData,
  fields: readonly Pick<EmulatedField, "slug" | "type">[],
  urls: ContentUrls,
): string {
  return fields.map(({ slug, type }) => renderField(type, withUrls(fieldData[slug], urls))).join("\n");
}

function renderField(type: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  switch (type) {
    case "Image":
      return renderFile(value, picture);
    case "MultiImage":
      return Array.isArray(value) ? value.map((file) => renderFile(file, picture)).join("") : "";
    case "File":
    case "ExtFileRef":
      return renderFile(value, (url) => `<a href="${escapeHtml(url)}">Download</a>`);
    case "RichText":
      return `<div class="w-richtext">${value}</div>`;
    case "Link":
      return `<a href="${escapeHtml(String(value))}">More</a>`;
    default:
      return `<div>${escapeHtml(typeof value === "object" ? JSON.stringify(value) : String(value))}</div>`;
  }
}

function renderFile(value: unknown, render: (url: string, attributes: { alt: string }) => string): string {
  if (typeof value !== "object" || value === null || !("url" in value)) return "";
  const alt = "alt" in value && typeof value.alt === "string" ? value.alt : "";
  return render(String(value.url), { alt });
}
