import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds on the page that keeps people from using it: `rule: the element`. `contrast` is about colours alone. */
export async function graveFaults(page: Page, rules: 'all' | 'contrast' = 'all'): Promise<readonly string[]> {
  const runOnly = rules === 'contrast' ? ['color-contrast'] : undefined;
  const options = { resultTypes: ['violations'], selectors: false, preload: false, runOnly };
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
