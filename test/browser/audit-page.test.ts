/**
 * The page of an audit in Chromium: on a desktop, a phone, in the dark, on paper and with the keyboard. What is
 * asserted is what one would look for in a screenshot; the screenshots lie in .cache/screenshots.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../src/report/audit/audit-report.ts';
import { auditHtml, auditReport, emptyAudit } from '../report/audit-fixture.ts';
import { mergedReport } from '../report/audit-merged.ts';
import { hostile } from '../report/sample-reports.ts';
import { graveFaults } from './accessibility.ts';
import { launch, openPage, type Look } from './open-page.ts';
import { nameless, overflowing, weakTexts, type WeakText } from './page-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'daygate-audit-'));
const screenshots = join(import.meta.dirname, '../../.cache/screenshots');
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  mkdirSync(screenshots, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const base = auditReport({ workloads: 24, findings: 90, teams: 3, namespaces: 6 });
const small: AuditReport = {
  ...base,
  upgrade: {
    from: '1.36',
    to: '1.37',
    blockedDrains: [{ namespace: 'payments-prod', name: 'ledger', healthy: 2, desired: 2 }],
  },
  notices: ['Enforcement is suspended until 2026-11-21T18:00:00Z: the registry moves.'],
  errors: [{ code: 'list-failed', message: 'the list of Secrets was cut off' }],
};
const folded = auditReport({ workloads: 120, findings: 600, teams: 10, namespaces: 60 });
const large = auditReport({ workloads: 2000, findings: 10_000, teams: 10, namespaces: 60 });
const merged = mergedReport(
  ['prod-eu', 'prod-us', 'staging'].map((cluster, index) =>
    auditReport({ workloads: 40, findings: 200, teams: 4, namespaces: 8, cluster, seed: index + 1 }),
  ),
);
const strange = auditReport({ workloads: 6, findings: 20, teams: 2, namespaces: 2, hostile });
const reports: Readonly<Record<string, AuditReport>> = { small, empty: emptyAudit, merged, strange };

const files = new Map<AuditReport, string>();
function fileOf(report: AuditReport): string {
  const file = files.get(report) ?? join(folder, `${files.size}.html`);
  if (!files.has(report)) writeFileSync(file, auditHtml(report));
  files.set(report, file);
  return file;
}

async function opened(
  report: AuditReport,
  work: (page: Page) => Promise<void>,
  { fragment = '', ...look }: Look & { readonly fragment?: string } = {},
): Promise<void> {
  const { page, noise } = await openPage(browser, fileOf(report), look);
  // As a link in a chat does: the page is loaded with the fragment.
  if (fragment !== '') {
    await page.goto('about:blank');
    await page.goto(`file://${fileOf(report)}#${fragment}`);
  }
  await work(page);
  expect(noise.filter((line) => !line.startsWith('request: about:') && !line.includes('#'))).toEqual([]);
  await page.context().close();
}

const visible = `[...document.querySelectorAll('#found li')]
  .filter((item) => item.checkVisibility({ contentVisibilityAuto: false })).length`;
/** The same for ten thousand, where asking Chromium for each takes minutes. */
const unfolded = `document.querySelectorAll('#found > :not([hidden]) > [open]:not([hidden]) li:not([hidden])').length`;
const notHidden = `[...document.querySelectorAll('#found li')].filter((item) => !item.closest('[hidden]')).length`;

/** A machine that does much else takes its time. */
const soon = { timeout: 20_000 };

async function shows(page: Page, words: string): Promise<void> {
  await expect.poll(() => page.locator('#shown').textContent(), soon).toBe(words);
  const [number = ''] = words.split(' ');
  expect(await page.evaluate(notHidden)).toBe(Number(number.replace(',', '')));
}

