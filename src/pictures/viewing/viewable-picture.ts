/** A picture as models take it. */
export interface ViewablePicture {
  readonly bytes: Buffer;
  readonly contentType: "image/jpeg" | "image/png";
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}
