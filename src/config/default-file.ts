/** Where settings are looked for when nobody names a file. */
export const defaultSettingsFile = 'daygate.yaml';
