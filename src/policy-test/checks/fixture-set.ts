import type { PolicyFolder } from '../fixtures.ts';
import { verdictsOf } from '../judge-fixture.ts';

/** There is something to learn from the folder: it shows what passes, every message, and every fix. */
export function fixtureSet({ policy, fixtures, examples, faults, own }: PolicyFolder): readonly string[] {
  const objections = [...faults];
  for (const expects of ['pass', 'fail'] as const) {
    if (!fixtures.some((fixture) => fixture.expects === expects))
      objections.push(`there is no ${expects}- fixture`);
    const word = expects === 'pass' ? 'good' : 'bad';
    if (!own && !examples.some((example) => example.expects === expects))
      objections.push(`README.md has no \`\`\`yaml ${word} block`);
  }
  const failing = fixtures.filter(({ expects }) => expects === 'fail');
  const said = new Set(
    failing.flatMap((fixture) =>
      verdictsOf(policy, fixture).flatMap(({ findings }) => findings.map(({ messageId }) => messageId)),
    ),
  );
  for (const message of Object.keys(policy.messages)) {
    if (!said.has(message)) objections.push(`no failing fixture leads to the message ${message}`);
  }
  const mended = new Set(
    failing
      .filter(({ fixed }) => fixed !== undefined)
      .flatMap(({ findings }) => (findings ?? []).map((finding) => finding.split(' ', 1)[0])),
  );
  for (const message of policy.fix?.resolves ?? []) {
    if (!mended.has(message)) objections.push(`no fail-….fixed.yaml shows the fix of ${message}`);
  }
  return [...objections, ...twins(fixtures)];
}

function twins(fixtures: PolicyFolder['fixtures']): readonly string[] {
  const seen = new Map<string, string>();
  return fixtures.flatMap(({ name, documents, params, kubernetes, request }) => {
    const content = JSON.stringify([documents, params, kubernetes, request]);
    const twin = seen.get(content);
    seen.set(content, name);
    return twin === undefined ? [] : [`${name} says the same as ${twin}`];
  });
}
