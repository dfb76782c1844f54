import * as z from "zod";
import { assetId, siteId } from "./fields.js";

export const viewAssetInput = z.strictObject({ assetId, siteId });

export type ViewAssetRequest = z.output<typeof viewAssetInput>;
