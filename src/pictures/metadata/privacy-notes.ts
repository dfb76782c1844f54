import { present } from "../../core/present.js";
import { quotedLine } from "../../core/text.js";
import type { DocumentData } from "./document-data.js";
import type { PrivateData } from "./private-data.js";

/** What the user should know before such a picture is public, a sentence each, with what helps. */
export function privacyNotes({ place, behindEnd, homeDirectory }: PrivateData): string[] {
  return present(
    place && "The picture reveals where it was taken to anyone; optimize: true removes that.",
    behindEnd === "video" &&
      "The file also contains a video (a motion photo) that anyone can extract; optimize: true removes it.",
    behindEnd === "data" &&
      "Other data follow the end of the picture, such as a part that was cropped away; optimize: true removes them.",
    homeDirectory !== undefined &&
      `The file names ${directoryOf(homeDirectory)}; optimize: true removes that.`,
  );
}

/** What the user should know before such a document is public, in one sentence, with what helps. */
export function documentNotes(data: DocumentData): string[] {
  const told = present(
    data.comments && "comments",
    data.trackedChanges && "tracked changes",
    data.hiddenSheets && "hidden sheets",
    data.speakerNotes && "speaker notes",
    data.place && "the place where a picture in it was taken",
    data.homeDirectory !== undefined && directoryOf(data.homeDirectory),
  );
  if (told.length === 0) return [];
  return [
    `Anyone can read in the document: ${told.join(", ")}. If that is not meant for the public, remove it in the program that made ` +
      "the document (Office: File > Info > Inspect Document), and send that copy.",
  ];
}

function directoryOf(homeDirectory: string): string {
  return `a directory of its author's computer (${quotedLine(homeDirectory, 100)})`;
}
