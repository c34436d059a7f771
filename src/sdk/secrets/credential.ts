import type { CredentialKind } from './formats.ts';

/** A text that must not be told. A function, so that nothing prints, serializes or compares it by accident. */
export type Concealed = () => string;

/** A credential that was found. It says what it is and never what its value is. */
export interface Credential {
  readonly kind: CredentialKind;
  /** `certain`: a format that nothing else has. `likely`: judged by name and value together. */
  readonly confidence: 'certain' | 'likely';
  /** What gave it away: the value's format or its name. */
  readonly evidence: 'format' | 'name';
  /** For `report`, which keeps a keyed fingerprint of it. */
  readonly secret: Concealed;
}
