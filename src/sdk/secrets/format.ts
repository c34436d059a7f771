/** A value whose shape alone gives it away. */
export interface Format {
  readonly kind: string;
  /**
   * Three letters or more of which one stands in every match; they are looked for before the pattern is tried, and
   * should be rare in settings that hold nothing.
   */
  readonly clues: readonly string[];
  /** What stands in every match besides. */
  readonly needs?: string;
  /**
   * Finds the credential; the group `secret` is what must not be shown, the whole match where there is none. A pattern
   * begins at a boundary or at a fixed text and repeats with a bound where it could begin again inside its own match:
   * time stays in proportion to the text.
   */
  readonly pattern: RegExp;
  /** For shapes that other things share: looks inside the secret, and at the text around it. */
  readonly check?: (secret: string, text: string) => boolean;
  /** For shapes with a checksum: whether it is right, which leaves no doubt. */
  readonly proof?: (secret: string) => boolean;
  /** People write these themselves, so `password` is a password here and no placeholder. */
  readonly handmade?: true;
}

/** Clues that go on in many ways: `each('SK', '01')` is SK0 and SK1. */
export function each(start: string, letters: string): readonly string[] {
  return Array.from(letters, (letter) => start + letter);
}
