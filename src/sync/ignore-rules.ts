import { matchPattern, type Pattern, parsePattern, segmentKey } from "./patterns.js";

/** Why an entry is left out although nobody excluded it, in the words of a plan. */
export const IGNORE_REASONS = {
  hidden: "hidden (the name begins with a dot)",
  placeholder: "in the cloud and not on this disk (download them first)",
  system: "left behind by the system or programs (included when include names them)",
  bundle: "libraries and packages of programs (included when include names them)",
  code: "installed code packages (included when include names them)",
} as const;

type Kind = keyof typeof IGNORE_REASONS;

export interface IgnoreRule {
  readonly kind: Kind;
  /** The rule that the name matches, as a pattern; `include` may name it to have such entries. */
  readonly rule: string;
}

/** What file systems, NAS devices (QNAP, Synology, NetApp), editors, browsers and ExifTool leave behind. */
const SYSTEM = [
  "#recycle",
  "@Recycle",
  "@Recently-Snapshot",
  "$RECYCLE.BIN",
  "RECYCLER",
  "System Volume Information",
  "FOUND.[0-9][0-9][0-9]",
  "lost+found",
  "@eaDir",
  "@tmp",
  "@__thumb",
  "#snapshot",
  "~snapshot",
  "Network Trash Folder",
  "Temporary Items",
  "TheVolumeSettingsFolder",
  "Thumbs.db",
  "Thumbs.db:encryptable",
  "ehthumbs.db",
  "ehthumbs_vista.db",
  "desktop.ini",
  "Picasa.ini",
  "ZbThumbnail.info",
  "Icon\r",
  "~$*",
  "*~",
  "*_original",
  "*.tmp",
  "*.temp",
  "*.part",
  "*.partial",
  "*.crdownload",
  "*.download",
  "*.opdownload",
  "*.swp",
];
/** Directories that macOS and Lightroom show as one file: nobody chose what is in them. */
const BUNDLES = [
  "*.photoslibrary",
  "*.photolibrary",
  "*.migratedphotolibrary",
  "*.aplibrary",
  "*.lrdata",
  "*.lrlibrary",
  "*.cocatalog",
  "*.imovielibrary",
  "*.fcpbundle",
  "*.theater",
  "*.tvlibrary",
  "*.musiclibrary",
  "*.app",
  "*.bundle",
  "*.framework",
  "*.rtfd",
  "*.sparsebundle",
  "*.backupbundle",
  "iPod Photo Cache",
];
const CODE = ["node_modules", "bower_components", "venv", "__pycache__", "site-packages"];

const RULES = [...rulesOf("system", SYSTEM), ...rulesOf("bundle", BUNDLES), ...rulesOf("code", CODE)];

/** The rule by which an entry of this name is left out of a sync; undefined for what people made. */
export function ignoreRuleFor(name: string): IgnoreRule | undefined {
  // iCloud Drive on macOS: `.photo.jpg.icloud` stands for a file whose bytes were evicted from the disk.
  if (/^\..+\.icloud$/i.test(name)) return { kind: "placeholder", rule: name };
  if (name.startsWith(".")) return { kind: "hidden", rule: name };
  const path = [segmentKey(name)];
  return RULES.find(({ pattern }) => matchPattern(pattern, path) !== undefined);
}

function rulesOf(kind: Kind, rules: readonly string[]): (IgnoreRule & { pattern: Pattern })[] {
  return rules.map((rule) => ({
    kind,
    rule,
    pattern: parsePattern(rule, { roots: [], starTakesFilesOnly: false }),
  }));
}
