/** What cameras, screens and design tools call files, followed by any numbers. */
const BY_MACHINES =
  /^(?:img|dsc|dscn|dscf|dcim|pxl|mvi|vid|scan|image|photo|picture|pic|foto|bild|screenshot|screen[ _-]?shot|bildschirmfoto|untitled|unnamed|unbenannt|download|file|frame|group|rectangle|asset|artboard|clipboard|whatsapp[ _-]?image)(?![a-z]{3}).*$/i;
/** Names of digits and hex alone: a date, a hash, a UUID. */
const BY_NUMBER = /^[\d\s_.-]+$|^[0-9a-f-]{16,}$/i;
/** What is appended to the name of a copy. */
const COPY_SUFFIX = /(?:[-_ ]copy(?:[-_ ]?\d+)?|[-_ ]kopie| ?\(\d{1,3}\)|[-_]\d)$/i;

/**
 * Whether a name says nothing about what the file shows: given by a machine, or another name marked as a copy
 * (`isTaken` says whether a file of that name exists).
 */
export function isUnclearName(name: string, isTaken: (stem: string) => boolean): boolean {
  const stem = stemOf(name);
  if (BY_NUMBER.test(stem)) return true;
  const machine = BY_MACHINES.exec(stem);
  if (machine && !hasOwnWords(stem)) return true;
  const suffix = COPY_SUFFIX.exec(stem);
  return suffix !== null && (/copy|kopie|\(/i.test(suffix[0]) || isTaken(stem.slice(0, suffix.index)));
}

/** The name without its extension, in the form in which names are compared. */
export function stemOf(name: string): string {
  return name.replace(/\.[a-z0-9]{1,5}$/i, "").trim();
}

/** A machine's word with nothing but numbers, dates and sizes is no name; `photo of the harbour` is one. */
function hasOwnWords(stem: string): boolean {
  const words = stem.split(/[^\p{L}]+/u).filter((word) => word.length > 2);
  return (
    words.filter((word) => !/^(?:at|the|copy|whatsapp|image|screen|shot|pxl|img|dsc.?)$/i.test(word)).length >
    1
  );
}
