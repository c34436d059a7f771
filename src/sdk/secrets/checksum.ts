const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const checksumLength = 6;

/**
 * Whether a GitHub or npm token ends in its own checksum: CRC-32 of the random part in base 62. A right one leaves
 * no doubt; a wrong one proves nothing, because newer tokens need not have one.
 *
 * Source: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
 */
export function hasGithubChecksum(token: string): boolean {
  const body = token.slice(token.lastIndexOf('_') + 1);
  return body.slice(-checksumLength) === base62(crc32(body.slice(0, -checksumLength)));
}

/** The checksum a token with this random part ends in. */
export function githubChecksum(random: string): string {
  return base62(crc32(random));
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let position = 0; position < text.length; position++) {
    crc ^= text.charCodeAt(position) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function base62(value: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = alphabet.charAt(rest % 62) + digits;
  return digits.padStart(checksumLength, '0');
}
