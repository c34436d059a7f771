/**
 * Quantities for differential tests against Kubernetes: valid, invalid and odd ones, the same in every run.
 * Exponents have at most three digits, because Kubernetes multiplies them out: `1.5e-999999999` keeps it busy
 * for minutes.
 */

/** mulberry32: small, well distributed, and the same everywhere. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const siSuffixes = ['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const notSuffixes = [
  'K',
  'g',
  'mi',
  'MI',
  'KB',
  'Gb',
  'ki',
  'i',
  'e',
  'Ee',
  'e+',
  'eE3',
  'mm',
  'Mi3',
  'MiMi',
];
const damages = '+ - . e E i m K x 0 _ é'.split(' ').concat(' ');
const edges = [
  ...[
    '',
    '0',
    '-0',
    '+0',
    '00',
    '+',
    '-',
    '.',
    '+.',
    '-.',
    '.5',
    '5.',
    '1.',
    '-.5',
    '1..5',
    '1.5.5',
    '--1',
    '+-1',
  ],
  ...[
    '1_000',
    '1,000',
    '0x10',
    '1e',
    '1E',
    '1e3',
    '1E3',
    '1e+3',
    '1e-3',
    '1e03',
    '1e3m',
    '1e3.5',
    '1 Gi',
    'Infinity',
  ],
  ...[
    'NaN',
    'true',
    'null',
    'one',
    '１',
    '1e99999999999999999999',
    '1e4294967296',
    '1e4294967299',
    '1e-10',
    '1E-9',
  ],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...[
    '7Ei',
    '8Ei',
    '-8Ei',
    '9Ei',
    '9223372036854775807Ki',
    '1000E',
    '10E',
    '1000000E',
    '999999999999999999E',
  ],
  ...[
    '0.1n',
    '0.0000000001',
    '-0.0000000001',
    '0.5n',
    '1.5n',
    '1.0000000001',
    '0.0001Ki',
    '-0.0001Ki',
    '0.5Ki',
  ],
  ...[
    '1.0001Ki',
    '1023',
    '1023Ki',
    '1024Ki',
    '1Mi',
    '1.5Mi',
    '1.50',
    '1.500',
    '1.000',
    '0.500',
    '01Mi',
    '+1Mi',
  ],
  ...[
    '+1',
    '01',
    '1.Gi',
    '1.0Gi',
    '.Gi',
    '.Ei',
    'Ki',
    'Ei',
    'm',
    'e5',
    'e-20',
    '512.0Ki',
    '8Ki',
    '1e30',
    '1e31',
  ],
  ...['1e32', '1000e30', '1e-9', '100e-9', '0e5', '0e-20', '0.0000000000', '0Mi', '0.0Mi', '-5m', '-1.5Gi'],
];

/**
 * At least `count` different texts, most of them quantities.
 *
 * @example
 * for (const text of quantityCases()) compare(parseQuantity(text), await askKubernetes(text));
 */
export function quantityCases(count = 4000, seed = 20_260_101): readonly string[] {
  const random = randomNumbers(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (from: readonly string[]) => from[below(from.length)] ?? '';
  const digits = (most: number) => Array.from({ length: below(most + 1) }, () => below(10)).join('');
  const zeros = () => '0'.repeat(random() < 0.3 ? below(7) : 0);
  const number = () => {
    const length = pick(['3', '3', '6', '12', '20', '30']);
    const whole = zeros() + digits(Number(length)) + zeros();
    return random() < 0.4 ? `${whole}.${zeros()}${digits(Number(pick(['2', '4', '12'])))}${zeros()}` : whole;
  };
  const suffix = () => {
    const kind = random();
    if (kind < 0.7) return pick(siSuffixes);
    if (kind < 0.92)
      return pick(['e', 'E']) + pick(['', '', '-', '+']) + String(below(kind < 0.9 ? 25 : 900));
    return pick(notSuffixes);
  };
  const damage = (text: string) => {
    const at = below(text.length + 1);
    return text.slice(0, at) + pick(damages) + text.slice(at);
  };
  const cases = new Set(edges);
  while (cases.size < count) {
    const made = pick(['', '', '', '-', '+']) + number() + suffix();
    const text = random() < 0.06 ? damage(made) : made;
    if (!/e[-+]?\d{4}/i.test(text)) cases.add(text);
  }
  return [...cases];
}
