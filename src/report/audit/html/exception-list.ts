import { markup, nothing, type Markup } from '../../html/markup.ts';
import { firstOf, matchWords } from '../../words.ts';
import type { AuditException, AuditReport } from '../audit-report.ts';
import { daysBetween } from '../expiries.ts';
import { inDays, number } from './numbers.ts';
import { table } from './table.ts';

/** Every exception of the settings: what has ended and what ends soon first. */
export function exceptionList({ exceptions, date }: AuditReport): Markup {
  if (exceptions.length === 0) return nothing;
  const sorted = exceptions.toSorted((a, b) => a.daysLeft - b.daysLeft);
  const rows = sorted.map((exception) => [
    markup`${firstOf(exception.policies, 4)}<small>${matchWords(exception.match) || 'everywhere'}</small>`,
    markup`<span class="tag ${exception.state}">${stateWords[exception.state]}</span>${
      exception.findings === 0 ? markup` <span class="tag unused">unused</span>` : nothing
    }`,
    markup`<time>${exception.expires}</time> <small>${inDays(daysBetween(date, exception.expires))}</small>`,
    number(exception.findings),
    exception.owner,
    exception.reason,
  ]);
  const columns = [
    { title: 'Policies and objects' },
    { title: 'State' },
    { title: 'Ends' },
    { title: 'Findings', isNumber: true },
    { title: 'Owner' },
    { title: 'Reason' },
  ];
  return markup`<section aria-labelledby="exceptions">
    <h2 id="exceptions">Exceptions</h2>
    ${table('Exceptions', columns, rows)}
  </section> `;
}

const stateWords: Readonly<Record<AuditException['state'], string>> = {
  'in-force': 'in force',
  expiring: 'ends soon',
  expired: 'ended',
};
