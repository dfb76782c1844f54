import { quotedLine } from "../../core/text.js";
import type { PrivateData } from "./private-data.js";

/** What the user should know before such a picture is public, a sentence each, with what helps. */
export function privacyNotes({ place, behindEnd, homeDirectory }: PrivateData): string[] {
  return [
    ...(place ? ["The picture reveals where it was taken to anyone; optimize: true removes that."] : []),
    ...(behindEnd === "video"
      ? [
          "The file also contains a video (a motion photo) that anyone can extract; optimize: true removes it.",
        ]
      : []),
    ...(behindEnd === "data"
      ? [
          "Other data follow the end of the picture, such as a part that was cropped away; optimize: true removes them.",
        ]
      : []),
    ...(homeDirectory === undefined
      ? []
      : [
          `The file names a directory of its author's computer (${quotedLine(homeDirectory, 100)}); optimize: true removes that.`,
        ]),
  ];
}
