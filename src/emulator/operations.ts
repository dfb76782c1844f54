/** The three services behind the emulator's one port. */
export type Service = "api" | "s3" | "cdn";

/** What a request asks for. */
export type Operation =
  | "listSites"
  | "getSite"
  | "listAssets"
  | "createAsset"
  | "getAsset"
  | "updateAsset"
  | "deleteAsset"
  | "listFolders"
  | "createFolder"
  | "getFolder"
  | "introspect"
  | "authorizedBy"
  | "unknownRoute"
  | "postObject"
  | "getObject";
