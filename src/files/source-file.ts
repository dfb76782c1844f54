/** One source, read once into memory: the bytes that were hashed are the bytes that are sent. */
export interface SourceFile {
  readonly bytes: Buffer;
  /** MD5 of `bytes`, 32 lower-case hex digits. */
  readonly md5: string;
  /** The source's own name (last path segment, Content-Disposition); may lack an extension, may be empty. */
  readonly name: string;
  /** Whether `name` is only the end of an address, which claims nothing about the type. */
  readonly isNamedByAddress?: boolean;
  /** The media type it came with, lower case and without parameters; it only tells plain text from CSV. */
  readonly declaredType?: string;
  /** The source as messages may show it: a path or a URL without query and credentials, `data: URI` for one. */
  readonly origin: string;
  /** What the user should know about how it was read, for example that it came over plain http. */
  readonly notes: readonly string[];
}
