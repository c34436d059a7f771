import { markup, type Markup } from '../../html/markup.ts';

/** A bar of parts that lie side by side, for the eye: the numbers stand beside it. */
export function bar(parts: readonly (readonly [kind: string, size: number])[], total: number): Markup {
  let from = 0;
  const rects = parts.map(([kind, size]) => {
    const x = from;
    from += size;
    return markup`<rect class="${kind}" x="${share(x, total)}" width="${share(size, total)}" height="1" />`;
  });
  return markup`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${rects}</svg>`;
}

function share(part: number, total: number): string {
  return total <= 0 ? '0' : String(Number(((part * 100) / total).toFixed(2)));
}
