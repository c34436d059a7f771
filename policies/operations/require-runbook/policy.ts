import { definePolicy, isControlled, property, testDomainOf, testDomains, text } from '#sdk';
import { z } from 'zod';

/** Many a company has its own pages below .local. */
const nowhere = testDomains.filter((domain) => domain !== 'local');

export default definePolicy({
  id: 'require-runbook',
  category: 'operations',
  title: 'Require a runbook',
  severity: 'low',
  target: 'object',
  kinds: ['Workload'],
  profiles: { production: 'warn' },
  params: z.strictObject({
    annotations: z
      .array(z.string().min(1))
      .min(1)
      .default(['runbook', 'runbook-url', 'a8r.io/runbook'])
      .describe('Annotations of which one holds the address of the runbook'),
  }),
  messages: {
    missing: '{kind} {name} names no runbook in the annotation {annotation}.',
    address: 'The annotation {annotation} of {kind} {name} is no https address.',
    testHost: 'The runbook of {kind} {name} lies on a host for tests ({domain}).',
  },
  why: 'Whoever is woken by a workload they do not know needs the page that says what it does, how to tell what is wrong, and what to do about it.',
  remediation: {
    missing:
      'Set the annotation {annotation} to the https address of the page to open at three in the morning.',
    address: 'Write the whole address, beginning with https://.',
    testHost: 'Write the address of the real page.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
    'https://sre.google/sre-book/being-on-call/',
  ],
  validate({ object, at }, { params, report }) {
    if (isControlled(object)) return;
    const annotations = object.metadata?.annotations;
    let wrong: { readonly annotation: string; readonly domain: string | undefined } | undefined;
    for (const annotation of params.annotations) {
      const address = (text(property(annotations, annotation)) ?? '').trim();
      if (address === '') continue;
      const host = hostOf(address);
      const domain = host === undefined ? undefined : (testDomainOf(host, nowhere) ?? loopbackOf(host));
      if (host !== undefined && domain === undefined) return;
      wrong ??= { annotation, domain };
    }
    const annotation = wrong?.annotation ?? params.annotations[0] ?? '';
    const place = at('metadata', 'annotations', annotation);
    if (wrong === undefined) report({ message: 'missing', at: place, data: { annotation } });
    else if (wrong.domain === undefined) report({ message: 'address', at: place, data: { annotation } });
    else report({ message: 'testHost', at: place, data: { domain: wrong.domain } });
  },
});

/** The host of an https address, undefined where the text is none. */
function hostOf(address: string): string | undefined {
  return /^https:\/\/(?:[^/?#@]*@)?(\[[\da-f:.]+\]|[^/?#:@\s]+)/i.exec(address)?.[1];
}

/** The reader's own machine, by its address. */
function loopbackOf(host: string): string | undefined {
  return /^(?:127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])$/.exec(host)?.[0];
}
