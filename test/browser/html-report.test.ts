/**
 * The HTML page in Chromium. Pixels differ with the fonts of a machine, so what is asserted is what a screenshot would
 * be looked at for: nothing sticks out, everything can be read, the counts are right, the filters work, and the page
 * asks the network for nothing. The screenshots lie in .cache/screenshots for those who want to look.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { inFolder, runCheck } from '../cli/run-check.ts';
import {
  clean,
  compared,
  errorsOnly,
  finding,
  hostileReport,
  mixed,
  render,
  rendered,
  report,
} from '../report/sample-reports.ts';
import { launch, openPage, type Look } from './open-page.ts';
import { nameless, overflowing, visibleFindings, weakTexts, type WeakText } from './page-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'daygate-html-'));
const screenshots = join(import.meta.dirname, '../../.cache/screenshots');
const examples = join(import.meta.dirname, '../../examples');
let browser: Browser;

beforeAll(async () => {
  browser = await launch();
  mkdirSync(screenshots, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, page: string): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, page);
  return file;
}

/** Every object has many findings, names are long, and all that a report can hold is there. */
const full: Report = report(
  [
    ...mixed.findings,
    ...Array.from({ length: 30 }, (_, index) =>
      finding({
        file: `deploy/a/very/long/path/without/any/break/${'x'.repeat(120)}.yaml`,
        locator: `spec.template.spec.containers[${'n'.repeat(60)}].securityContext.allowPrivilegeEscalation`,
        policy: index % 2 === 0 ? 'forbid-privileged' : 'require-replicas',
        excerpt: `        command: [${'"argument", '.repeat(30)}]`,
        line: 1000 + index,
      }),
    ),
  ],
  { errors: errorsOnly.errors, skipped: mixed.skipped },
);
const pages: Readonly<Record<string, Report>> = {
  full,
  clean,
  rendered,
  compared,
  errors: errorsOnly,
  hostile: hostileReport,
};
const looks: readonly Required<Pick<Look, 'width' | 'colorScheme'>>[] = [
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
];

describe.each(looks)('at $width px, $colorScheme', (look) => {
  it.each(Object.keys(pages))('the page of a report can be read: %s', async (name) => {
    const input = pages[name] ?? clean;
    const { page, noise } = await openPage(browser, write(name, render('html', input)), look);
    expect(await page.evaluate(overflowing)).toEqual([]);
    expect(await page.evaluate<readonly WeakText[]>(weakTexts)).toEqual([]);
    expect(await page.evaluate(nameless)).toEqual([]);
    expect(await page.evaluate(visibleFindings)).toBe(
      // What the baseline lists shows when it is asked for.
      input.findings.filter(({ baselined }) => baselined === undefined).length,
    );
    await page.screenshot({ path: join(screenshots, `${name}-${look.width}-${look.colorScheme}.png`) });
    expect(noise).toEqual([]);
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const [red = 0] = (background.match(/\d+/g) ?? []).map(Number);
    expect(red > 128).toBe(look.colorScheme === 'light');
    await page.context().close();
  });
});

