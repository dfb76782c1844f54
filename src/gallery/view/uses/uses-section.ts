import { button, setEnabled } from "../elements/buttons.js";
import { element, foreignText } from "../elements/dom.js";
import { readFailure } from "../elements/failure-text.js";
import { type AssetUses, verdictText } from "./asset-uses.js";

interface UsesActions {
  readonly uses: () => Promise<AssetUses>;
  /** Deletes the asset for good; undefined where nothing can be deleted. Throws with the reason when it was not done. */
  readonly remove: ((evenIfUsed: boolean) => Promise<void>) | undefined;
}

/** Tells where an asset is used once somebody asks, and asks with that before the asset is deleted. */
export function usesSection(actions: UsesActions): HTMLElement {
  const told = element("div", { class: "uses", role: "status" });
  const question = element("div", {
    class: "question",
    role: "group",
    "aria-label": "Deletion",
    hidden: true,
  });
  const find = button("Where is it used?", "plain", () => void look(), "search");
  const remove = button("Delete…", "plain", () => void ask());

  async function look(): Promise<AssetUses | undefined> {
    setEnabled(find, false);
    setEnabled(remove, false);
    told.replaceChildren(element("p", {}, "Looking through the site…"));
    try {
      const found = await actions.uses();
      told.replaceChildren(usesText(found, () => void look()));
      return found;
    } catch (error) {
      told.replaceChildren(failureText("Its uses could not be checked.", error));
      return undefined;
    } finally {
      setEnabled(find, true);
      setEnabled(remove, true);
    }
  }

  async function ask(): Promise<void> {
    const found = await look();
    const isUsed = found?.verdict === "used";
    const what = isUsed ? "Pages that use it break." : "Whatever uses it all the same breaks.";
    const keep = button("Keep it", "plain", () => close());
    const agree = button("Delete for good", "plain", () => void removeNow(isUsed));
    agree.classList.add("danger");
    const buttons = element("div", { class: "actions" }, keep, agree);
    question.replaceChildren(element("p", {}, `Delete this asset from Webflow for good? ${what}`), buttons);
    question.hidden = false;
    keep.focus();
  }

  function close(): void {
    question.hidden = true;
    remove.focus();
  }

  async function removeNow(evenIfUsed: boolean): Promise<void> {
    question.replaceChildren(element("p", {}, "Deleting…"));
    try {
      await actions.remove?.(evenIfUsed);
    } catch (error) {
      question.replaceChildren(failureText("It was not deleted.", error));
      remove.focus();
    }
  }

  return element(
    "section",
    { class: "uses-section", "aria-label": "Uses" },
    element("div", { class: "actions" }, find, actions.remove && remove),
    told,
    question,
  );
}

function usesText(uses: AssetUses, goOn: () => void): HTMLElement {
  const { places, more, notRead, isReading } = uses;
  const items = places.map((place) => element("li", {}, foreignText(place)));
  if (more > 0) items.push(element("li", {}, `and ${more} more`));
  const gaps = notRead.map((gap) => element("li", {}, foreignText(gap, 500)));
  return element(
    "div",
    {},
    element("p", {}, verdictText(uses)),
    items.length > 0 && element("ul", {}, ...items),
    isReading && button("Go on", "plain", goOn),
    gaps.length > 0 &&
      element("details", {}, element("summary", {}, "What was not read"), element("ul", {}, ...gaps)),
  );
}

function failureText(what: string, error: unknown): HTMLElement {
  const { what: why, next } = readFailure(error instanceof Error ? error.message : String(error));
  return element("p", { class: "danger" }, foreignText([what, why, next].filter(Boolean).join(" "), 800));
}
