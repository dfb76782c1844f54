import { button, setEnabled } from "../elements/buttons.js";
import { element, foreignText } from "../elements/dom.js";
import { failureLine } from "../elements/failure-text.js";
import { type AssetUses, verdictText } from "./asset-uses.js";

interface UsesActions {
  readonly uses: () => Promise<AssetUses>;
  /** Deletes the asset for good; undefined where nothing can be deleted. Throws the reason if it fails. */
  readonly remove: ((evenIfUsed: boolean) => Promise<void>) | undefined;
}

/** Shows where an asset is used on request, and asks before it is deleted. */
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
    told.replaceChildren(element("p", {}, "Searching the site…"));
    try {
      const found = await actions.uses();
      told.replaceChildren(usesText(found, () => void look()));
      return found;
    } catch (error) {
      told.replaceChildren(failureText("Couldn’t check where it is used.", error));
      return undefined;
    } finally {
      setEnabled(find, true);
      setEnabled(remove, true);
    }
  }

  async function ask(): Promise<void> {
    const found = await look();
    const isUsed = found?.verdict === "used";
    const what = isUsed ? "Pages that use it will break." : "Anything that still uses it will break.";
    const keep = button("Keep", "plain", () => close());
    const agree = button("Delete permanently", "plain", () => void removeNow(isUsed));
    agree.classList.add("danger");
    const buttons = element("div", { class: "actions" }, keep, agree);
    question.replaceChildren(
      element("p", {}, `Permanently delete this asset from Webflow? ${what}`),
      buttons,
    );
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
      question.replaceChildren(failureText("The asset was not deleted.", error));
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
    isReading && button("Continue", "plain", goOn),
    gaps.length > 0 &&
      element("details", {}, element("summary", {}, "Not searched"), element("ul", {}, ...gaps)),
  );
}

function failureText(what: string, error: unknown): HTMLElement {
  return element("p", { class: "danger" }, foreignText(`${what} ${failureLine(error)}`, 800));
}
