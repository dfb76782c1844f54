import * as z from "zod";

export const listSitesInput = z.strictObject({});

export const listSitesOutput = z.object({
  sites: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      shortName: z.string().optional(),
      locales: z
        .array(z.object({ id: z.string(), tag: z.string(), name: z.string(), primary: z.boolean() }))
        .optional(),
    }),
  ),
  notes: z.array(z.string()).optional(),
});

export type ListSitesResult = z.input<typeof listSitesOutput>;
