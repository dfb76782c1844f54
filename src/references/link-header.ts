const LINKS = /<([^<>]*)>((?:\s*;\s*[^\s;,=]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)/g;
const PARAMETERS = /;\s*([^\s;,=]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/g;

/** A `Link` header (RFC 8288, section 3) as `<link>` elements: Webflow announces style sheets in it. */
export function linkElements(header: string): Buffer {
  const elements = [...header.matchAll(LINKS)].map(([, url = "", parameters = ""]) => {
    const named = [...parameters.matchAll(PARAMETERS)].map(
      ([, name = "", quoted, bare]) => `${name}="${attribute(quoted ?? bare ?? "")}"`,
    );
    return `<link href="${attribute(url)}" ${named.join(" ")}>`;
  });
  return Buffer.from(elements.join("\n"), "latin1");
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
