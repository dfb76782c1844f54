import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncFolderRequest } from "../../src/contract/sync-folder.js";
import { createPlanPages, type PlanPages, type SyncPlan } from "../../src/sync/plan-pages.js";
import { codeOf } from "../builders/outcome.js";

const REQUEST: SyncFolderRequest = { directory: "/photos", folder: "Photos", apply: false };

type Status = SyncPlan["files"][number]["status"];

function aPlan(count: number, statusOf: (index: number) => Status = () => "changed"): SyncPlan {
  return {
    siteId: "site",
    folder: { path: "Photos" },
    plan: { new: 0, same: 0, changed: count, refused: 0, onlyOnSite: 0 },
    files: Array.from({ length: count }, (_, index) => ({
      path: `photo ${index}.jpg`,
      status: statusOf(index),
      notes: ["A note that has to be read, too, and which makes a page full before long."],
    })),
  };
}

let pages: PlanPages;

beforeEach(() => {
  vi.useFakeTimers();
  pages = createPlanPages();
});

afterEach(() => vi.useRealTimers());

/** The cursor after the first page of a plan with more pages. */
function cursorOf(request = REQUEST): string {
  const { nextCursor } = pages.first(request, aPlan(1_000));
  if (nextCursor === undefined) throw new Error("The plan has only one page.");
  return nextCursor;
}

function next(cursor: string, request = REQUEST) {
  return codeOf(Promise.resolve().then(() => pages.next(request, cursor)));
}

describe("a plan", () => {
  it("has one page where it is short", () => {
    const plan = aPlan(3);
    expect(pages.first(REQUEST, plan)).toEqual(plan);
  });

  it("is told completely and without repetition, page by page", () => {
    const plan = aPlan(1_000);
    const told: string[] = [];
    let page = pages.first(REQUEST, plan);
    let count = 1;
    for (; ; count += 1) {
      expect(page).toMatchObject({ siteId: "site", folder: plan.folder, plan: plan.plan });
      told.push(...page.files.map(({ path }) => path));
      if (page.nextCursor === undefined) break;
      page = pages.next(REQUEST, page.nextCursor);
    }
    expect(told).toEqual(plan.files.map(({ path }) => path));
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThan(20);
  });

  it("begins with what was refused, and ends with what is new, each in its order", () => {
    const statuses: Status[] = ["new", "onlyOnSite", "refused", "changed", "new", "refused"];
    const plan = aPlan(statuses.length, (index) => statuses[index] ?? "new");
    expect(pages.first(REQUEST, plan).files.map(({ path }) => path)).toEqual(
      [2, 5, 1, 3, 0, 4].map((index) => `photo ${index}.jpg`),
    );
    expect(plan.files[0]?.path).toBe("photo 0.jpg");
  });

  it("leaves room for the report of an upload on its first page", () => {
    const alone = pages.first(REQUEST, aPlan(1_000)).files.length;
    const besideReport = pages.first({ ...REQUEST, apply: true }, aPlan(1_000)).files.length;
    expect(besideReport).toBeGreaterThan(10);
    expect(besideReport).toBeLessThan(alone / 3);
  });
});

describe("a cursor", () => {
  it("is refused after half an hour, when the directory may be another one", async () => {
    const cursor = cursorOf();
    vi.advanceTimersByTime(30 * 60_000 - 1);
    expect(await next(cursor)).toBe("no error");
    vi.advanceTimersByTime(1);
    expect(await next(cursor)).toBe("INVALID_INPUT");
  });

  it.each([
    ["directory", { directory: "/other" }],
    ["folder", { folder: "Other" }],
    ["folder by its id", { folder: undefined, folderId: "65f0aa00000000000000001f" }],
    ["site", { siteId: "65f0aa00000000000000001f" }],
  ])("is refused for another %s", async (_, change) => {
    const cursor = cursorOf();
    expect(await next(cursor)).toBe("no error");
    expect(await next(cursor, { ...REQUEST, ...change })).toBe("INVALID_INPUT");
  });

  it("is refused where it is damaged", async () => {
    const cursor = cursorOf();
    const [id] = cursor.split("-");
    for (const damaged of ["", "-", `${id}`, `${id}-`, `${id}-x`, `${id}-1x`, `${id}-x1`, `x${cursor}`])
      expect(await next(damaged)).toBe("INVALID_INPUT");
  });

  it("is good for the four most recent plans of more than one page", async () => {
    const cursors = Array.from({ length: 5 }, () => cursorOf());
    pages.first(REQUEST, aPlan(3));
    const codes = await Promise.all(cursors.map((cursor) => next(cursor)));
    expect(codes).toEqual(["INVALID_INPUT", "no error", "no error", "no error", "no error"]);
  });
});
