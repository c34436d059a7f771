import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareQuantities,
  formatQuantity,
  isZero,
  parseQuantity,
  quantityRatio,
  quantityToNumber,
  type Quantity,
} from '../../src/sdk/quantity.ts';
import { quantityCases } from './quantity-cases.ts';
import { processorMs } from '../../src/policy-test/processor-time.ts';

function quantity(value: unknown): Quantity {
  const parsed = parseQuantity(value);
  if (parsed === undefined) throw new Error(`${String(value)} is not a quantity`);
  return parsed;
}

const nano = (value: unknown) => {
  const { mantissa, scale } = quantity(value);
  return mantissa * 10n ** BigInt(scale + 9);
};

/** The grammar in the comment of quantity.go, with its value in billionths worked out independently. */
const powers: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 10n ** 9n * 2n ** 10n,
  Mi: 10n ** 9n * 2n ** 20n,
  Gi: 10n ** 9n * 2n ** 30n,
  Ti: 10n ** 9n * 2n ** 40n,
  Pi: 10n ** 9n * 2n ** 50n,
  Ei: 10n ** 9n * 2n ** 60n,
};
const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: min, maxLength: max });
const exponents = fc
  .record({ e: fc.constantFrom('e', 'E'), power: fc.integer({ min: -12, max: 30 }), plus: fc.boolean() })
  .map(({ e, power, plus }) => ({ suffix: `${e}${plus && power >= 0 ? '+' : ''}${power}`, power }));
const written = fc.record({
  sign: fc.constantFrom('', '+', '-'),
  integer: digits(1, 24),
  fraction: fc.option(digits(0, 14), { nil: undefined }),
  suffix: fc.oneof(
    fc.constantFrom(...Object.keys(powers)).map((suffix) => ({ suffix, power: undefined })),
    exponents,
  ),
});

function expected({
  sign,
  integer,
  fraction = '',
  suffix,
}: typeof written extends fc.Arbitrary<infer T> ? T : never) {
  const unit =
    suffix.power === undefined ? (powers[suffix.suffix] ?? 0n) : 10n ** BigInt(9 + 12 + suffix.power);
  const divisor = 10n ** BigInt(fraction.length + (suffix.power === undefined ? 0 : 12));
  const product = BigInt(integer + fraction) * unit;
  const rounded = (product + divisor - 1n) / divisor;
  const cap = (2n ** 63n - 1n) * 10n ** 9n;
  const capped = suffix.suffix.endsWith('i') && rounded > cap ? cap : rounded;
  return sign === '-' ? -capped : capped;
}

describe('parseQuantity', () => {
  test('reads every text of the grammar with its exact value', () => {
    fc.assert(
      fc.property(written, (parts) => {
        const { sign, integer, fraction, suffix } = parts;
        const text = `${sign}${integer}${fraction === undefined ? '' : `.${fraction}`}${suffix.suffix}`;
        expect(nano(text)).toBe(expected(parts));
      }),
      { numRuns: 3000 },
    );
  });

  test('reads its own canonical text as the same value, and writes that the same again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...quantityCases()), (text) => {
        const parsed = parseQuantity(text);
        fc.pre(parsed !== undefined);
        const canonical = formatQuantity(parsed);
        // Beyond exa Kubernetes writes no suffix at all.
        fc.pre(parsed.format !== 'decimalSI' || quantityToNumber(parsed) < 1e20);
        fc.pre(parsed.format !== 'decimalSI' || quantityToNumber(parsed) > -1e20);
        expect(compareQuantities(quantity(canonical), parsed)).toBe(0);
        expect(formatQuantity(quantity(canonical))).toBe(canonical);
      }),
      { numRuns: 3000 },
    );
  });

  test('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseQuantity(value)));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('019.+-eEinumkKMGTP ')) }),
        (value) => void parseQuantity(value),
      ),
    );
  });

  test.each(
    [
      [
        '',
        '  ',
        'Mib',
        '1 Gi',
        '1KB',
        '1K',
        '1mi',
        '0x1',
        '1,5',
        '1.5.5',
        '--1',
        '1e',
        '1e1.5',
        'one',
        '\t1',
        '1\ufeff',
      ],
      [true, false, undefined, NaN, Infinity, {}, [], ['1'], Symbol('1'), 5n],
    ].flat(),
  )('refuses %s', (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  test.each([
    // value, in billionths, canonical text: seen in k8s.io/apimachinery v0.36.3
    ['100m', 100_000_000n, '100m'],
    ['1', 10n ** 9n, '1'],
    ['1000m', 10n ** 9n, '1'],
    ['0.5', 500_000_000n, '500m'],
    ['1.5Gi', 1536n * 2n ** 20n * 10n ** 9n, '1536Mi'],
    ['1024Mi', 2n ** 30n * 10n ** 9n, '1Gi'],
    ['1000Ki', 1_024_000n * 10n ** 9n, '1000Ki'],
    ['1E', 10n ** 27n, '1E'],
    ['1E3', 10n ** 12n, '1E3'],
    ['1000e3', 10n ** 15n, '1e6'],
    ['12e6', 12n * 10n ** 15n, '12e6'],
    ['0.1n', 1n, '1n'],
    ['-0.1n', -1n, '-1n'],
    ['0.5Ki', 512n * 10n ** 9n, '512'],
    ['1.0001Ki', 1_024_102_400_000n, '1024102400u'],
    ['8Ei', (2n ** 63n - 1n) * 10n ** 9n, '9223372036854775807'],
    ['-9Ei', -(2n ** 63n - 1n) * 10n ** 9n, '-9223372036854775807'],
    ['9223372036854775808', 2n ** 63n * 10n ** 9n, '9223372036854775808'],
    ['1000E', 10n ** 30n, '1'],
    ['1e4294967299', 10n ** 12n, '1e4294967299'],
    ['+', 0n, '0'],
    ['.', 0n, '0'],
    ['Ki', 0n, '0'],
    ['1.Gi', 2n ** 30n * 10n ** 9n, '1.Gi'],
    ['1.500', 1_500_000_000n, '1.500'],
    ['01Mi', 2n ** 20n * 10n ** 9n, '01Mi'],
    [' 1\u00a0', 10n ** 9n, '1'],
    [2, 2n * 10n ** 9n, '2'],
    [2000, 2000n * 10n ** 9n, '2k'],
    [0.5, 500_000_000n, '500m'],
    [-0, 0n, '0'],
    [1e21, 10n ** 30n, '1e+21'],
    [1e-7, 100n, '100e-9'],
    [null, 0n, '0'],
  ])('reads %s as Kubernetes does', (value, billionths, canonical) => {
    expect(nano(value)).toBe(billionths);
    expect(formatQuantity(quantity(value))).toBe(canonical);
  });

  test('answers at once for exponents and lengths that keep Kubernetes busy', () => {
    const took = processorMs(() => {
      const huge = quantity('1.5e2000000000');
      expect(compareQuantities(huge, quantity('15e1999999999'))).toBe(0);
      expect(compareQuantities(huge, quantity('1e2000000001'))).toBeLessThan(0);
      expect(quantityRatio(huge, quantity('1'))).toBe(Infinity);
      expect(quantityRatio(quantity('1'), huge)).toBe(0);
      expect(nano('1e-2000000000')).toBe(1n);
      expect(parseQuantity('9'.repeat(1_000_000))).toBeUndefined();
      expect(parseQuantity(' '.repeat(1_000_000) + '1')).toBeUndefined();
    });
    expect(took).toBeLessThan(100);
  });
});

