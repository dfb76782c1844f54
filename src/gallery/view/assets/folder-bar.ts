import { ancestry, childFolders, type FolderCounts } from "../data/folders.js";
import { element, foreignText } from "../elements/dom.js";
import { formatCount } from "../elements/format.js";
import { icon } from "../elements/icons.js";

/** Where the user is in the folder tree, and the folders below. */
export interface FolderBar {
  readonly breadcrumb: HTMLElement;
  readonly children: HTMLElement;
  show(folders: FolderCounts, folder: string | undefined): void;
  /** Where the user is, as the place for a focus that lost its own. */
  here(): HTMLElement;
}

/** More folders than this are shown on demand; narrow views have about one in a row. */
const SHOWN = 12;
const SHOWN_IN_NARROW = 4;
const NARROW = "(width < 480px)";

export function createFolderBar(go: (folder: string | undefined) => void): FolderBar {
  const trail = element("ol", {});
  const breadcrumb = element("nav", { class: "breadcrumb", "aria-label": "Folder" }, trail);
  const children = element("nav", { class: "folders", "aria-label": "Folders here", hidden: true });

  let shown: readonly unknown[] = [];

  function crumb(name: string | undefined, path: string | undefined, isCurrent: boolean): HTMLElement {
    const label = name === undefined ? "All assets" : foreignText(name, 80);
    const link = element("button", { type: "button", class: "crumb", onclick: () => go(path) }, label);
    if (isCurrent) link.setAttribute("aria-current", "page");
    return element("li", {}, link);
  }

  return {
    breadcrumb,
    children,
    here: () => trail.querySelector<HTMLElement>("[aria-current]") ?? breadcrumb,
    show(folders, folder) {
      if (shown[0] === folders && shown[1] === folder) return;
      shown = [folders, folder];
      const ancestors = ancestry(folder);
      trail.replaceChildren(
        crumb(undefined, undefined, ancestors.length === 0),
        ...ancestors.map(({ name, path }, index) => crumb(name, path, index === ancestors.length - 1)),
      );
      const below = childFolders(folders, folder);
      const chips = below.map(({ path, name, assets }) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", class: "chip", onclick: () => go(path) },
            icon("folder"),
            foreignText(name, 60),
            assets !== undefined && element("span", { class: "chip-count" }, formatCount(assets)),
          ),
        ),
      );
      children.hidden = chips.length === 0;
      const count = matchMedia(NARROW).matches ? SHOWN_IN_NARROW : SHOWN;
      children.replaceChildren(element("ul", {}, ...chips.slice(0, count)));
      if (chips.length > count) children.append(rest(chips.slice(count)));
    },
  };
}

function rest(chips: HTMLElement[]): HTMLElement {
  return element(
    "details",
    {},
    element("summary", {}, `${formatCount(chips.length)} more folders`),
    element("ul", {}, ...chips),
  );
}
