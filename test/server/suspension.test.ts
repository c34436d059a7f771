import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suspendedUntil } from '../../src/server/suspension.ts';
import { start, type Running } from './harness.ts';
import { admissionReview, badPod } from './reviews.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const until = noon + 30 * 60_000;
const path = (webhook: string, time = until): string =>
  `/${webhook}/production/suspended/until-${time / 1000}?timeout=1s`;
const bad = admissionReview({ object: badPod() });

let time = noon;
let server: Running;
beforeAll(async () => {
  server = await start({ settings: { enforcement: 'enforce' }, now: () => time });
});
afterAll(() => server.end());

describe('a suspended path', () => {
  it('is allowed with what would be refused as warnings', async () => {
    time = noon;
    const usual = await server.judged(bad);
    expect(usual.allowed).toBe(false);
    const { allowed, warnings = [], auditAnnotations } = await server.judged(bad, path('validate'));
    expect(allowed).toBe(true);
    expect(warnings[0]).toBe(
      'daygate: enforcement is suspended until 2026-06-01T12:30:00Z (daygate breakglass): what follows is told and not enforced',
    );
    const causes = usual.status?.details.causes ?? [];
    expect(causes.length).toBeGreaterThan(0);
    for (const { reason } of causes)
      expect(warnings.join('\n')).toContain(`daygate: would be refused: ${reason}: `);
    expect(auditAnnotations).toMatchObject({
      suspended: 'until 2026-06-01T12:30:00.000Z',
      verdict: 'warned (profile production, observe)',
    });
  });

  it('tells the audit log alone where there is nothing to say', async () => {
    const answer = await server.judged(admissionReview(), path('validate'));
    expect(answer).toMatchObject({
      allowed: true,
      auditAnnotations: { suspended: 'until 2026-06-01T12:30:00.000Z' },
    });
    expect(answer.warnings ?? []).toEqual([]);
  });

  it('patches nothing', async () => {
    expect(await server.judged(bad, path('mutate'))).toEqual({
      uid: bad.request['uid'],
      allowed: true,
      auditAnnotations: { suspended: 'until 2026-06-01T12:30:00.000Z' },
    });
  });

  it('enforces again when its time has come, though nobody undid it', async () => {
    time = until - 1;
    expect((await server.judged(bad, path('validate'))).allowed).toBe(true);
    time = until;
    expect((await server.judged(bad, path('validate'))).allowed).toBe(false);
  });

  it('does not suspend for longer than breakglass would', async () => {
    time = noon;
    await server.judged(bad);
    expect((await server.judged(bad, path('validate', noon + 25 * 3_600_000))).allowed).toBe(false);
    // Nor does a path that nobody can have of breakglass show anywhere.
    expect(await server.metric('daygate_suspended_until_timestamp_seconds')).toBe(0);
  });

  it('shows in the metrics until its end or its undoing', async () => {
    const shown = async () => [
      await server.metric('daygate_suspended'),
      await server.metric('daygate_suspended_until_timestamp_seconds'),
    ];
    time = noon;
    await server.judged(bad, path('validate'));
    expect(await shown()).toEqual([1, until / 1000]);
    // Nobody has undone it.
    time = until;
    expect(await shown()).toEqual([0, until / 1000]);
    await server.judged(bad);
    expect(await shown()).toEqual([0, 0]);
  });

  it.each(['until-', 'until-x', 'until-1e9', 'until--1', 'since-1', `until-${'9'.repeat(13)}`])(
    'is none where it says %s',
    async (step) => {
      expect(suspendedUntil(step)).toBeUndefined();
      const answer = await server.review(bad, `/validate/production/suspended/${step}`);
      expect([answer.status, answer.json().message]).toEqual([404, 'daygate: there is nothing at this path']);
    },
  );

  it('takes POST alone', async () => {
    const answer = await server.call(path('validate'));
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });
});
