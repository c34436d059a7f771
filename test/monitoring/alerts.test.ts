import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkText } from '../cli/run-check.ts';
import { readAlerts, root } from './alerts.ts';
import { arrived, askedBy, unknownIn } from './promql.ts';

const alerts = readAlerts();

describe('the alerts', () => {
  it('ask for metrics and labels that there are', async () => {
    expect(await unknownIn(alerts.map(({ expr }) => expr))).toEqual([]);
  });

  it('wait for no metric that has come', async () => {
    expect(await arrived()).toEqual([]);
  });

  it.each(alerts)('$alert says what, how bad, for how long, and where to read on', (alert) => {
    const { summary = '', description = '', runbook_url: runbook } = alert.annotations;
    expect(alert.alert).toMatch(/^Daygate[A-Z][A-Za-z]+$/);
    expect(alert.labels['severity']).toMatch(/^(?:critical|warning)$/);
    expect(alert.for).toMatch(/^\d+[mh]$/);
    expect(summary).toMatch(/^\S.{10,79}[^.]$/);
    expect(description).toMatch(/\.(?:\{\{ end \}\})?$/);
    expect(runbook).toBe(`https://daygate.dev/runbooks/${alert.alert}`);
    // What the expression is grouped by is named, and otherwise its value: absent() and == have none worth telling.
    const grouped = [...alert.expr.matchAll(/\bby \(([\w, ]+)\) \((?!rate\(daygate_review_duration)/g)];
    const told = [...description.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const last = grouped[0]?.[1]?.split(', ').filter((label) => label !== 'le' && label !== 'digest') ?? [];
    expect(told.toSorted()).toEqual(expect.arrayContaining(last.toSorted()));
    if (!/absent\(|== [01]/.test(alert.expr)) expect(description).toContain('$value');
  });

  it('have names of their own', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it('are all tried with promtool', () => {
    const tried = readFileSync(join(root, 'test/monitoring/alerts.test.yaml'), 'utf8');
    const [healthy = '', down = '', wrong = ''] = tried.split(/^ {2}- name: /m).slice(1);
    for (const { alert } of alerts) {
      expect(healthy, `${alert} must be seen not to fire`).toContain(alert);
      expect(down + wrong, `${alert} must be seen to fire`).toContain(alert);
    }
  });

  it('pass the restricted profile', async () => {
    const text = readFileSync(join(root, 'deploy/monitoring/alerts.yaml'), 'utf8');
    const { code, json } = await checkText(text, { profile: 'restricted' });
    expect(json.findings).toEqual([]);
    expect([code, json.coverage.judged]).toEqual([0, 1]);
  });
});

describe('a look at PromQL', () => {
  it('objects to what is none', () => {
    expect(() => askedBy('sum(rate(x[5m])')).toThrow('no PromQL');
    expect(() => askedBy('1 + 1')).toThrow('asks for nothing');
  });

  it('finds metrics and labels that nobody has', async () => {
    const expressions = [
      'sum(rate(daygate_decision_total[5m]))',
      'daygate_decisions_total{verdikt="denied"} > 0',
      'sum by (policy) (daygate_findings_total)',
    ];
    expect(await unknownIn(expressions)).toEqual([
      'daygate_decision_total',
      'daygate_decisions_total{verdikt}',
    ]);
  });
});
