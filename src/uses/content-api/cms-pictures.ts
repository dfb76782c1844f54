import * as z from "zod";

/** Pictures in one field of a collection's items. */
export interface PictureCount {
  pictures: number;
  /** Those without an alt text; an empty one means that the picture is decorative. */
  missingAlt: number;
}

const pictureSchema = z.object({ url: z.string(), alt: z.string().nullish() });
const IMAGE_IN_RICH_TEXT = /<img\b[^>]{0,5000}>/gi;
/** Webflow's marker for "the asset's own alt text"; in rich text, visitors get it literally. */
const INHERITED = "__wf_reserved_inherit";

/** Counts the pictures of an item: files of the CMS, not assets, which no listing of assets contains. */
export function countPictures(
  collection: { readonly name: string; readonly fields: ReadonlyMap<string, string> },
  fieldData: Readonly<Record<string, unknown>>,
  counts: Map<string, PictureCount>,
): void {
  for (const [slug, value] of Object.entries(fieldData)) {
    const alts = altsOf(value, collection.fields.get(slug));
    if (alts.length === 0) continue;
    const key = `${collection.name} / ${slug}`;
    const count = counts.get(key) ?? { pictures: 0, missingAlt: 0 };
    counts.set(key, count);
    count.pictures += alts.length;
    count.missingAlt += alts.filter((alt) => alt === undefined || alt === INHERITED).length;
  }
}

/** The alt text of each picture in a field's value. */
function altsOf(value: unknown, type: string | undefined): (string | undefined)[] {
  if (type === "Image" || type === "MultiImage") {
    return [value].flat().flatMap((one) => {
      const picture = pictureSchema.safeParse(one);
      return picture.success ? [picture.data.alt ?? undefined] : [];
    });
  }
  if (type !== "RichText" || typeof value !== "string") return [];
  return [...value.matchAll(IMAGE_IN_RICH_TEXT)].map(([tag]) => /\balt\s*=\s*"([^"]*)"/i.exec(tag)?.[1]);
}
