import { expect, test } from "vitest";
import { describeInChromium, screenshot } from "./browser.js";
import type { CallTool, GalleryHost, ToolAnswer } from "./host/gallery-host.js";

type Status = "pending" | "uploaded" | "reused" | "failed" | "cancelled";

describeInChromium("a job in the gallery", (openGallery) => {
  test("shows every file, what failed first and why", async () => {
    const gallery = await openGallery({ callTool: () => new Promise(() => {}) });

    await gallery.show(job(["uploaded", "failed", "pending", "reused"]));

    const rows = await gallery.view.locator(".job-row").allInnerTexts();
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain("photo-1.jpg");
    expect(rows[0]).toContain("The file has 6.1 MB; Webflow takes 4 MB.");
    expect(rows[0]).toContain("Make it smaller.");
    expect(await doneOf(gallery)).toBe("3 of 4 files");
    await screenshot(gallery.page, "job");
  });

  test("follows the job until it is done", async () => {
    const answers = [job(["uploaded", "pending"]), job(["uploaded", "uploaded"], "done")];
    const asked: object[] = [];
    const gallery = await openGallery({
      callTool(name, args) {
        asked.push({ name, ...args });
        return { structuredContent: answers.shift() ?? {} };
      },
    });

    await gallery.show(job(["pending", "pending"]));

    await gallery.view.getByRole("heading", { name: "2 files done" }).waitFor();
    expect(asked).toEqual(Array(2).fill({ name: "uploadStatus", job: "job-1" }));
    expect(await doneOf(gallery)).toBe("2 of 2 files");
  });

  test("changes rows in place, so that nothing jumps under the eye", async () => {
    const { callTool, answer } = answersOnDemand();
    const gallery = await openGallery({ callTool });
    await gallery.show(job(["pending", "pending"]));
    await gallery.view.evaluate("document.querySelector('.job-row').isFirst = true");

    answer({ structuredContent: job(["uploaded", "pending"]) });

    await gallery.view.getByText("Uploaded", { exact: true }).waitFor();
    expect(await gallery.view.evaluate("document.querySelector('.job-row').isFirst")).toBe(true);
  });

  test("cancels the job", async () => {
    const asked: object[] = [];
    const gallery = await openGallery({
      callTool(_name, args) {
        asked.push(args);
        if (!args["cancel"]) return new Promise(() => {});
        return { structuredContent: job(["uploaded", "cancelled"], "cancelled") };
      },
    });
    await gallery.show(job(["uploaded", "pending"]));

    await gallery.view.getByRole("button", { name: "Cancel" }).click();

    await gallery.view.getByRole("heading", { name: "Upload cancelled" }).waitFor();
    expect(asked).toContainEqual({ job: "job-1", cancel: true });
  });

  test("stops following the job when the client removes the view", async () => {
    const { callTool, answer } = answersOnDemand();
    const gallery = await openGallery({ callTool });
    await gallery.show(job(["pending"]));
    await gallery.waitFor("tools/call");

    await gallery.request("ui/resource-teardown", {});
    answer({ structuredContent: job(["uploaded"], "done") });
    await gallery.page.waitForFunction("answered.includes('tools/call')");
    await gallery.request("ping", {});
    await gallery.page.waitForFunction("received.filter(({ id }) => id === 'host-1').length === 2");

    expect(await gallery.view.locator(".job-row").innerText()).toContain("Waiting");
  });

  test("shows what a sync would do", async () => {
    const gallery = await openGallery();

    await gallery.show({
      siteId: "65f0aa000000000000000001",
      folder: { path: "Campaigns/Spring" },
      plan: { new: 1, same: 120, changed: 1, refused: 1, onlyOnSite: 1 },
      files: [
        { path: "web/hero.jpg", status: "new" },
        { path: "web/team.jpg", status: "changed", notes: ["The older asset stays for pages that use it."] },
        { path: "tool.exe", status: "refused", error: "[TYPE_NOT_SUPPORTED] A program. Next: leave it out." },
        { path: "old.png", status: "onlyOnSite" },
      ],
    });

    await gallery.view.getByRole("heading", { name: "Sync preview" }).waitFor();
    expect(await gallery.view.getByRole("progressbar").count()).toBe(0);
    const counts = await gallery.view.locator(".counts li").allInnerTexts();
    expect(counts).toContain("120 unchanged");
    expect(await gallery.view.locator(".job-row").first().innerText()).toContain("tool.exe");
    await screenshot(gallery.page, "sync");
  });

  test("leads from a finished sync to its folder", async () => {
    const asked: object[] = [];
    const gallery = await openGallery({
      callTool(name, args) {
        asked.push({ name, ...args });
        return { structuredContent: { assets: [], folders: [], total: 0 } };
      },
    });
    await gallery.show({
      ...job(["uploaded"], "done"),
      folder: { path: "Blog" },
      plan: { new: 1 },
      files: [],
    });

    await gallery.view.getByRole("button", { name: "Browse assets" }).click();

    await gallery.view.getByText("No results").waitFor();
    expect(asked[0]).toMatchObject({ name: "showGallery", folder: "Blog" });
  });
});

function job(statuses: readonly Status[], status = "running"): Record<string, unknown> {
  const count = (wanted: Status): number => statuses.filter((one) => one === wanted).length;
  const error = "[FILE_TOO_LARGE] The file has 6.1 MB; Webflow takes 4 MB. Next: make it smaller.";
  return {
    job: "job-1",
    status,
    total: statuses.length,
    uploaded: count("uploaded"),
    reused: count("reused"),
    planned: 0,
    failed: count("failed"),
    cancelled: count("cancelled"),
    pending: count("pending"),
    results: statuses.map((one, index) => ({
      source: `/pictures/spring/photo-${index}.jpg`,
      status: one,
      ...(one === "failed" && { error }),
    })),
  };
}

function doneOf(gallery: GalleryHost): Promise<string | null> {
  return gallery.view.getByRole("progressbar").getAttribute("aria-valuetext");
}

/** A tool that answers when the test says so. */
function answersOnDemand(): { callTool: CallTool; answer(answer: ToolAnswer): void } {
  const waiting: ((answer: ToolAnswer) => void)[] = [];
  return {
    callTool: () => new Promise((resolve) => waiting.push(resolve)),
    answer: (answer) => waiting.shift()?.(answer),
  };
}
