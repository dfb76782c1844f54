/**
 * How base64 may hold a text, wherever in its data the text begins, in both alphabets (RFC 4648): only the characters
 * that nothing but the text decides.
 */
export function base64Spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const own = encoded.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
