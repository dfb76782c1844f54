import type { Library } from "../library.js";
import type { ObjectUrls } from "../object-urls.js";
import type { EmulatorSwitches } from "../switches.js";

/** What the bucket needs of the emulator. */
export interface S3Context {
  readonly library: Library;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
}
