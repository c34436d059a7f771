import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe finds on the page that keeps people from using it: `rule: the element`. It is told to look at what is there;
 * rules it cannot decide are for people.
 */
export async function graveFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], elementRef: false })`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
