export type { Credential, Concealed } from './credential.ts';
export { detectCredential, type NamedValue } from './detect.ts';
export type { CredentialKind } from './formats.ts';
export { holdsSecret } from './placeholders.ts';
export { redact } from './redact.ts';
export { scanCommand, type CommandFinding } from './scan-command.ts';
export { detectHeader, isDocument, scanBytes, scanText, type TextFinding } from './scan-text.ts';
