/** How references to files stand in pages that Webflow publishes. All take the file's URL. */

export function background(url: string): string {
  return `<div style="background-image:url(&quot;${url}&quot;)" class="hero"></div>`;
}

export function backgroundVideo(url: string): string {
  const poster = url.replace(/\.[^.]*$/, "-poster-00001.jpg");
  const transcode = url.replace(/\.[^.]*$/, "-transcode.mp4");
  return (
    `<div data-poster-url="${poster}" data-video-urls="${transcode},${url}" class="w-background-video">` +
    `<video autoplay="" loop="" style="background-image:url(&quot;${poster}&quot;)"><source src="${transcode}"/></video></div>`
  );
}

export function lottie(url: string): string {
  return `<div class="lottie" data-w-id="1" data-animation-type="lottie" data-src="${url}" data-loop="1"></div>`;
}

export function lightbox(url: string): string {
  const items = [{ _id: "example_img", fileName: "picture", fileSize: 1, url, type: "image" }];
  return (
    `<a href="#" class="w-inline-block w-lightbox"><script type="application/json" class="w-json">` +
    `${JSON.stringify({ items, group: "" })}</script></a>`
  );
}

export function fileLink(url: string): string {
  return `<a href="${url}" target="_blank" class="link">Download</a>`;
}

export function embed(url: string): string {
  return `<div class="w-embed w-script"><script>window.hero = ${JSON.stringify({ url }).replaceAll("/", "\\/")};</script></div>`;
}

/** A template of a cart or of a nested list: HTML, percent-encoded. */
export function encodedTemplate(url: string): string {
  return `<script type="text/x-wf-template">${encodeURIComponent(`<img src="${url}"/>`)}</script>`;
}

export function codeIsland(url: string): string {
  const props = JSON.stringify({ image: { src: url } }).replaceAll('"', "&quot;");
  return `<code-island data-props="${props}"></code-island>`;
}

export function comment(url: string): string {
  return `<!-- <img src="${url}"/> -->`;
}

export function openGraphImage(url: string): string {
  return `<meta content="${url}" property="og:image"/><meta content="${url}" property="twitter:image"/>`;
}

export function richTextFigure(url: string): string {
  return (
    '<figure class="w-richtext-figure-type-image w-richtext-align-center"><div>' +
    `<img alt="__wf_reserved_inherit" src="${url}" loading="lazy"/></div></figure>`
  );
}

export function backgroundRule(name: string, url: string): string {
  return `.${name} { background-image: url('${url}'); background-size: cover; }`;
}

const PARAGRAPH =
  '<div id="w-node-_a245c12d-995b-55ee-5ec7-aa36a6cad623-36a6cad6" class="w-layout-cell text-block">' +
  '<p class="paragraph-large">Every pot is thrown by hand, dried slowly, fired twice and checked before it leaves.</p></div>\n';

/** So many bytes of ordinary markup without any reference, rounded up to whole paragraphs. */
export function filler(bytes: number): string {
  return PARAGRAPH.repeat(Math.ceil(bytes / PARAGRAPH.length));
}
