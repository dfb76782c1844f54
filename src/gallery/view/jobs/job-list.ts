import { button } from "../elements/buttons.js";
import { cut, element, foreignText } from "../elements/dom.js";
import { readFailure } from "../elements/failure-text.js";
import { formatCount } from "../elements/format.js";
import type { JobItem } from "./job.js";

/** The files of a job, failures first; rows are updated in place. */
export interface JobList {
  readonly element: HTMLElement;
  show(items: readonly JobItem[]): void;
}

interface Row {
  readonly element: HTMLElement;
  show(item: JobItem): void;
}

const SHOWN = 100;

/** The words for each status of an item. */
export const STATUS_NAMES: Readonly<Record<string, string>> = {
  uploaded: "Uploaded",
  reused: "Already on the site",
  planned: "Would be uploaded",
  pending: "Waiting",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
  new: "New",
  changed: "Changed",
  same: "Unchanged",
  onlyOnSite: "Only on the site",
};

export function createJobList(): JobList {
  const list = element("ul", { class: "job-list", "aria-label": "Files" });
  const footer = element("footer", { class: "more" });
  const rows: Row[] = [];
  let limit = SHOWN;
  let items: readonly JobItem[] = [];

  function show(next: readonly JobItem[]): void {
    items = [...next.filter(isFailure), ...next.filter((item) => !isFailure(item))];
    for (const [index, item] of items.slice(0, limit).entries()) rowAt(index).show(item);
    for (const row of rows.splice(Math.min(items.length, limit))) row.element.remove();
    const left = items.length - limit;
    const all = button(`Show all files (${formatCount(left)} more)`, "plain", showAll);
    footer.hidden = left <= 0;
    footer.replaceChildren(...(left > 0 ? [all] : []));
  }

  function rowAt(index: number): Row {
    const row = rows[index] ?? createRow();
    if (!rows[index]) {
      rows.push(row);
      list.append(row.element);
    }
    return row;
  }

  function showAll(): void {
    limit = Number.POSITIVE_INFINITY;
    show(items);
  }

  return { element: element("div", {}, list, footer), show };
}

function createRow(): Row {
  const name = element("span", { class: "job-name" });
  const status = element("span", { class: "job-status" });
  const bar = element("span", { class: "bar" }, element("span", {}));
  const remarks = element("div", { class: "job-remarks" });
  const row = element("li", { class: "job-row" }, name, status, bar, remarks);
  let shown: JobItem | undefined;
  return {
    element: row,
    show(item) {
      if (isSame(item, shown)) return;
      shown = item;
      row.dataset["status"] = item.status;
      name.title = cut(item.source, 500);
      name.replaceChildren(foreignText(item.name, 200));
      status.textContent = STATUS_NAMES[item.status] ?? item.status;
      remarks.replaceChildren(...remarksOf(item));
    },
  };
}

function isSame(item: JobItem, shown: JobItem | undefined): boolean {
  return (
    item.source === shown?.source &&
    item.status === shown.status &&
    item.error === shown.error &&
    item.notes.join() === shown.notes.join()
  );
}

function remarksOf({ error, notes }: JobItem): HTMLElement[] {
  const told = notes.map((text) => element("p", { dir: "auto" }, cut(text, 600)));
  if (error === undefined) return told;
  const { what, next } = readFailure(error);
  const reason = element("p", { class: "danger", dir: "auto" }, cut(what, 600));
  return [reason, ...(next ? [element("p", { dir: "auto" }, cut(next, 600))] : []), ...told];
}

function isFailure({ status }: JobItem): boolean {
  return status === "failed" || status === "refused";
}
