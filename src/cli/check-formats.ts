/** What `check -o` writes. */
export const formats = ['text', 'json'] as const;