describe('compareQuantities', () => {
  test('orders as the values do', () => {
    const small = fc.constantFrom(...quantityCases().filter((text) => parseQuantity(text) !== undefined));
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [left, right] = [nano(a), nano(b)];
        const order = left < right ? -1 : left > right ? 1 : 0;
        expect(Math.sign(compareQuantities(quantity(a), quantity(b)))).toBe(order);
        expect(Math.sign(compareQuantities(quantity(b), quantity(a))) + order).toBe(0);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('quantityRatio', () => {
  test.each([
    ['2Gi', '1Gi', 2],
    ['3', '300m', 10],
    ['1', '3', 1 / 3],
    ['1Gi', '1G', 1.073741824],
    ['0', '1', 0],
    ['1', '0', Infinity],
    ['-1', '0', -Infinity],
    ['1e30', '0', Infinity],
    ['0', '1e-30', 0],
    ['9223372036854775807', '4611686018427387903', 2],
    ['1e300', '1e-9', Infinity],
    ['-4', '2', -2],
  ])('%s over %s is %d', (limit, request, ratio) => {
    expect(quantityRatio(quantity(limit), quantity(request))).toBe(ratio);
  });

  test('is close to the exact quotient', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: -9, max: 18 }), (a, b, power) => {
        const ratio = quantityRatio(quantity(`${a}e${power}`), quantity(b));
        expect(Math.abs(ratio / Number(`${a}e${power}`) - 1 / b) * b).toBeLessThan(1e-12);
      }),
    );
  });

  test('of nothing over nothing is no number', () => {
    expect(quantityRatio(quantity('0'), quantity('0Mi'))).toBeNaN();
  });
});

test('zero is zero in every spelling', () => {
  for (const text of ['0', '0Mi', '0.000', '-0', '0e5', '.', 0, null])
    expect(isZero(quantity(text))).toBe(true);
  expect(isZero(quantity('1n'))).toBe(false);
});

test('plain numbers are the nearest ones', () => {
  expect(quantityToNumber(quantity('250m'))).toBe(0.25);
  expect(quantityToNumber(quantity('1Ki'))).toBe(1024);
  expect(quantityToNumber(quantity('-1.5'))).toBe(-1.5);
});

test('the cases for the cluster are many, different, and the same in every run', () => {
  const cases = quantityCases();
  expect(new Set(cases).size).toBe(cases.length);
  expect(cases).toEqual(quantityCases());
  expect(cases.length).toBeGreaterThanOrEqual(4000);
  expect(cases.filter((text) => parseQuantity(text) === undefined).length).toBeGreaterThan(200);
});
