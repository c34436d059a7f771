import { markup, nothing, type Markup } from '../../html/markup.ts';
import type { AuditReport, KindCoverage, UpgradeCheck } from '../audit-report.ts';
import { isUnread, unjudged, unreadWords } from '../unjudged.ts';
import { counted, number } from './numbers.ts';
import { folded, table } from './table.ts';

/** Entries of a list that are shown; a fleet has thousands. */
const mostEntries = 200;

/** What kept daygate from judging all it was asked to: on top of the page. */
export function problemList(report: AuditReport): Markup {
  const { kinds, reasons, errors } = unjudged(report);
  const total = errors.length + kinds.length;
  if (total === 0) return nothing;
  const items = [
    ...kinds.map((kind) => markup`<li><b>${whereOf(kind)}${kind.kind}</b> ${stateWords[kind.state]}</li> `),
    ...errors.map(({ file, message }) => {
      const place = file === undefined ? nothing : markup`<code>${file}</code> `;
      return markup`<li>${place}${message}</li> `;
    }),
  ];
  return markup`<section class="problems" aria-labelledby="problems">
    <h2 id="problems">Not judged (${number(total)})</h2>
    ${bulleted(items)}
    ${folded(
      'Why kinds were not read',
      reasons.length,
      bulleted(reasons.map((reason) => markup`<li>${reason}</li> `)),
    )}
  </section> `;
}

/** Suspensions that are in force, and parts of the cluster that were not asked for. */
export function noticeList({ notices, coverage: { shard, only } }: AuditReport): Markup {
  const all = [
    ...notices,
    ...(shard === undefined
      ? []
      : [`This is part ${shard.index} of ${shard.of}: other namespaces are in others.`]),
    ...(only === undefined ? [] : [`Only these namespaces were asked for: ${only.join(', ')}.`]),
  ];
  if (all.length === 0) return nothing;
  return markup`<ul class="notices" aria-label="Notices">
    ${all.map((notice) => markup`<li>${notice}</li> `)}
  </ul>`;
}

/** What the next version of Kubernetes changes, and what would keep nodes from being drained for it. */
export function upgradeList({ upgrade, findings }: AuditReport): Markup {
  if (upgrade === undefined) return nothing;
  const removed = findings.filter(({ policy }) => policy === 'forbid-removed-api').length;
  const link = markup`<a href="#findings" data-filter="policy=forbid-removed-api">${counted(removed, 'finding')}</a>`;
  return markup`<section aria-labelledby="upgrade">
    <h2 id="upgrade">Upgrade from ${upgrade.from} to ${upgrade.to}</h2>
    <p class="note">API versions that are gone by then: ${removed === 0 ? 'none in use' : link}.</p>
    ${drains(upgrade)}
  </section> `;
}

function drains({ blockedDrains }: UpgradeCheck): Markup {
  if (blockedDrains.length === 0)
    return markup`<p>No PodDisruptionBudget keeps a node from being drained.</p>`;
  return table(
    'PodDisruptionBudgets that keep nodes from being drained',
    [
      { title: 'PodDisruptionBudget that allows no eviction now' },
      { title: 'Healthy pods', isNumber: true },
      { title: 'Needed', isNumber: true },
    ],
    blockedDrains.map((one) => [
      `${whereOf(one)}${one.namespace}/${one.name}`,
      number(one.healthy),
      number(one.desired),
    ]),
    mostEntries,
  );
}

/** Coverage: kinds, namespaces, and what could say nothing. */
export function coverageList(report: AuditReport): Markup {
  const { coverage, namespaces, skipped } = report;
  const kinds = coverage.kinds.toSorted((a, b) => Number(isUnread(b.state)) - Number(isUnread(a.state)));
  const unchanged =
    coverage.unchanged === undefined
      ? ''
      : ` ${number(coverage.unchanged)} are as an earlier report found them.`;
  const exempt = namespaces.filter((namespace) => namespace.exempt === true).length;
  return markup`<section aria-labelledby="coverage">
    <h2 id="coverage">Coverage</h2>
    <p class="note">
      ${number(coverage.judged)} of ${number(coverage.listed)} objects were judged: the others are exempt, belong to a
      workload that was judged and add nothing, or are about to go.${unchanged}
    </p>
    ${folded('Kinds', kinds.length, kindTable(kinds))}
    ${folded(
      exempt === 0 ? 'Namespaces' : `Namespaces, ${number(exempt)} of them exempt`,
      namespaces.length,
      namespaceTable(namespaces),
    )}
    ${folded('Kinds that are not known to make pods, and do', coverage.unmapped.length, unmapped(coverage))}
    ${folded('What policies could not say', skipped.length, skips(report))}
  </section> `;
}

function kindTable(kinds: readonly KindCoverage[]): Markup {
  return table(
    'Kinds that were listed',
    [{ title: 'Kind' }, { title: 'Objects', isNumber: true }, { title: 'State' }],
    kinds.map((one) => [
      markup`${whereOf(one)}${one.kind} <small>${one.apiVersion}</small>`,
      number(one.objects),
      markup`<span class="tag ${isUnread(one.state) ? 'expired' : 'in-force'}">${stateWords[one.state]}</span>`,
    ]),
  );
}

function namespaceTable(namespaces: AuditReport['namespaces']): Markup {
  return table(
    'Namespaces',
    [
      { title: 'Namespace' },
      { title: 'Profile' },
      { title: 'Enforcement' },
      { title: 'Judged', isNumber: true },
    ],
    namespaces.map((one) => [
      `${whereOf(one)}${one.name}`,
      one.profile,
      one.exempt === true ? 'exempt' : one.enforcement,
      number(one.objects),
    ]),
  );
}

function unmapped({ unmapped: kinds }: AuditReport['coverage']): Markup {
  return bulleted(
    kinds.map(
      ({ apiVersion, kind, owned }) =>
        markup`<li><b>${kind}</b> <small>${apiVersion}, pods that were judged themselves: ${number(owned)}</small></li> `,
    ),
  );
}

function skips({ skipped }: AuditReport): Markup {
  return bulleted(
    skipped.map(({ policy, reason, objects, cluster }) => {
      const who = policy === undefined ? nothing : markup`<b>${policy}</b> `;
      return markup`<li>${whereOf({ cluster })}${who}${reason} <small>${counted(objects, 'object')}</small></li> `;
    }),
  );
}

function bulleted(items: readonly Markup[]): Markup {
  const rest = items.length - mostEntries;
  const more =
    rest > 0 ? markup`<li>${number(rest)} more are in the JSON form of this report.</li>` : nothing;
  return markup`<ul class="gaps">
    ${items.slice(0, mostEntries)}${more}
  </ul>`;
}

function whereOf({ cluster }: { readonly cluster?: string | undefined }): string {
  return cluster === undefined ? '' : `${cluster} `;
}

const stateWords: Readonly<Record<KindCoverage['state'], string>> = {
  complete: 'complete',
  resumed: 'complete, of more than one moment',
  ...unreadWords,
  'not-served': 'is not served by this cluster',
};
