/**
 * Names that lead to whatever address they contain or to the reader's own machine, and those set aside for tests and
 * documentation (RFC 2606, 6761, 6762).
 */
export const testDomains: readonly string[] = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'lvh.me',
  'localtest.me',
  'localhost',
  'localdomain',
  'local',
  'test',
  'invalid',
  'example',
  'example.com',
  'example.net',
  'example.org',
];

/**
 * The domain for tests that a host is or lies in, undefined where it lies in none. Never throws.
 *
 * @example
 * testDomainOf('shop.10.0.0.1.nip.io'); // 'nip.io'
 */
export function testDomainOf(host: string, domains: readonly string[] = testDomains): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return domains.find((domain) => name === domain || name.endsWith(`.${domain}`));
}
