/** The formats of a report, in the order in which help lists them. */
export const formats = ['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];
