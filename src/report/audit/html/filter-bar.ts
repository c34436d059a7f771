import { severities } from '../../../engine/severities.ts';
import { markup, nothing, type Markup } from '../../html/markup.ts';
import { standingOf } from '../../words.ts';
import type { AuditReport } from '../audit-report.ts';
import { sections } from '../sections.ts';
import { number } from './numbers.ts';

const actions = ['deny', 'warn', 'audit', 'excepted'] as const;
/** What stands for a finding without a team or a namespace; no name begins with a dash. */
export const unnamed = '-';

/** Search and filters; the script shows them, and without it there is simply the whole list. */
export function filterBar({ findings, objects, policies }: AuditReport): Markup {
  const ids = new Set(findings.map(({ policy }) => policy));
  const titles = policies.filter(({ id }) => ids.has(id)).map(({ id }) => [id, id] as const);
  const found = actions.map(
    (name) => [name, findings.filter((finding) => standingOf(finding) === name).length] as const,
  );
  const clusters = [...new Set(findings.flatMap(({ cluster }) => cluster ?? []))].sort();
  return markup`<form id="filter" role="search" aria-label="Findings" hidden>
    <input
      type="search"
      id="q"
      aria-label="Search the findings"
      placeholder="Search the findings"
      autocomplete="off"
      aria-keyshortcuts="/"
    />
    <span class="chips" role="group" aria-label="Actions"
      >${found
        .filter(([, size]) => size > 0)
        .map(
          ([name, size]) =>
            markup`<label class="chip ${name}"
              ><input type="checkbox" name="action" value="${name}" checked /> ${name} <b>${number(size)}</b></label
            >`,
        )}</span
    >
    ${clusters.length < 2 ? nothing : select('cluster', 'Cluster', 'all clusters', clusters.map(itself))}
    ${select('team', 'Team', 'all teams', named(objects.map(({ team }) => team)))}
    ${select('namespace', 'Namespace', 'all namespaces', named(findings.map(({ object }) => object.namespace)))}
    ${select(
      'section',
      'Section',
      'all sections',
      sections.map(({ id, title }) => [id, title]),
    )}
    ${select('policy', 'Policy', 'all policies', titles)}
    ${select('severity', 'Severity', 'any severity', severities.map(itself))}
    <span class="acts"
      ><button type="button" id="unfold">Unfold all</button> <button type="reset">Clear</button>
      <output id="shown"></output
    ></span>
  </form> `;
}

function select(
  id: string,
  label: string,
  all: string,
  options: readonly (readonly [string, string])[],
): Markup {
  if (options.length < 2) return nothing;
  return markup`<select id="${id}" aria-label="${label}">
    <option value="">${all}</option>
    ${options.map(([value, text]) => option(value, text))}
  </select>`;
}

function option(value: string, text: string): Markup {
  return value === text
    ? markup`<option>${value}</option>`
    : markup`<option value="${value}">${text}</option>`;
}

function itself(name: string): readonly [string, string] {
  return [name, name];
}

function named(names: readonly (string | undefined)[]): readonly (readonly [string, string])[] {
  const known = [...new Set(names.flatMap((name) => name ?? []))].sort().map(itself);
  return names.includes(undefined) ? [...known, [unnamed, 'none']] : known;
}
