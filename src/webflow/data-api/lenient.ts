import * as z from "zod";

/*
 * Answers are read leniently: one odd record must not spoil a list. A null is the same as an absent field, as the SDK
 * has it for the fields that it knows.
 */

/** A text; anything else counts as absent. */
export const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

/** The readable entries of a list, and how many others it has. */
function listOf<Entry extends z.ZodType>(entry: Entry) {
  return z.array(z.unknown()).transform((all): { entries: z.output<Entry>[]; unreadable: number } => {
    const entries = all.flatMap((one) => {
      const parsed = entry.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    });
    return { entries, unreadable: all.length - entries.length };
  });
}

/** The readable entries of a list that has to be there. */
export function entriesOf<Entry extends z.ZodType>(entry: Entry) {
  return listOf(entry).transform(({ entries }) => entries);
}

/** Like `entriesOf`, but empty if there is no list. */
export function entriesWithin<Entry extends z.ZodType>(entry: Entry) {
  return entriesOf(entry)
    .nullish()
    .catch(undefined)
    .transform((entries) => entries ?? []);
}

const paginationSchema = z
  .object({
    total: z.union([
      z.int().nonnegative(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ]),
  })
  .nullish()
  .catch(undefined);

/** One page of a list. Webflow may return less than was asked for, and leave the pagination out. */
export interface ListPage<Entry> {
  readonly entries: readonly Entry[];
  /** Entries that do not match Webflow's documentation. */
  readonly unreadable: number;
  /** How many there are on all pages, according to the server. */
  readonly total: number | undefined;
}

/** The answer of a list whose entries are under `key`. */
export function listPageSchema<Entry extends z.ZodType>(key: string, entry: Entry) {
  const list = listOf(entry);
  return z
    .looseObject({ pagination: paginationSchema })
    .transform((answer, context): ListPage<z.output<Entry>> => {
      const parsed = list.safeParse(answer[key]);
      if (parsed.success) return { ...parsed.data, total: answer.pagination?.total };
      context.addIssue(`there are no ${key}`);
      return z.NEVER;
    });
}
