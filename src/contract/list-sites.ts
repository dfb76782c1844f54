import * as z from "zod";

export const listSitesInput = z.strictObject({});

export const listSitesOutput = z.object({
  sites: z.array(z.object({ id: z.string(), name: z.string(), shortName: z.string().optional() })),
});

export type ListSitesRequest = z.output<typeof listSitesInput>;
export type ListSitesResult = z.input<typeof listSitesOutput>;
