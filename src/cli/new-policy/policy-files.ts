import type { Category, Target } from '#sdk';
import { skeletons, type Skeleton } from './skeletons.ts';

/** The files of a fresh policy, by name below its folder. They pass the table test as they are. */
export function policyFiles(
  category: Category,
  id: string,
  target: Target,
  sdk: '#sdk' | 'daygate/sdk',
): Readonly<Record<string, string>> {
  const skeleton = skeletons[target];
  const { good, bad, place, header = '' } = skeleton;
  const allowed = header.replace('[developers]', '[platform]');
  return {
    'policy.ts': policyText(category, id, target, skeleton, sdk),
    'README.md': readmeText(`${allowed}${good}`, `${header}${bad}`),
    'fixtures/pass-example.yaml': `${allowed}${good}`,
    'fixtures/fail-example.yaml': `# expect: found ${place}\n${header}${bad}`,
  };
}

function policyText(category: Category, id: string, target: Target, skeleton: Skeleton, sdk: string): string {
  const { scope, message, remediation, validate } = skeleton;
  const words = id.replaceAll('-', ' ');
  const used = ['isRecord', 'list', 'text'].filter((name) => new RegExp(`\\b${name}\\(`).test(validate));
  return `import { ${['definePolicy', ...used].join(', ')} } from '${sdk}';
import { z } from 'zod';

export default definePolicy({
  id: '${id}',
  category: '${category}',
  title: '${words.charAt(0).toUpperCase()}${words.slice(1)}',
  severity: 'medium',
  target: '${target}',
  ${scope === '' ? '' : `${scope}\n  `}// Off until the settings turn it on: { baseline: 'warn', production: 'deny' } would be on from baseline.
  profiles: {},
  params: z.strictObject({}),
  messages: { found: '${message}' },
  why: 'Say here what goes wrong in a cluster without it.',
  remediation: '${remediation}',
  references: ['https://kubernetes.io/docs/'],
  ${validate}
});
`;
}

function readmeText(good: string, bad: string): string {
  return `Say here what the header does not: what counts, what does not, and why.

## Good

\`\`\`yaml good
${good}\`\`\`

## Bad

\`\`\`yaml bad
${bad}\`\`\`
`;
}
