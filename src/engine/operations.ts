import type { Operation } from '#sdk';

/** What a request may ask of an object. */
export const allOperations = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'CONNECT',
] as const satisfies readonly Operation[];
