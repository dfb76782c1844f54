import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { Database } from "../database/database.js";
import type { ObjectUrls } from "../urls/object-urls.js";

/** What the bucket needs of the emulator. */
export interface S3Context {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
  /** Of the account that forms are signed for. */
  readonly secretAccessKey: string;
}
