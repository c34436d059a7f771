import axe from 'axe-core';
import type { Page } from 'playwright-core';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * What axe finds on the page that keeps people from using it: `rule: the element`. On a page with a hundred thousand
 * elements it takes minutes to look at matters of taste: `wcag` leaves those out, and `contrast` is about colours alone.
 */
export async function graveFaults(
  page: Page,
  rules: 'all' | 'wcag' | 'contrast' = 'all',
): Promise<readonly string[]> {
  const runOnly = { all: undefined, wcag, contrast: ['color-contrast'] }[rules];
  const options = { resultTypes: ['violations'], selectors: false, preload: false, runOnly };
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
