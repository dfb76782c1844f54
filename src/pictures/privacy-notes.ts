import type { PrivateData } from "./private-data.js";

/** What the user should know before such a picture is public, a sentence each, with what helps. */
export function privacyNotes({ place, behindEnd }: PrivateData): string[] {
  return [
    ...(place
      ? ["The picture tells the place where it was taken, to everybody; optimize: true removes it."]
      : []),
    ...(behindEnd === "video"
      ? ["A video lies behind the picture (a motion photo), for everybody; optimize: true removes it."]
      : []),
    ...(behindEnd === "data"
      ? [
          "Other data lie behind the picture's end, such as a part that was cropped away; optimize: true removes them.",
        ]
      : []),
  ];
}
