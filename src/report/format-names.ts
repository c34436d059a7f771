/** The formats of a report, in the order in which help lists them. */
export const formats = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** Those that show the lines of findings, `excerpt`. */
export const formatsWithLines: ReadonlySet<Format> = new Set(['text', 'html']);
