import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type ListedAsset, listedAsset, listing } from "../builders/listing.js";
import { describeInChromium, screenshot } from "./browser.js";

const MAX_BYTES = 200_000;
const SCHEMES = ["light", "dark"] as const;
const COLOURS = {
  light: { page: "#ffffff", text: "#1f1f1e", bubble: "#f0eee6", tool: "#6b6a66" },
  dark: { page: "#262624", text: "#f2f1ec", bubble: "#3a3936", tool: "#a5a49e" },
};
const QUESTION = "Which pictures in Campaigns/Spring have no alt text?";
const CALL = "webflow-assets · showGallery";
const ANSWER =
  "Three of the eight have none: they are marked. Shall I look at each and propose a text, in German as on your pages?";
const NAMES =
  "harbour-at-dawn market-stall spring-banner team-in-the-garden tulips old-bridge workshop blossom".split(
    " ",
  );
const WITHOUT_ALT_TEXT = [1, 4, 6];

test("the README shows the conversation in light and dark, each in less than 200 kB", async () => {
  const readme = await readFile("README.md", "utf8");
  for (const scheme of SCHEMES) {
    const file = `docs/conversation-${scheme}.png`;
    expect(readme).toContain(`"${file}"`);
    expect((await readFile(file)).length).toBeLessThan(MAX_BYTES);
  }
});

function photo(index: number, picturesUrl: string): ListedAsset {
  const { altText, ...asset } = listedAsset(index, picturesUrl);
  return {
    ...asset,
    name: `${NAMES[index]}.jpg`,
    contentType: "image/jpeg",
    size: 180_000 + index * 97_000,
    url: `${picturesUrl}/${NAMES[index]}.svg`,
    folder: "Campaigns/Spring",
    ...(!WITHOUT_ALT_TEXT.includes(index) && { altText: altText ?? "Described" }),
  };
}

/** Run with GALLERY_SCREENSHOTS set, it writes those pictures. */
describeInChromium("what the README's picture of a conversation shows", (openGallery) => {
  test.each(
    SCHEMES,
  )("is a question, the gallery as its answer, and what comes next, in %s colours", async (scheme) => {
    const gallery = await openGallery({ width: 860, height: 500, colorScheme: scheme });
    await gallery.show(listing(NAMES.map((_, index) => photo(index, gallery.picturesUrl))), {
      folder: "Campaigns/Spring",
    });
    await gallery.view.getByText("No alt text").nth(2).waitFor();
    await gallery.view.evaluate(
      "Promise.all([...document.images].map((image) => image.decode().catch(() => 0)))",
    );
    await gallery.page.evaluate(
      `(${putIntoConversation})(${JSON.stringify({ ...COLOURS[scheme], QUESTION, CALL, ANSWER })})`,
    );
    await gallery.page.getByText(QUESTION).waitFor();
    await screenshot(gallery.page, `conversation-${scheme}`);
  });
});

/** Runs in the page: the frame becomes the answer in a conversation. */
const putIntoConversation = `function (c) {
  const line = (text, style) => {
    const element = document.createElement("p");
    element.textContent = text;
    element.style.cssText = style;
    return element;
  };
  const frame = document.querySelector("iframe");
  document.body.style.cssText =
    "margin:0;padding:24px 28px;background:" + c.page + ";color:" + c.text + ";font:16px/1.5 system-ui,sans-serif";
  frame.style.cssText += ";display:block;width:100%;border:0";
  const bubble = "margin:0 0 18px auto;width:fit-content;padding:10px 16px;border-radius:16px;background:" + c.bubble;
  document.body.prepend(line(c.QUESTION, bubble), line(c.CALL, "margin:0 0 10px;font-size:13px;color:" + c.tool));
  document.body.append(line(c.ANSWER, "margin:14px 0 0"));
}`;
