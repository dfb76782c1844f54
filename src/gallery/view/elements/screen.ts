import type { Host } from "../host/host.js";
import type { Announcer } from "./announcer.js";

/** What every screen of the view works with. */
export interface Surroundings {
  readonly host: Host;
  readonly announcer: Announcer;
}

/** One of the things the view can show. */
export interface Screen {
  readonly element: HTMLElement;
  /** Called when another screen takes its place, or the client takes the view away. */
  leave?(): void;
}
