import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './alerts.ts';
import { unknownIn } from './promql.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat?: string;
    readonly datasource: { readonly uid: string };
  }[];
}

const text = readFileSync(join(root, 'deploy/monitoring/dashboard.json'), 'utf8');
const { panels } = JSON.parse(text) as { readonly panels: readonly Panel[] };
const shown = panels.filter(({ type }) => type !== 'row');
const targets = shown.flatMap((panel) => panel.targets ?? []);

describe('the dashboard', () => {
  it('asks for metrics and labels that there are', async () => {
    // Grafana puts these in.
    const expressions = targets.map(({ expr }) =>
      expr.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '6h'),
    );
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.filter((expression) => expression.includes('$'))).toEqual([]);
    expect(await unknownIn(expressions)).toEqual([]);
  });

  it('calls series by labels that they have', () => {
    for (const { expr, legendFormat = '' } of targets) {
      const grouped = /\bby \(([^)]+)\)/.exec(expr)?.[1]?.split(', ') ?? ['instance'];
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(grouped, expr).toContain(label);
    }
  });

  it('has panels with a number, a title and a place of their own', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const titles = shown.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    for (const panel of shown) {
      const refs = panel.targets?.map(({ refId }) => refId) ?? [];
      expect(refs.length).toBeGreaterThan(0);
      expect(new Set(refs).size).toBe(refs.length);
    }
  });

  it('leaves the source of data to whoever imports it', () => {
    const uids = [
      ...shown.map(({ datasource }) => datasource?.uid),
      ...targets.map(({ datasource }) => datasource.uid),
    ];
    expect(new Set(uids)).toEqual(new Set(['${datasource}']));
    expect(text.match(/"uid"/g)).toHaveLength(uids.length + 1);
  });
});
