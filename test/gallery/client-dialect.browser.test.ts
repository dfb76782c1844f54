import { expect, test } from "vitest";
import { listedAsset, listing } from "../builders/listing.js";
import { describeInChromium, screenshot } from "./browser.js";
import type { GalleryHost, ToolAnswer } from "./host/gallery-host.js";

describeInChromium("the gallery and the client that shows it", (openGallery) => {
  test("shakes hands in the dialect of 2026-01-26", async () => {
    const gallery = await openGallery();

    const [request] = await gallery.sent("ui/initialize");
    expect(request?.params).toMatchObject({
      protocolVersion: "2026-01-26",
      appInfo: { name: "webflow-assets-gallery" },
      appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
    });
    expect(await gallery.sent("ui/notifications/initialized")).toHaveLength(1);
  });

  test("says that it is loading until the result comes", async () => {
    const gallery = await openGallery();

    await gallery.view.getByText("Loading…").waitFor({ state: "attached" });
    await screenshot(gallery.page, "loading");
  });

  test("draws the assets of a result, with their alt texts", async () => {
    const gallery = await openGallery();

    await gallery.show(threeAssets(gallery));

    await gallery.view.getByRole("img", { name: "A picture of team meeting 2" }).waitFor();
    expect(
      await gallery.view
        .getByRole("listitem")
        .filter({ has: tileOf(gallery) })
        .count(),
    ).toBe(3);
  });

  test("reads the result from its text where a client drops the structured content", async () => {
    const gallery = await openGallery();

    await gallery.showAnswer({
      content: [{ type: "text", text: JSON.stringify(threeAssets(gallery)) }],
    });

    await gallery.view.getByText("3 assets", { exact: true }).first().waitFor();
  });

  test("grows to its content, so that nothing scrolls inside", async () => {
    const gallery = await openGallery();

    await gallery.show(listing(Array.from({ length: 50 }, (_, index) => assetOf(gallery, index))));
    await gallery.view.locator(".tile").nth(49).waitFor();

    await gallery.page.waitForFunction("frame.clientHeight > 1500");
    expect(await gallery.view.evaluate("document.documentElement.scrollHeight <= innerHeight")).toBe(true);
  });

  test("takes over theme and colours, and changes of them", async () => {
    const variables = { "--color-text-primary": "rgb(1, 2, 3)" };
    const gallery = await openGallery({ context: { theme: "light", styles: { variables } } });
    const colour = (): Promise<unknown> => gallery.view.evaluate("getComputedStyle(document.body).color");
    const background = "getComputedStyle(document.documentElement).backgroundColor";
    expect(await colour()).toBe("rgb(1, 2, 3)");
    const light = await gallery.view.evaluate(background);

    await gallery.notify("ui/notifications/host-context-changed", { theme: "dark" });

    await gallery.view.waitForFunction(`${background} !== "${light}"`);
    expect(await colour()).toBe("rgb(1, 2, 3)");
  });

  test("answers the client's requests, and refuses those it does not know", async () => {
    const gallery = await openGallery();

    for (const method of ["ping", "ui/resource-teardown", "ui/unheard-of"]) await gallery.request(method, {});

    await gallery.page.waitForFunction("received.filter(({ id }) => id === 'host-1').length === 3");
    const answers = (await gallery.sent()).filter(({ id }) => id === "host-1");
    expect(answers).toMatchObject([{ result: {} }, { result: {} }, { error: { code: -32601 } }]);
  });

  test("says what failed and what to do next", async () => {
    const gallery = await openGallery();
    const text = "[UNAUTHORIZED] Webflow refused the token. Next: set WEBFLOW_TOKEN to a token of this site.";

    await gallery.showAnswer({ isError: true, content: [{ type: "text", text }] });

    const alert = gallery.view.getByRole("alert");
    expect(await alert.getByRole("heading").textContent()).toBe("Webflow refused the token.");
    expect(await alert.textContent()).toContain("Set WEBFLOW_TOKEN to a token of this site.");
    await screenshot(gallery.page, "error");
  });

  test("offers to load the assets after a cancelled call", async () => {
    const gallery = await openGallery({
      callTool: (name) => (name === "showGallery" ? { structuredContent: listing([]) } : {}),
    });

    await gallery.notify("ui/notifications/tool-cancelled", { reason: "user" });
    await gallery.view.getByRole("heading", { name: "Cancelled" }).waitFor();
    await screenshot(gallery.page, "cancelled");
    await gallery.view.getByRole("button", { name: "Browse assets" }).click();

    await gallery.view.getByText("No assets yet").waitFor();
    await screenshot(gallery.page, "empty");
  });

  test("shows results even if the client never answers the handshake", async () => {
    const gallery = await openGallery({ silent: ["ui/initialize"] });

    await gallery.show(threeAssets(gallery));

    await gallery.view.getByText("hero-1.jpg").waitFor();
  });

  test("takes a result for one although the client writes an error of null beside it", async () => {
    const gallery = await openGallery({
      sendsNulls: true,
      callTool: (name) => (name === "showGallery" ? { structuredContent: listing([]) } : {}),
    });

    await gallery.notify("ui/notifications/tool-cancelled", { reason: "user" });
    await gallery.view.getByRole("button", { name: "Browse assets" }).click();

    await gallery.view.getByText("No assets yet").waitFor();
  });

  test("says so where no client answers at all", async () => {
    const gallery = await openGallery({ silent: ["ui/initialize"] });

    await gallery.view.getByText("Nothing to show here").waitFor();
  });

  test("filters what it has where the client passes no calls on", async () => {
    const gallery = await openGallery({ missing: ["tools/call"] });
    await gallery.show(threeAssets(gallery));

    await gallery.view.getByRole("searchbox").fill("MEETING");

    await gallery.view.getByText("1 asset", { exact: true }).first().waitFor();
    expect(await gallery.view.getByText("hero-1.jpg").count()).toBe(0);
    await gallery.view.getByText("only the assets that the assistant loaded").waitFor();
    await gallery.view.getByRole("searchbox").fill("");
    await gallery.view.getByText("hero-1.jpg").waitFor();
  });

  test("says why a search failed, and tries again", async () => {
    const text = "[RATE_LIMITED] Webflow takes no more calls for now. Next: wait a minute.";
    const answers: ToolAnswer[] = [{ isError: true, content: [{ type: "text", text }] }];
    const gallery = await openGallery({
      callTool: (name) => (name === "showGallery" && answers.shift()) || { structuredContent: listing([]) },
    });
    await gallery.show(threeAssets(gallery));

    await gallery.view.getByRole("searchbox").fill("hero");
    await gallery.view.getByRole("alert").getByText("Wait a minute.").waitFor();
    await gallery.view.getByRole("button", { name: "Try again" }).click();

    await gallery.view.getByText("No results").waitFor();
    expect(await gallery.view.locator("[aria-current=page]").evaluate(HAS_FOCUS)).toBe(true);
  });

  test("hands selected assets over as a message", async () => {
    const gallery = await openGallery();

    const text = await messageAboutTwo(gallery);

    expect(text).toContain("Use these 2 Webflow assets");
    expect(text).toContain(assetOf(gallery, 0).id);
    expect(text).toContain("harbour-at-dawn-3.jpg");
  });

  test("sends the message as one block to a client that takes no list", async () => {
    const gallery = await openGallery({ takesMessageLists: false });

    expect(await messageAboutTwo(gallery)).toContain("Use these 2 Webflow assets");
    await gallery.view.getByText("Selection sent to the assistant.").first().waitFor({ state: "attached" });
    expect((await gallery.waitFor("ui/message")).params?.["content"]).toMatchObject({ type: "text" });
  });

  test("says so where the client takes no messages", async () => {
    const gallery = await openGallery({ missing: ["ui/message"] });

    await messageAboutTwo(gallery);

    await gallery.view.getByText("This app can’t receive messages").first().waitFor({ state: "attached" });
  });

  test("opens an asset's URL through the client", async () => {
    const gallery = await openGallery();
    await gallery.show(threeAssets(gallery));

    await gallery.view.getByRole("button", { name: /hero-1/ }).click();
    await gallery.view.getByRole("link", { name: "Open in browser" }).click();

    expect((await gallery.waitFor("ui/open-link")).params).toEqual({ url: assetOf(gallery, 0).url });
  });

  test("fills the window where the client offers it", async () => {
    const gallery = await openGallery({ context: { availableDisplayModes: ["inline", "fullscreen"] } });

    await gallery.view.getByRole("button", { name: "Full screen" }).click();
    await gallery.view.getByRole("button", { name: "Exit full screen" }).waitFor();

    expect((await gallery.waitFor("ui/request-display-mode")).params).toEqual({ mode: "fullscreen" });
  });
});

const HAS_FOCUS = (element: object): boolean =>
  (element as { matches(it: string): boolean }).matches(":focus");

function assetOf(gallery: GalleryHost, index: number): ReturnType<typeof listedAsset> {
  return listedAsset(index, gallery.picturesUrl);
}

function threeAssets(gallery: GalleryHost): ReturnType<typeof listing> {
  return listing([assetOf(gallery, 0), assetOf(gallery, 1), assetOf(gallery, 2)]);
}

function tileOf(gallery: GalleryHost): ReturnType<GalleryHost["view"]["locator"]> {
  return gallery.view.locator(".tile");
}

/** Selects the first and the third asset and hands them over; gives the content of the message as JSON. */
async function messageAboutTwo(gallery: GalleryHost): Promise<string> {
  await gallery.show(threeAssets(gallery));
  await gallery.view.getByRole("checkbox", { name: "Select hero-1.jpg" }).check();
  await gallery.view.getByRole("checkbox", { name: "Select harbour-at-dawn-3.jpg" }).check();
  await gallery.view.getByText("2 assets selected").waitFor();
  await gallery.view.getByRole("button", { name: "Use in the conversation" }).click();
  return JSON.stringify((await gallery.waitFor("ui/message")).params?.["content"]);
}
