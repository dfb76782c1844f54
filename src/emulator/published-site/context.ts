import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { Database } from "../database/database.js";
import type { ObjectUrls } from "../urls/object-urls.js";

/** What the published site needs of the emulator. */
export interface PublishedSiteContext {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
}