describe('the page', () => {
  const filtered = async (
    work: (page: Page) => Promise<void>,
    { of = mixed, ...look }: Look & { readonly of?: Report } = {},
  ) => {
    const { page, noise } = await openPage(browser, write('filters', render('html', of)), look);
    await work(page);
    expect(noise).toEqual([]);
    await page.context().close();
  };
  const shows = async (page: Page, number: number, words: string) => {
    await expect.poll(() => page.locator('#shown').textContent()).toBe(words);
    expect(await page.evaluate(visibleFindings)).toBe(number);
  };

  it('filters by words, action, severity and section, and hides what is empty', () =>
    filtered(async (page) => {
      await shows(page, 6, '6 findings');
      await page.keyboard.press('/');
      await page.keyboard.type('WORKER liveness');
      await shows(page, 1, '1 of 6');
      expect(await page.locator('.file:visible h3').allTextContents()).toEqual(['deploy/worker.yaml']);
      await page.keyboard.press('Escape');
      await shows(page, 6, '6 findings');
      await page.getByRole('checkbox', { name: 'deny' }).uncheck();
      await shows(page, 4, '4 of 6');
      await page.getByRole('combobox', { name: 'Severity' }).selectOption('low');
      await shows(page, 1, '1 of 6');
      await page.getByRole('combobox', { name: 'Severity' }).selectOption('critical');
      await shows(page, 0, '0 of 6');
      expect(await page.getByText('No finding fits the filter.').isVisible()).toBe(true);
    }));

  it('filters by rendering, and says which one an object is of', () =>
    filtered(
      async (page) => {
        await shows(page, 10, '10 findings');
        await page.getByRole('combobox', { name: 'Rendering' }).selectOption('charts/shop (prod.yaml)');
        await shows(page, 3, '3 of 10');
        expect(await page.locator('summary:visible small').allTextContents()).toEqual([
          'in charts/shop (prod.yaml)',
          'in charts/shop (prod.yaml)',
        ]);
        await page.getByRole('combobox', { name: 'Rendering' }).selectOption('overlays/clean');
        await shows(page, 0, '0 of 10');
        expect(await page.locator('.renderings .bad').textContent()).toContain('charts/broken');
      },
      { of: rendered },
    ));

  it('shows what the baseline lists only when it is asked for, and its number always', () =>
    filtered(
      async (page) => {
        await shows(page, 1, '1 of 5');
        expect(await page.locator('.figures .baselined dd').textContent()).toBe('4');
        expect(await page.getByText('require-image-digest at spec.template').isVisible()).toBe(true);
        await page.getByRole('checkbox', { name: 'baselined' }).check();
        await shows(page, 5, '5 findings');
      },
      { of: compared },
    ));

  it('leads from a section of the scorecard to its findings', () =>
    filtered(async (page) => {
      await page.getByRole('link', { name: 'resources', exact: true }).click();
      await shows(page, 3, '3 of 6');
      expect(await page.getByRole('combobox', { name: 'Section' }).inputValue()).toBe('resources');
    }));

  it('can be worked with the keyboard alone', () =>
    filtered(async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the findings');
      expect(await page.evaluate('document.activeElement.getBoundingClientRect().left >= 0')).toBe(true);
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.tagName === 'SUMMARY'`)) break;
      }
      await page.keyboard.press('Enter');
      expect(await page.evaluate(visibleFindings)).toBe(1);
    }));

  it('is the whole list where scripts are off', () =>
    filtered(
      async (page) => {
        expect(await page.locator('#filter').isVisible()).toBe(false);
        expect(await page.locator('.l li:visible').count()).toBe(6);
      },
      { javaScriptEnabled: false },
    ));

  it('prints all of it, folded objects too, and no filters', () =>
    filtered(async (page) => {
      await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = false))`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#filter').isVisible()).toBe(false);
      expect(await page.evaluate(visibleFindings)).toBe(6);
    }));

  it('shows the counts that the other formats have', async () => {
    await inFolder({}, async (place) => {
      const file = join(place, 'report.html');
      const { out } = await runCheck([examples], { output: ['json', `html=${file}`] });
      const { summary } = JSON.parse(out) as { summary: Record<string, number> };
      const { page, noise } = await openPage(browser, file);
      expect(await page.evaluate(visibleFindings)).toBe(summary['findings']);
      expect(await page.locator('.figures .deny dd').textContent()).toBe(String(summary['deny']));
      expect(await page.locator('.figures .warn dd').textContent()).toBe(String(summary['warn']));
      expect(noise).toEqual([]);
      await page.context().close();
    });
  });

  it('holds 10,000 findings in 5 MB and still filters', async () => {
    const findings = Array.from({ length: 10_000 }, (_, index) =>
      finding({
        line: 10 + index,
        file: `deploy/service-${Math.trunc(index / 100)}.yaml`,
        object: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: `web-${Math.trunc(index / 20)}`,
        },
      }),
    );
    const file = write('large', render('html', report(findings)));
    expect(statSync(file).size).toBeLessThan(5_000_000);
    const { page, noise } = await openPage(browser, file);
    await page.getByRole('searchbox').fill('web-499');
    await shows(page, 20, '20 of 10000');
    expect(noise).toEqual([]);
    await page.context().close();
  });
});
