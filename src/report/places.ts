import type { LocatedFinding, Report } from './report.ts';
import { firstOf, noteOf, standingOf, titleOf } from './words.ts';

/** What is found at one place of the source: once, or in each of several renderings that say the same about it. */
export interface Place {
  /** The first of them, for what they share. */
  readonly finding: LocatedFinding;
  readonly all: readonly LocatedFinding[];
}

/**
 * Findings as whoever mends the source counts them: three values files that make the same mistake of one line of a
 * template are one place. In the order of the findings.
 */
export function byPlace(findings: readonly LocatedFinding[]): readonly Place[] {
  const groups = Map.groupBy(findings, (finding) => (finding.render === undefined ? finding : said(finding)));
  return [...groups.values()].flatMap((all) => all.slice(0, 1).map((finding) => ({ finding, all })));
}

/** All but what objects are called, which may differ between renderings: in what is said, too. */
function said(finding: LocatedFinding): string {
  const { policy, messageId, message, remediation, file, line, column, object, locator } = finding;
  const anyName = (text: string): string => text.replaceAll(object.name, '*');
  return JSON.stringify([
    ...[policy, messageId, anyName(message), anyName(remediation), file, line, column, object.kind, locator],
    ...[standingOf(finding), noteOf(finding)],
  ]);
}

/**
 * `charts/shop (dev.yaml), charts/shop (prod.yaml) and 2 more`, or `all 3 renderings of charts/shop`; empty for what was
 * not rendered.
 */
export function renderingsOf({ all }: Place, { renderings = [] }: Report, most = 3): string {
  const labels = new Set(all.flatMap(({ render }) => render ?? []));
  const byPath = Map.groupBy(renderings, ({ path }) => path);
  const names = [...labels].map((label) => {
    const path = renderings.find((rendering) => rendering.label === label)?.path ?? label;
    const siblings = byPath.get(path) ?? [];
    const areAll = siblings.length > 1 && siblings.every((sibling) => labels.has(sibling.label));
    return areAll ? `all ${siblings.length} renderings of ${path}` : label;
  });
  return firstOf([...new Set(names)], most);
}

/** The objects at a place: one, unless its renderings give it different names. */
export function objectsAt({ all }: Place): readonly string[] {
  return [...new Set(all.map(titleOf))];
}

/** What else is to be said about a finding, in the formats that show lines as certain; empty where there is nothing. */
export function notesOf({ finding }: Place): string {
  const guess = finding.approximate === true ? ['the line is a guess'] : [];
  return [noteOf(finding), ...guess].filter((note) => note !== '').join('; ');
}

/** Places by file and object, and what was rendered by the renderings that say the same, in the order of the findings. */
export function placesByObject(findings: readonly LocatedFinding[]): readonly (readonly Place[])[] {
  const groups = Map.groupBy(byPlace(findings), (place) => {
    const { file, render, document, item = -1 } = place.finding;
    const where = render === undefined ? [document, item] : place.all.map((one) => one.render);
    return JSON.stringify([file, objectsAt(place), where]);
  });
  return [...groups.values()];
}
