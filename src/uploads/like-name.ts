/**
 * Whether Webflow could have made one file name of the other. Storages change case and Unicode form, replace what is not
 * plain ASCII, encode it, and spell `.jpeg` as `.jpg`; what is left of the letters and digits stays.
 */
export function isLikeName(own: string, sent: string): boolean {
  const [ownPlain, sentPlain] = [plain(own), plain(sent)];
  return (
    lettersOf(ownPlain.normalize("NFKD")) === lettersOf(sentPlain.normalize("NFKD")) ||
    lettersOf(ownPlain.normalize("NFC")) === lettersOf(sentPlain.normalize("NFC"))
  );
}

function plain(name: string): string {
  return decoded(name)
    .toLowerCase()
    .replace(/\.jpeg$/, ".jpg");
}

function lettersOf(name: string): string {
  return name.replace(/[^a-z0-9]/g, "");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
