import { oneLine } from "../../core/text.js";
import type { Writable } from "../../core/writable.js";
import type { SitePage } from "../../webflow/data-api/content-responses.js";
import { reasonOf } from "../record/gaps.js";
import { type ContentParts, once } from "./list-steps.js";
import { idOf, readNode } from "./nodes.js";

/** The pages of a site as Webflow lists them, published or not. */
export interface SitePages {
  /** Reads the list in every locale, and reports the end, successful or not. */
  begin(onEnd: () => void): void;
  /** Reads the content of the pages whose current state visitors do not see, once it is known which those are. */
  readUnseen(): void;
  /** Where the pages of a collection's items are, with a path for each locale. */
  templatesOf(collectionId: string): readonly string[];
  /** Pages that show the items of a collection: Webflow gives no content of them. */
  readonly templates: readonly { readonly name: string; readonly paths: readonly string[] }[];
  readonly isListed: boolean;
  /** Pages of any kind, published or not. */
  readonly count: number;
  /** Pages that visitors may see and whose address Webflow does not state, so that they cannot be fetched. */
  readonly withoutAddress: readonly string[];
  /** Pages that are drafts, archived or on a branch, whose content was read. */
  readonly drafts: number;
}

export interface SitePagesParts extends ContentParts {
  readonly siteId: string;
  /** Milliseconds since the epoch; undefined if the site was never published. */
  readonly lastPublished: number | undefined;
  readonly onPath: (path: string) => void;
  /** Whether a page was read as visitors see it. */
  readonly hasRead: (path: string) => boolean;
}

/**
 * Pages that Webflow does not mark as changed are read as well if they are few: it is not documented whether every
 * change marks them, but a call for each of hundreds would take minutes.
 */
const FEW_PAGES = 40;
const SCOPE = "pages:read";

export function createSitePages(parts: SitePagesParts): SitePages {
  const { webflow, siteId, search, record, gaps, localeIds, steps } = parts;
  const pages = new Map<string, SitePage>();
  const templates = new Map<string, string[]>();

  function list(localeId: string | undefined, onEnd: () => void): void {
    steps.list({
      what: "pages",
      readPage: (page, call) => webflow.listPages(siteId, { ...page, localeId }, call),
      idOf,
      onEntry: (page) => take(page, localeId === undefined),
      onEnd: () => {
        listed.isListed = true;
        onEnd();
      },
      onFailure: (error) => {
        gaps.addSource(
          "pages that are not published, and pages that nothing links to",
          reasonOf(error, SCOPE),
        );
        onEnd();
      },
    });
  }

  function take(page: SitePage, isPrimary: boolean): void {
    const { collectionId, publishedPath } = page;
    if (isPrimary) pages.set(page.id, page);
    if (collectionId !== undefined) {
      const known = templates.get(collectionId) ?? [];
      if (publishedPath !== undefined) templates.set(collectionId, [...known, publishedPath]);
    } else if (isPublic(page) && publishedPath !== undefined) parts.onPath(publishedPath);
  }

  function readContent(page: SitePage): void {
    const name = nameOf(page);
    const kind = kindOf(page);
    const missed = once((why) => gaps.addOne(kind, name, why));
    const where = isPublic(page)
      ? { in: page.publishedPath ?? `page ${name}`, detail: "as it is edited" }
      : { in: `${kind} ${name}` };
    for (const localeId of localeIds) {
      steps.list({
        what: `content of ${kind} ${name}`,
        readPage: (nodes, call) => webflow.listPageNodes(page.id, { ...nodes, localeId }, call),
        idOf,
        onEntry: (node) => record.add(where, readNode(node, search)),
        onEnd: (count) => {
          if (localeId !== undefined) return;
          if (!isPublic(page)) listed.drafts += 1;
          if (count === 0) missed("Webflow gave no content of it");
        },
        onFailure: (error) => missed(reasonOf(error)),
      });
    }
  }

  const listed: Writable<SitePages> = {
    isListed: false,
    drafts: 0,
    begin(onEnd) {
      let left = localeIds.length;
      const ended = (): void => {
        left -= 1;
        if (left === 0) onEnd();
      };
      for (const localeId of localeIds) list(localeId, ended);
    },
    readUnseen() {
      const readable = [...pages.values()].filter(({ collectionId }) => collectionId === undefined);
      const unchanged = readable.filter((page) => isSeen(page) && !isChanged(page));
      for (const page of readable) {
        if (unchanged.length <= FEW_PAGES || !unchanged.includes(page)) readContent(page);
      }
    },
    templatesOf: (collectionId) => templates.get(collectionId) ?? [],
    get count() {
      return pages.size;
    },
    get withoutAddress() {
      return [...pages.values()].filter(lacksAddress).map(nameOf);
    },
    get templates() {
      return [...pages.values()].flatMap((page) => templateOf(page, templates) ?? []);
    },
  };
  return listed;

  function isSeen(page: SitePage): boolean {
    return isPublic(page) && page.publishedPath !== undefined && parts.hasRead(page.publishedPath);
  }

  function isChanged({ lastUpdated }: SitePage): boolean {
    return lastUpdated === undefined || lastUpdated > (parts.lastPublished ?? 0);
  }
}

function templateOf(page: SitePage, paths: ReadonlyMap<string, readonly string[]>) {
  if (page.collectionId === undefined) return undefined;
  return { name: nameOf(page), paths: paths.get(page.collectionId) ?? [] };
}

function lacksAddress(page: SitePage): boolean {
  return isPublic(page) && page.collectionId === undefined && page.publishedPath === undefined;
}

function isPublic({ draft, archived, isBranch }: SitePage): boolean {
  return !draft && !archived && !isBranch;
}

function kindOf({ draft, archived, isBranch }: SitePage): string {
  if (isBranch) return "branch page";
  if (draft) return "draft page";
  return archived ? "archived page" : "page";
}

function nameOf({ title, slug, id }: SitePage): string {
  return oneLine(title || slug || id, 80);
}
