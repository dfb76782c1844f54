import { textField } from "../elements/read-fields.js";
import { ASSET_KINDS, type Asset, type AssetKind, kindOf, lacksAltText } from "./asset.js";

/** What the gallery shows, in the arguments of `listAssets`. */
export interface Filters {
  readonly folder?: string | undefined;
  readonly query?: string | undefined;
  readonly type?: AssetKind | undefined;
  readonly missingAltText?: boolean | undefined;
  /** Filters that have no control here: kept as the assistant gave them. */
  readonly kept?: { readonly folderId?: string; readonly minSize?: number } | undefined;
}

/** The filters of the call that opened the gallery. */
export function readFilters(args: Record<string, unknown>): Filters {
  const { folderId, minSize } = args;
  return {
    folder: textField(args, "folder"),
    query: textField(args, "query"),
    type: ASSET_KINDS.find((kind) => kind === args["type"]),
    missingAltText: args["missingAltText"] === true,
    kept: {
      ...(typeof folderId === "string" && { folderId }),
      ...(typeof minSize === "number" && { minSize }),
    },
  };
}

/** As arguments of `listAssets`, which takes no empty ones. */
export function filterArguments({ folder, query, type, missingAltText, kept }: Filters): object {
  return {
    ...kept,
    ...(folder && { folder }),
    ...(query && { query }),
    ...(type && { type }),
    ...(missingAltText && { missingAltText }),
  };
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(filterArguments(filters)).length > 0;
}

/** Whether the asset passes, for a client that cannot ask the server. */
export function matches(asset: Asset, { folder, query, type, missingAltText }: Filters): boolean {
  const text = folded(query ?? "");
  return (
    (!folder || asset.folder === folder || asset.folder?.startsWith(`${folder}/`) === true) &&
    (!type || kindOf(asset) === type) &&
    (!missingAltText || lacksAltText(asset)) &&
    [asset.name, asset.altText ?? ""].some((own) => folded(own).includes(text))
  );
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
