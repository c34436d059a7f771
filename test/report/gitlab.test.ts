import { describe, expect, it } from 'vitest';
import { clean, compared, errorsOnly, finding, mixed, render, rendered, report } from './sample-reports.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}
const issues = (...input: Parameters<typeof report>) =>
  JSON.parse(render('gitlab', report(...input))) as Issue[];

describe('GitLab code quality', () => {
  it('is an empty array when all is well', () => {
    expect(render('gitlab', clean)).toBe('[]\n');
  });

  it('has what GitLab asks for', () => {
    expect(issues([finding({ file: './deploy/web.yaml' })])).toEqual([
      {
        description:
          'Deployment shop/web: app has no memory limit. Set resources.limits.memory, for example 256Mi.',
        check_name: 'require-memory-limit',
        fingerprint: expect.stringMatching(/^[\da-f]{32}:1$/) as string,
        severity: 'critical',
        location: { path: 'deploy/web.yaml', lines: { begin: 20 } },
      },
    ]);
  });

  it('gives no two issues the same fingerprint', () => {
    for (const input of [mixed, errorsOnly, rendered, compared]) {
      const all = JSON.parse(render('gitlab', input)) as Issue[];
      expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(all.length);
    }
  });

  it('takes severity from the policy, and only a note from what does not count', () => {
    const severities = (['critical', 'high', 'medium', 'low'] as const).map((severity) =>
      finding({ severity }),
    );
    expect(issues(severities).map(({ severity }) => severity)).toEqual([
      'blocker',
      'critical',
      'major',
      'minor',
    ]);
    expect(
      (JSON.parse(render('gitlab', mixed)) as Issue[]).slice(3, 5).map(({ severity }) => severity),
    ).toEqual(['info', 'info']);
  });

  it('names in one issue all renderings of a place, and takes what the baseline lists for a note', () => {
    const descriptions = (JSON.parse(render('gitlab', rendered)) as Issue[]).map(
      ({ description }) => description,
    );
    expect(descriptions[2]).toMatch(
      /^Deployment dev-web, Deployment prod-web in overlays\/dev, overlays\/prod: .* \(the line is a guess\)$/,
    );
    const known = (JSON.parse(render('gitlab', compared)) as Issue[]).slice(0, 3);
    expect(known.map(({ severity }) => severity)).toEqual(['info', 'info', 'info']);
    expect(known[0]?.description).toContain('(in the baseline: deny without it)');
  });

  it('blocks on what could not be checked', () => {
    expect((JSON.parse(render('gitlab', errorsOnly)) as Issue[]).map(({ severity }) => severity)).toEqual([
      'blocker',
      'blocker',
    ]);
  });
});
