import { statSync } from 'node:fs';
import { isRecord } from '#sdk';
import { issueText } from '../engine/issue-text.ts';
import { printable } from '../engine/message.ts';
import { codeOf, fileProblem, UserError } from '../errors.ts';
import { readPlainFile } from '../plain-file.ts';
import type { AuditReport } from '../report/audit/audit-report.ts';
import { auditOutputSchema } from './report-schema.ts';

/** V8's longest text has 512 MiB. */
const longestReport = 500 * 1024 * 1024;

/** What the file says beside: its version and kind are looked at before, and the summary follows from the rest. */
const reportSchema = auditOutputSchema.omit({ version: true, kind: true, summary: true });

/**
 * Reads the JSON form of an audit, or of several that were merged.
 *
 * @throws UserError `not-found` or `unreadable` for the file itself, `report` where it holds no such report
 */
export function readAuditReport(file: string): AuditReport {
  return parseAuditReport(readText(file), file);
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > longestReport)
      throw new UserError(
        'unreadable',
        `report ${file}: is larger than 500 MiB: merge fewer clusters into one`,
        file,
      );
    return readPlainFile(file).toString();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const isMissing = codeOf(error) === 'ENOENT';
    const code = isMissing ? 'not-found' : 'unreadable';
    throw new UserError(code, `report ${file}: ${fileProblem(error)}`, file);
  }
}

/** Reads a report from its text; `file` is only a name for messages. @throws UserError `report` */
export function parseAuditReport(text: string, file: string): AuditReport {
  const wrong = (message: string): UserError => new UserError('report', `report ${file}: ${message}`, file);
  const value = parseJson(text.replace(/^\ufeff/, ''), wrong);
  if (!isRecord(value) || value['kind'] !== 'audit') {
    const isOfCheck = isRecord(value) && 'findings' in value && 'coverage' in value;
    throw wrong(
      isOfCheck
        ? 'is a report of daygate check: write one with daygate audit -o json=FILE'
        : 'is no report of an audit: write one with daygate audit -o json=FILE',
    );
  }
  const { version } = value;
  if (version !== 1) {
    const given = typeof version === 'number' ? `version ${version}` : 'no version';
    throw wrong(`has ${given}, and this daygate reads version 1: run the audit again with this daygate`);
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const first = issues
      .slice(0, 3)
      .map(
        ({ path, ...issue }) =>
          `${printable(path.map(String).join('.'), 200)}: ${issueText({ path, ...issue })}`,
      );
    const more = issues.length > 3 ? `; and ${issues.length - 3} more` : '';
    throw wrong(`is no report that this daygate reads: ${first.join('; ')}${more}: run the audit again`);
  }
  return parsed.data;
}

function parseJson(text: string, wrong: (message: string) => UserError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it read.
    if (text.trim() === '') throw wrong('is empty: did the audit end before it was written?');
    const isCut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    throw wrong(
      isCut
        ? 'ends in the middle: it was not written or copied whole; run the audit again'
        : 'is no JSON: write a report with daygate audit -o json=FILE',
    );
  }
}
