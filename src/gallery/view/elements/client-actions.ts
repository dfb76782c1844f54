import type { Host } from "../host/host.js";
import type { Announcer } from "./announcer.js";

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
      const refusal = "This app can’t receive messages from the gallery.";
      announcer.tell(isCopied ? `${refusal} The text was copied: paste it into the chat.` : refusal);
    },
    async copyUrl(url) {
      const isCopied = await copyText(url);
      announcer.tell(isCopied ? "URL copied." : "Copying is blocked here. Select the URL and copy it.");
    },
    async openLink(url) {
      if (!(await host.openLink(url))) announcer.tell("This app can’t open links. Copy the URL instead.");
    },
  };
}

/** Copies `text`; false when the client's sandbox forbids it. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Sandboxed frames often lack the clipboard permission, which the older command does not ask for. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
