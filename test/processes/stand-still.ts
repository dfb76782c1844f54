import { pathToFileURL } from "node:url";
import { startWatchdog } from "../../src/core/watchdog/watchdog.js";

/* A process with a watchdog whose event loop comes round for a moment and then no more: at once, or after it was told to end. */

const [script = "", isToldToEnd] = process.argv.slice(2);
const watchdog = startWatchdog(pathToFileURL(script));
if (isToldToEnd) watchdog.noteEnding();
setTimeout(() => {
  process.stdout.write(`${process.pid}\n`);
  setTimeout(() => {
    for (;;);
  }, 100);
}, 500);
