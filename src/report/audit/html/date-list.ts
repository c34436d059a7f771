import { markup, nothing, type Markup } from '../../html/markup.ts';
import { firstOf } from '../../words.ts';
import type { AuditReport } from '../audit-report.ts';
import { expiriesOf, recordAges } from '../expiries.ts';
import { sectionOfRecord } from '../section-of.ts';
import { sections } from '../sections.ts';
import { inDays, number } from './numbers.ts';
import { table } from './table.ts';

/** What changes by itself on which day, and how old dated records are. */
export function dateList(report: AuditReport): Markup {
  const expiries = expiriesOf(report);
  const records = recordAges(report);
  if (expiries.length === 0 && records.length === 0) return nothing;
  return markup`<section aria-labelledby="dates">
    <h2 id="dates">Dates</h2>
    ${
      expiries.length === 0
        ? nothing
        : table(
            'What ends, the soonest first',
            [
              { title: 'Day' },
              { title: 'What' },
              { title: 'Policies' },
              { title: 'Findings', isNumber: true },
            ],
            expiries.map(({ date, days, what, policies, owner, findings }) => [
              markup`<time>${date}</time> <small class="${urgency(days)}">${inDays(days)}</small>`,
              what === 'exception'
                ? `the exception of ${owner ?? ''} ${days < 0 ? 'has ended' : 'ends'}`
                : `old objects are tolerated ${days < 0 ? 'no longer' : 'until then'}`,
              firstOf(policies, 4),
              number(findings),
            ]),
            100,
          )
    }
    ${
      records.length === 0
        ? nothing
        : markup`<h3>Dated records, the oldest first</h3>
            ${table(
              'Dated records, the oldest first',
              [
                { title: 'Record' },
                { title: 'Section' },
                { title: 'Objects', isNumber: true },
                { title: 'Oldest' },
                { title: 'Newest' },
              ],
              records.map(({ name, objects, oldest, newest, days }) => [
                name,
                sections[sectionOfRecord(name)]?.title ?? '',
                number(objects),
                markup`<time>${oldest}</time> <small>${inDays(-days)}</small>`,
                markup`<time>${newest}</time>`,
              ]),
              100,
            )}`
    }
  </section> `;
}

function urgency(days: number): string {
  return days < 0 ? 'past' : days <= 14 ? 'soon' : 'later';
}
