/** Characters that JSON lets stand and that steer a terminal or turn the reading direction. */
const steering = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** Indented JSON with a line feed at its end; steering characters are escaped, which changes no value. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
