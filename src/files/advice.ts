import { parseUrl } from "../core/parse-url.js";
import { containerOf, isAnimation } from "./formats/container.js";

interface SharingSite {
  readonly hostname: RegExp;
  readonly advice: (url: URL) => string;
}

const DOWNLOAD_FIRST =
  "use the direct download link of that site instead of the page to share, or download the file and give its local path";

/** Sites whose share links lead to a page about the file, with the direct link where it can be told from the link. */
const SHARING_SITES: readonly SharingSite[] = [
  {
    hostname: /(^|\.)dropbox\.com$/,
    advice: () => "use the direct download link: end the Dropbox link in dl=1",
  },
  { hostname: /^drive\.google\.com$/, advice: googleDriveAdvice },
  {
    hostname: /^github\.com$/,
    advice: () => 'use the direct download link: the "Raw" link of the file on GitHub',
  },
  {
    hostname:
      /(^|\.)(?:docs\.google\.com|photos\.google\.com|photos\.app\.goo\.gl|1drv\.ms|onedrive\.live\.com|sharepoint\.com|icloud\.com|box\.com|wetransfer\.com|we\.tl|mediafire\.com|mega\.nz|imgur\.com|flickr\.com|unsplash\.com|pexels\.com|pixabay\.com|pinterest\.com|figma\.com|canva\.com|gitlab\.com|notion\.so|slack\.com)$/,
    advice: () => DOWNLOAD_FIRST,
  },
];

/** What to do when a link to a sharing site returned a page instead of the file; undefined for other sites. */
export function sharingAdvice(origin: string): string | undefined {
  const url = parseUrl(origin);
  return url && SHARING_SITES.find(({ hostname }) => hostname.test(url.hostname))?.advice(url);
}

/** Google Drive: a file shared with "Anyone with the link" downloads from `/uc?export=download&id=`. */
function googleDriveAdvice(url: URL): string {
  const id = /^\/file\/(?:u\/\d+\/)?d\/([\w-]+)/.exec(url.pathname)?.[1];
  if (id === undefined) return DOWNLOAD_FIRST;
  return `use the direct download link https://drive.google.com/uc?export=download&id=${id} (shared with anyone who has the link)`;
}

/**
 * How to turn HEIC into a picture that a website can show, as the next step of an answer. Browsers and Webflow do not
 * accept HEIC, and decoders for it are not royalty-free.
 */
export const HEIC_ADVICE =
  "send it as JPEG: on an iPhone, share it with Options > Format > Most Compatible, or set Settings > Camera > " +
  "Formats to Most Compatible for new photos; on a Mac, open it in Preview and choose File > Export > JPEG; " +
  "on Windows, open it in Photos and choose Save as > .jpg";

/** How to make an animation smaller, as the next step of an answer. */
export const ANIMATION_ADVICE =
  "make it shorter or smaller in pixels, or show a video instead: upload that to a video host, and embed it";

/** How to make an image with too many bytes fit; `isOptimized`: the optimizer has already done what it can. */
export function tooLargeImageAdvice(bytes: Buffer, extension: string, isOptimized: boolean): string {
  if (extension === "svg") {
    return "simplify it (SVGO does, or fewer paths and no embedded pictures), or export it as PNG or WebP";
  }
  if (!isAnimation(bytes)) {
    return isOptimized
      ? "send a smaller image"
      : "set optimize: true, which makes it fit, or send a smaller image";
  }
  return containerOf(bytes) === "gif" && !isOptimized
    ? `set optimize: true, which makes an animated WebP of it where that fits; else ${ANIMATION_ADVICE}`
    : ANIMATION_ADVICE;
}
