/**
 * How to get a picture out of HEIC that a website can show, for an answer's next step. Browsers and Webflow take no
 * HEIC, and what would decode it here is not free of royalties.
 */
export function heicAdvice(): string {
  return (
    "send it as JPEG: on an iPhone, share it with Options > Format > Most Compatible, or set Settings > Camera > " +
    "Formats to Most Compatible for new photos; on a Mac, open it in Preview and choose File > Export > JPEG; " +
    "on Windows, open it in Photos and choose Save as > .jpg"
  );
}
