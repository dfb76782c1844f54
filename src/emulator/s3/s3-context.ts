import type { Database } from "../database.js";
import type { ObjectUrls } from "../object-urls.js";
import type { EmulatorSwitches } from "../switches.js";

/** What the bucket needs of the emulator. */
export interface S3Context {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
  /** Of the account that forms are signed for. */
  readonly secretAccessKey: string;
}
