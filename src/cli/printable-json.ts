import { printable } from '../engine/message.ts';

/** JSON of what people wrote into their settings, without what looks like a credential. */
export function printableJson(value: unknown): string {
  const clean = (_: string, part: unknown): unknown =>
    typeof part === 'string' ? printable(part, 4000) : part;
  return `${JSON.stringify(value, clean, 2)}\n`;
}
