import type { ReportPolicy } from './report.ts';

/** Each thing a policy advises, once. */
export function remediesOf({ remediation }: Pick<ReportPolicy, 'remediation'>): readonly string[] {
  if (remediation === undefined) return [];
  return typeof remediation === 'string' ? [remediation] : [...new Set(Object.values(remediation))];
}

/** What `daygate explain` says, as plain text and as Markdown. */
export function policyHelp(policy: ReportPolicy): { readonly text: string; readonly markdown: string } {
  const { why, references } = policy;
  const remedies = remediesOf(policy);
  return {
    text: [why, ...remedies, ...references].join('\n'),
    markdown: [
      why,
      ...(remedies.length === 0 ? [] : ['**What to write instead**', bullets(remedies)]),
      ...(references.length === 0 ? [] : ['**Read more**', bullets(references)]),
    ].join('\n\n'),
  };
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
