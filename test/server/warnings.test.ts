import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Verdict } from '../../src/engine/review.ts';
import { judge } from '../../src/engine/judge.ts';
import { answerVerdict } from '../../src/server/answer.ts';
import { findingLine, fixWarnings, oneLine, verdictWarnings } from '../../src/server/warnings.ts';
import { compiledFor, start, type Answer, type Running } from './harness.ts';
import { widgetReview } from './reviews.ts';

const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom(
    '\n',
    '\r\n',
    '\u2028',
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '"',
    '\\',
    '\u0085',
    '\u00ad',
    '💥',
    'ß',
    '%0a',
  ),
);
const hostileName = fc.oneof(
  fc.string({ unit, maxLength: 600, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }),
  fc.constantFrom('__proto__', 'constructor', '{what}', '{0}', '$&', '$1', 'x'.repeat(5000)),
);

/** What the API server asks of warnings (k8s.io/apimachinery/pkg/util/net NewWarningHeader, and its limits). */
function expectGoodWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) {
    expect(warning.length).toBeLessThanOrEqual(256);
    expect(warning.length).toBeGreaterThan(0);
    expect(warning).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(warning.isWellFormed()).toBe(true);
  }
  expect(warnings.join('').length).toBeLessThanOrEqual(4096);
}

function finding(parts: Partial<Finding> = {}): Finding {
  return {
    policy: 'require-memory',
    severity: 'medium',
    action: 'warn',
    message: 'app has no memory limit.',
    remediation: 'Set it.',
    object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
    pointer: '/spec',
    locator: 'spec',
    messageId: 'missing',
    fixable: false,
    ...parts,
  };
}

function verdict(parts: Partial<Verdict>): Verdict {
  return { allowed: true, enforcement: 'enforce', findings: [], errors: [], skipped: [], ...parts };
}