const looks: readonly Required<Pick<Look, 'width' | 'colorScheme'>>[] = [
  { width: 360, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
  { width: 820, colorScheme: 'light' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
];

describe.each(looks)('at $width px, $colorScheme', (look) => {
  it.each(Object.keys(reports))('the page of a report can be read: %s', (name) =>
    opened(
      reports[name] ?? emptyAudit,
      async (page) => {
        await page.screenshot({
          path: join(screenshots, `audit-${name}-${look.width}-${look.colorScheme}.png`),
        });
        // What is folded has to fit too.
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`);
        expect(await page.evaluate(overflowing)).toEqual([]);
        expect(await page.evaluate<readonly WeakText[]>(weakTexts)).toEqual([]);
        expect(await page.evaluate(nameless)).toEqual([]);
        const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        const [red = 0] = (background.match(/\d+/g) ?? []).map(Number);
        expect(red > 128).toBe(look.colorScheme === 'light');
      },
      look,
    ),
  );
});

describe('axe finds nothing grave', () => {
  it.each([
    ['small', 'light', small],
    ['small', 'dark', small],
    ['empty', 'light', emptyAudit],
    ['empty', 'dark', emptyAudit],
    ['strange', 'light', strange],
  ] as const)('on the %s page, unfolded, %s', (_, colorScheme, report) =>
    opened(
      report,
      async (page) => {
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`);
        expect(await graveFaults(page)).toEqual([]);
      },
      { colorScheme },
    ),
  );

  // More than 200 findings start folded. Axe asks for the colours behind each element: 10,000 would take it a minute.
  it('on a page with folded findings, light and dark', () =>
    opened(folded, async (page) => {
      expect(await page.locator('#found details:not([open])').count()).toBeGreaterThan(0);
      expect(await graveFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await graveFaults(page, 'contrast')).toEqual([]);
    }));

  it('on a phone', () =>
    opened(small, async (page) => expect(await graveFaults(page)).toEqual([]), { width: 360 }));
});

describe('the filter', () => {
  it('searches words wherever they stand, and forgets them', () =>
    opened(small, async (page) => {
      await shows(page, '90 findings');
      await page.keyboard.press('/');
      const there = small.findings.filter(({ object }) => object.namespace === 'payments-prod');
      const [{ policy: word } = { policy: '' }] = there;
      await page.keyboard.type(`PAYMENTS-PROD ${word}`);
      const expected = there.filter(({ message, remediation, policy }) =>
        `${message}${remediation}${policy}`.includes(word),
      ).length;
      await shows(page, `${expected} of 90`);
      expect(await page.locator('.place:visible h3').allTextContents()).toEqual(['payments-prod']);
      expect(page.url()).toContain(`#q=PAYMENTS-PROD+${word}`);
      await page.keyboard.press('Escape');
      await shows(page, '90 findings');
      expect(page.url()).not.toContain('#');
    }));

  it.each([
    [
      'Team',
      'storefront',
      (report: AuditReport) => {
        const own = report.objects
          .filter(({ team }) => team === 'storefront')
          .map(({ kind, name, namespace }) => `${kind} ${namespace ?? ''} ${name}`);
        return report.findings.filter(({ object }) =>
          own.includes(`${object.kind} ${object.namespace ?? ''} ${object.name}`),
        );
      },
    ],
    [
      'Namespace',
      'payments-staging',
      ({ findings }: AuditReport) => findings.filter(({ object }) => object.namespace === 'payments-staging'),
    ],
    [
      'Policy',
      'forbid-hand-edit',
      ({ findings }: AuditReport) => findings.filter(({ policy }) => policy === 'forbid-hand-edit'),
    ],
    [
      'Severity',
      'critical',
      ({ findings }: AuditReport) => findings.filter(({ severity }) => severity === 'critical'),
    ],
  ] as const)('goes by %s', (label, value, fitting) =>
    opened(small, async (page) => {
      await page.getByRole('combobox', { name: label }).selectOption(value);
      const expected = fitting(small).length;
      expect(expected).toBeGreaterThan(0);
      await shows(page, `${expected} of 90`);
      await page.getByRole('button', { name: 'Clear' }).click();
      await shows(page, '90 findings');
    }),
  );

  it('goes by action and by cluster', () =>
    opened(merged, async (page) => {
      await page.getByRole('combobox', { name: 'Cluster' }).selectOption('staging');
      const own = merged.findings.filter(({ cluster }) => cluster === 'staging');
      await shows(page, `${own.length} of 600`);
      await page.getByRole('checkbox', { name: 'deny' }).uncheck();
      await page.getByRole('checkbox', { name: 'excepted' }).uncheck();
      const left = own.filter(({ action, exception }) => action !== 'deny' && exception === undefined);
      await shows(page, `${left.length} of 600`);
    }));

  it('follows a section of the scorecard, and a policy', () =>
    opened(small, async (page) => {
      const link = page.locator('.row a[data-filter^="section="]').first();
      const section = (await link.getAttribute('data-filter'))?.replace('section=', '');
      await page
        .locator('.row')
        .filter({ has: page.locator(`a[data-filter="section=${section ?? ''}"]`) })
        .locator('summary')
        .first()
        .click();
      await link.click();
      await expect
        .poll(() => page.getByRole('combobox', { name: 'Section' }).inputValue(), soon)
        .toBe(section);
      const number = await page.locator('.row[open] .detail a').textContent();
      await shows(page, `${(number ?? '').replace(/\D/g, '')} of 90`);
      const [{ policy } = { policy: '' }] = small.findings;
      await page.locator(`#${policy} a[data-filter]`).click();
      await expect.poll(() => page.getByRole('combobox', { name: 'Policy' }).inputValue(), soon).toBe(policy);
      await page.goBack();
      await expect
        .poll(() => page.getByRole('combobox', { name: 'Section' }).inputValue(), soon)
        .toBe(section);
    }));

  it('says so where nothing fits', () =>
    opened(small, async (page) => {
      await page.getByRole('searchbox').fill('no such words anywhere');
      await shows(page, '0 of 90');
      expect(await page.getByText('No finding fits the filter.').isVisible()).toBe(true);
    }));

  it('narrows 10,000 findings, and unfolds what is left', () =>
    opened(large, async (page) => {
      await shows(page, '10,000 findings');
      expect(await page.evaluate(unfolded)).toBe(0);
      await page.getByRole('combobox', { name: 'Policy' }).selectOption('require-priority-class');
      await page.getByRole('combobox', { name: 'Namespace' }).selectOption('payments-prod');
      const expected = large.findings.filter(
        ({ policy, object }) => policy === 'require-priority-class' && object.namespace === 'payments-prod',
      ).length;
      expect(expected).toBeGreaterThan(0);
      expect(expected).toBeLessThan(200);
      await shows(page, `${expected} of 10,000`);
      expect(await page.evaluate(unfolded)).toBe(expected);
      // A text that many findings share stands with each of them.
      expect(await page.locator('#found li:visible').first().textContent()).toContain(
        'Set priorityClassName to one of',
      );
    }));
});

describe('a link', () => {
  it('carries a filter', () =>
    opened(
      small,
      async (page) => {
        const own = small.findings.filter(
          ({ action, exception, object }) =>
            action === 'deny' && exception === undefined && object.namespace === 'payments-prod',
        );
        await shows(page, `${own.length} of 90`);
        expect(await page.getByRole('checkbox', { name: 'warn' }).isChecked()).toBe(false);
      },
      { fragment: 'action=deny&namespace=payments-prod' },
    ));

  it('leads from a workload of the scorecard to its findings, folded or filtered away', () =>
    opened(large, async (page) => {
      await page.getByRole('searchbox').fill('no such words anywhere');
      await shows(page, '0 of 10,000');
      await page.locator('.tree .team > summary').first().click();
      await page.locator('.tree .namespace > summary').first().click();
      const link = page.locator('.tree th a').first();
      const id = ((await link.getAttribute('href')) ?? '').slice(1);
      await link.click();
      await shows(page, '10,000 findings');
      const object = page.locator(`[id="${id}"]`);
      await expect
        .poll(() => object.evaluate((node) => (node as unknown as { open: boolean }).open), soon)
        .toBe(true);
      expect(await object.locator('li').first().isVisible()).toBe(true);
    }));

  it.each(['%E0%A4%A', 'nothing-of-that-name', 'team=nobody&section=__proto__&action=', 'q=%', '='])(
    'that is broken harms nothing: #%s',
    (fragment) =>
      opened(
        small,
        async (page) => {
          expect(await page.locator('h1').isVisible()).toBe(true);
          await expect
            .poll(() => page.locator('#shown').textContent(), soon)
            .toMatch(/^(?:90 findings|\d+ of 90)$/);
        },
        { fragment },
      ),
  );
});

describe('without a mouse, a script or a screen', () => {
  it('skips to the findings, and reaches filter, scorecard and findings by keyboard', () =>
    opened(small, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the findings');
      expect(await page.evaluate('document.activeElement.getBoundingClientRect().left >= 0')).toBe(true);
      const reached = new Set<string>();
      for (let presses = 0; presses < 400 && !reached.has('search'); presses++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate<{ tag: string; type: string; outline: string }>(
          `({ tag: document.activeElement.tagName, type: document.activeElement.type || '', outline: getComputedStyle(document.activeElement).outlineStyle })`,
        );
        expect(at.outline).not.toBe('none');
        reached.add(at.type === '' ? at.tag : at.type);
      }
      expect([...reached]).toEqual(expect.arrayContaining(['A', 'SUMMARY', 'search']));
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.matches('#found summary')`)) break;
      }
      const before = await page.evaluate<number>(visible);
      await page.keyboard.press('Enter');
      expect(await page.evaluate<number>(visible)).toBeLessThan(before);
    }));

  it('is the whole list where scripts are off, with every text within one step', () =>
    opened(
      large,
      async (page) => {
        expect(await page.locator('#filter').isVisible()).toBe(false);
        expect(await page.locator('#found li').count()).toBe(10_000);
        expect(await page.locator('#fix-1').isVisible()).toBe(true);
        await page.locator('.tree .team > summary').first().click();
        expect(await page.locator('.tree .namespace').first().isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    ));

  it('prints all that is folded, and no controls', () =>
    opened(small, async (page) => {
      await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = false))`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#filter').isVisible()).toBe(false);
      expect(await page.locator('.contents').isVisible()).toBe(false);
      expect(await page.evaluate(visible)).toBe(90);
      expect(await page.locator('.tree th').last().isVisible()).toBe(true);
      const pdf = await page.pdf({ format: 'A4', path: join(screenshots, 'audit-small.pdf') });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
      expect(pages.length).toBeGreaterThan(5);
      // Printing leaves the page as it was.
      expect(await page.evaluate(`document.querySelectorAll('details[open]').length`)).toBe(0);
    }));
});
