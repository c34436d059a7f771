import { markup, type Markup } from '../../html/markup.ts';
import type { Point } from '../trend-by-day.ts';
import { number } from './numbers.ts';

const width = 720;
const height = 220;
const edge = { top: 14, right: 96, bottom: 26, left: 52 };

/** Lines over days: where the days are no dates, at equal steps. */
export function chart(points: readonly Point[]): Markup {
  const most = niceTop(Math.max(1, ...points.map(({ deny, warn }) => Math.max(deny, warn))));
  const times = points.map(({ date }) => Date.parse(date));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const isDated = last > first && times.every((time) => !Number.isNaN(time));
  const x = (index: number): number => {
    const share = isDated
      ? ((times[index] ?? first) - first) / (last - first)
      : index / Math.max(1, points.length - 1);
    return Math.round(edge.left + share * (width - edge.left - edge.right));
  };
  const y = (value: number): number =>
    Math.round(height - edge.bottom - (value / most) * (height - edge.top - edge.bottom));
  const ends = spread(y(points.at(-1)?.deny ?? 0), y(points.at(-1)?.warn ?? 0));
  const lines = (['deny', 'warn'] as const).map((kind, index) => {
    const spots = points.map((point, at) => ({ x: x(at), y: y(point[kind]) }));
    const path = spots.map((spot) => `${spot.x},${spot.y}`).join(' ');
    const dots = spots.map((spot) => markup`<circle cx="${spot.x}" cy="${spot.y}" r="3" />`);
    const now = `${number(points.at(-1)?.[kind] ?? 0)} ${kind}`;
    return markup`<g class="${kind}">
      <polyline points="${path}" />
      ${dots}<text x="${width - edge.right + 10}" y="${(ends[index] ?? 0) + 4}">${now}</text>
    </g>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const at = y(most * share);
    return markup`<line x1="${edge.left}" x2="${width - edge.right}" y1="${at}" y2="${at}" />
      <text class="tick" x="${edge.left - 8}" y="${at + 4}">${number(Math.round(most * share))}</text>`;
  });
  return markup`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${inWords(points)}">
    ${grid}${lines}<text class="day" x="${edge.left}" y="${height - 6}">${points[0]?.date ?? ''}</text
    ><text class="day end" x="${width - edge.right}" y="${height - 6}">${points.at(-1)?.date ?? ''}</text>
  </svg>`;
}

function inWords(points: readonly Point[]): string {
  const told = (point: Point | undefined): string =>
    point === undefined ? '' : `${number(point.deny)} deny and ${number(point.warn)} warn on ${point.date}`;
  return `Findings over time: from ${told(points[0])} to ${told(points.at(-1))}.`;
}

/** An even number at the top of the scale, so that its half is one too. */
function niceTop(most: number): number {
  const step = 10 ** Math.floor(Math.log10(most));
  const top = [1, 2, 4, 6, 8, 10].find((factor) => factor * step >= most) ?? 10;
  return Math.max(2, top * step);
}

/** Labels far enough from each other to be read. */
function spread(a: number, b: number): readonly [number, number] {
  const gap = 16 - Math.abs(a - b);
  if (gap <= 0) return [a, b];
  return a <= b ? [a - gap / 2, b + gap / 2] : [a + gap / 2, b - gap / 2];
}
