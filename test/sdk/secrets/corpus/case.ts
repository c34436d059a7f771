/** Name, value, and the kind that must be found: `*` for any, null for none. */
export type Pair = readonly [name: string | undefined, value: string, kind: string | null];

/** A document, and how many of its lines hold a credential. */
export type Document = readonly [text: string, count: number];

/** The words of a command, and how many of them hold a credential. */
export type Command = readonly [words: readonly string[], count: number];

/** The key and the text of a field, and how many of its lines hold a credential. */
export type Field = readonly [key: string, text: string, count: number];

/** What a file of the corpus has. */
export interface Cases {
  readonly pairs?: readonly Pair[];
  readonly documents?: readonly Document[];
  readonly commands?: readonly Command[];
  readonly fields?: readonly Field[];
}
