import type { Host } from "../host/host.js";
import type { Announcer } from "./announcer.js";
import { copyText } from "./clipboard.js";

/** What the view asks of the client for the user, with a word about how it went. */
export interface ClientActions {
  /** Says `text` in the conversation; `done` is what the user hears then. */
  say(text: string, done: string): Promise<void>;
  copyUrl(url: string): Promise<void>;
  openLink(url: string): Promise<void>;
}

export function createClientActions(host: Host, announcer: Announcer): ClientActions {
  return {
    async say(text, done) {
      if (await host.say(text)) return announcer.tell(done);
      const isCopied = await copyText(text);
      const refusal = "This client takes no messages from the gallery";
      announcer.tell(isCopied ? `${refusal}: the text was copied for you to paste.` : `${refusal}.`);
    },
    async copyUrl(url) {
      const isCopied = await copyText(url);
      announcer.tell(isCopied ? "URL copied." : "Copying is blocked here: select the URL and copy it.");
    },
    async openLink(url) {
      if (!(await host.openLink(url))) announcer.tell("This client opens no links: copy the URL instead.");
    },
  };
}
