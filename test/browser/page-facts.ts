/** Scripts that run in the page; as text, since the project's types know no DOM. */

export interface WeakText {
  readonly text: string;
  readonly ratio: number;
}

/** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, AA). */
export const weakTexts = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) =>
    [red, green, blue]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
      if (alpha > 0) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (text === '' || /^(?:SCRIPT|STYLE|OPTION)$/.test(element.tagName) || !element.checkVisibility()) continue;
    const [light, dark] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))]
      .sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) weak.push({ text, ratio });
  }
  return weak;
})()`;

/** Elements that stick out of the window to the right and can be seen there. */
export const overflowing = `(() => {
  const width = document.documentElement.clientWidth;
  const clipped = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    }
    return false;
  };
  const out = [...document.body.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
    .map((element) => element.outerHTML.slice(0, 80));
  return document.documentElement.scrollWidth > width ? ['the page', ...out] : out;
})()`;

/** How many findings can be seen, wherever the window is scrolled to. */
export const visibleFindings = `[...document.querySelectorAll('.l li')]
  .filter((item) => item.checkVisibility({ contentVisibilityAuto: false })).length`;

/** Form controls and links that a screen reader would have no name for. */
export const nameless = `[...document.querySelectorAll('input, select, a, summary, button')]
  .filter((element) => !(element.getAttribute('aria-label') || element.closest('label') || element.textContent.trim()))
  .map((element) => element.outerHTML.slice(0, 80))`;
