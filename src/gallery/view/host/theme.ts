import type { HostContext } from "./host.js";
import { asRecord } from "./rpc.js";

/** Takes over the client's colours, fonts and theme; whatever it leaves out stays as the style sheet has it. */
export function applyTheme(context: HostContext): void {
  const root = document.documentElement;
  const { theme, styles, safeAreaInsets } = context;
  if (theme === "light" || theme === "dark") root.style.colorScheme = theme;
  const { variables, css } = asRecord(styles);
  for (const [name, value] of Object.entries(asRecord(variables))) {
    if (name.startsWith("--") && typeof value === "string") root.style.setProperty(name, value);
  }
  applyFonts(asRecord(css)["fonts"]);
  for (const [side, inset] of Object.entries(asRecord(safeAreaInsets))) {
    if (typeof inset === "number") root.style.setProperty(`--inset-${side}`, `${inset}px`);
  }
}

function applyFonts(rules: unknown): void {
  if (typeof rules !== "string" || document.getElementById("host-fonts")) return;
  const sheet = document.createElement("style");
  sheet.id = "host-fonts";
  sheet.textContent = rules;
  document.head.append(sheet);
}