describe('warnings', () => {
  it('are single lines within the limits of the API server, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(hostileName, { maxLength: 100, size: 'max' }), hostileName, (names, policy) => {
        const findings = names.map((name) => finding({ locator: name, message: name, remediation: name }));
        expectGoodWarnings(verdictWarnings(verdict({ findings }), 'production'));
        const errors = names.map((name) => ({ policy, message: name }));
        expectGoodWarnings(verdictWarnings(verdict({ findings, errors }), 'production'));
        const dropped = names.map((reason) => ({ policy, reason }));
        expectGoodWarnings(fixWarnings({ dropped }, 'production'));
      }),
    );
  });

  it('name all findings that fit and count the others', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 100, size: 'max' }), (lengths) => {
        const findings = lengths.map((length, index) =>
          finding({ message: `${index}${'m'.repeat(length)}` }),
        );
        const warnings = verdictWarnings(verdict({ findings }), 'production');
        const more = /^daygate: and (\d+) more: run daygate check --profile production on the manifest$/;
        const counted = Number(more.exec(warnings.at(-1) ?? '')?.[1] ?? 0);
        const named = warnings.filter((line) => !more.test(line));
        expect(named.length + counted).toBe(findings.length);
        named.forEach((line, index) => expect(line).toContain(`: ${index}m`));
        // Nothing is left out that would have had room.
        if (counted > 0) expect(warnings.join('').length).toBeGreaterThan(4096 - 256 - 100);
      }),
    );
  });

  it('put the worst first, and policies that failed before them', () => {
    const findings = (['low', 'critical', 'medium', 'high'] as const).map((severity) =>
      finding({ severity, message: severity }),
    );
    const errors = [{ policy: 'broken', message: 'TypeError: cannot read x of undefined' }];
    const lines = verdictWarnings(verdict({ findings, errors }), 'production');
    expect(lines.map((line) => /(TypeError|critical|high|medium|low)/.exec(line)?.[1])).toEqual([
      'TypeError',
      'critical',
      'high',
      'medium',
      'low',
    ]);
  });

  it('begin with what only observing lets through, and say so', () => {
    const findings = [
      finding({ severity: 'critical', message: 'warned' }),
      finding({ severity: 'low', message: 'held', leniency: 'observe' }),
    ];
    const observed = verdict({ enforcement: 'observe', findings });
    expect(verdictWarnings(observed, 'production')).toEqual([
      'daygate: would be refused: require-memory: spec: held Set it.',
      'daygate: require-memory: spec: warned Set it.',
    ]);
    expect(verdictWarnings(observed, 'production', { suspended: 0 }).slice(1)).toEqual([
      'daygate: would be refused: require-memory: spec: held Set it.',
      'daygate: require-memory: spec: warned Set it.',
    ]);
  });

  it.each<[Partial<Finding>, string]>([
    [{ leniency: 'old-object' }, 'tolerated (the object had it before): '],
    [
      { leniency: 'old-object', grandfatherUntil: '2027-03-31' },
      'tolerated until 2027-03-31 (the object had it before): ',
    ],
    [{ leniency: 'controller' }, 'tolerated (made by a controller whose owner was judged): '],
    [{ leniency: 'metadata-only' }, 'tolerated (only metadata changes): '],
    [{ leniency: 'fixed-on-pod' }, 'tolerated (daygate fixes it on the pods): '],
    [{ leniency: 'late-facts' }, 'tolerated (what it is about may be on its way): '],
    [{}, ''],
  ])('say first why what is denied was let through: %j', (parts, words) => {
    const findings = [finding({ ...parts, message: 'm'.repeat(300) })];
    const [line] = verdictWarnings(verdict({ findings }), 'production');
    expect(line).toBe(`daygate: ${words}require-memory: spec: `.padEnd(255, 'm') + '…');
  });

  it('speak of findings that warn, and of no others', () => {
    const findings = (['deny', 'warn', 'audit'] as const).map((action) =>
      finding({ action, message: action }),
    );
    expect(verdictWarnings(verdict({ findings }), 'production')).toEqual([
      'daygate: require-memory: spec: warn Set it.',
    ]);
  });

  it('never call the path of a field a secret', () => {
    const line = findingLine(
      finding({ policy: 'forbid-env-secret', locator: 'spec.containers[app2].env[PASSWORD1]' }),
    );
    expect(oneLine(line)).toBe(
      'forbid-env-secret: spec.containers[app2].env[PASSWORD1]: app has no memory limit. Set it.',
    );
  });
});

describe('refusals', () => {
  it('have one line per finding, whatever the names', () => {
    const compiled = compiledFor();
    fc.assert(
      fc.property(fc.array(hostileName, { minLength: 1, maxLength: 30, size: 'max' }), (names) => {
        const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: names[0] }, names };
        const judged = judge(compiled, {
          operation: 'CREATE',
          object: object as object,
          profile: 'production',
          now: 0,
        });
        const { response } = JSON.parse(answerVerdict('1', judged, 'production').body) as ReturnType<
          Answer['json']
        >;
        const lines = response?.status?.message.split('\n') ?? [];
        expect(lines).toHaveLength(names.length + 1);
        for (const line of lines.slice(1)) expect(line).toMatch(/^- many-findings: /);
        expect(response?.status?.details.causes).toHaveLength(names.length);
      }),
    );
  });
});

describe('a hundred findings with hostile names', () => {
  let server: Running;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.end());

  it('come through HTTPS as good warnings', async () => {
    const names = fc.sample(hostileName, { numRuns: 100, seed: 7 });
    const answer = await server.review(widgetReview(names), '/validate/baseline');
    const { warnings = [], auditAnnotations } = answer.json().response ?? {};
    expectGoodWarnings(warnings);
    expect(warnings.length).toBeGreaterThan(10);
    expect(warnings.at(-1)).toMatch(/and \d+ more/);
    const { length } = JSON.parse(auditAnnotations?.['findings'] ?? '') as unknown[];
    expect(length + Number(auditAnnotations?.['findings-omitted'] ?? 0)).toBe(100);
  });
});
