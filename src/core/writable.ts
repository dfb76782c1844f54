/** The shape as the one who keeps it up to date holds it. */
export type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };
