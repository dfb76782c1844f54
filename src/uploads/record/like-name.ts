/**
 * Whether Webflow could have derived one file name from the other. Storages change case and Unicode form, replace or
 * encode what is not plain ASCII, and spell `.jpeg` as `.jpg`; the remaining letters and digits stay.
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
