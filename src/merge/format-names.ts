/** What a merged report is written as. */
export const mergeFormats = ['text', 'json'] as const;
export type MergeFormat = (typeof mergeFormats)[number];
