import { button, setEnabled } from "../elements/buttons.js";
import { element, keepFocus } from "../elements/dom.js";
import { formatCount, formatCounted } from "../elements/format.js";
import { failurePanel } from "../elements/message-panel.js";
import type { Screen, Surroundings } from "../elements/screen.js";
import { followJob, type JobFollower } from "./follow-job.js";
import { finished, type Job, readJob } from "./job.js";
import { createJobList, STATUS_NAMES } from "./job-list.js";

/** An upload of many files, or a sync: how far it is, and what became of each file. */
export function createJobScreen(
  data: Record<string, unknown>,
  { host, announcer }: Surroundings,
  browse: (folder: string | undefined) => void,
): Screen {
  const opening = readJob(data);
  const list = createJobList();
  const title = element("h2", { class: "job-title" });
  const fill = element("span", {});
  const progress = element(
    "div",
    { class: "bar total", role: "progressbar", "aria-label": "Files done" },
    fill,
  );
  const counts = element("ul", { class: "counts" });
  const notice = element("div", {});
  const actions = element("div", { class: "actions" });
  const cancel = button("Cancel", "plain", stopJob);
  const browseAssets = button("Browse assets", "primary", () => browse(opening.plan?.folder));
  let follower: JobFollower | undefined;
  let ending = "";

  function show(update: Job): void {
    // uploadStatus knows nothing of a sync's plan.
    const job = { ...update, plan: update.plan ?? opening.plan };
    const done = finished(job);
    title.textContent = titleOf(job);
    progress.setAttribute("aria-valuemax", String(job.total));
    progress.setAttribute("aria-valuenow", String(done));
    progress.setAttribute("aria-valuetext", `${formatCount(done)} of ${formatCounted(job.total, "file")}`);
    list.element.classList.toggle("is-plan", job.id === undefined);
    progress.hidden = job.id === undefined;
    fill.style.width = `${job.total === 0 ? 100 : (100 * done) / job.total}%`;
    counts.replaceChildren(...countChips(job));
    list.show(job.items);
    const isRunning = job.status === "running";
    keepFocus(
      actions,
      () => browseAssets,
      () => actions.replaceChildren(isRunning ? cancel : browseAssets),
    );
    const isEnding = !isRunning && ending !== title.textContent;
    ending = isRunning ? "" : title.textContent;
    if (isEnding) announcer.whisper(title.textContent);
  }

  function follow(job: Job): void {
    follower?.stop();
    notice.replaceChildren();
    let latest = job;
    follower = followJob(host, job, {
      changed(update) {
        latest = update;
        show(update);
      },
      lost: (reason) => lose(latest, reason),
    });
  }

  function lose(job: Job, reason: string): void {
    const again = button("Try again", "primary", () => follow(job));
    notice.replaceChildren(failurePanel(reason, again));
  }

  function stopJob(): void {
    setEnabled(cancel, false);
    follower?.cancel();
  }

  show(opening);
  // The cursor of a sync goes through its plan.
  const isPartial = opening.nextCursor !== undefined && opening.plan === undefined;
  if (opening.id !== undefined && (opening.status === "running" || isPartial)) follow(opening);

  return {
    element: element(
      "div",
      { class: "job-screen" },
      element("header", { class: "job-head" }, title, actions),
      progress,
      counts,
      notice,
      list.element,
    ),
    leave: () => follower?.stop(),
  };
}

function titleOf(job: Job): string {
  const files = formatCounted(job.total, "file");
  if (job.status === "running") return `Uploading ${files}`;
  if (job.status === "cancelled") return "Upload cancelled";
  if (job.plan && job.id === undefined) return "Sync preview";
  if (job.counts.get("planned")) return `${files} checked`;
  return job.counts.get("failed") ? `${files}, some failed` : `${files} done`;
}

function countChips({ plan, counts }: Job): HTMLElement[] {
  const shown = new Map([...(plan?.counts ?? []), ...counts]);
  return Object.entries(STATUS_NAMES).flatMap(([status, name]) => {
    const count = shown.get(status);
    if (!count) return [];
    const words = ` ${name.toLowerCase()}`;
    return [element("li", { "data-status": status }, element("strong", {}, formatCount(count)), words)];
  });
}
