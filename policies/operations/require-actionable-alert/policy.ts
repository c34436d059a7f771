import { customKind, definePolicy, isControlled, list, property, text, type KubernetesObject } from '#sdk';
import { z } from 'zod';

interface Rule {
  readonly alert?: string | null;
  readonly for?: string | null;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly annotations?: Readonly<Record<string, string>> | null;
}

interface Group {
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly rules?: readonly Rule[] | null;
}

const PrometheusRule = customKind<
  KubernetesObject & { readonly spec?: { readonly groups?: readonly Group[] | null } | null }
>({
  group: 'monitoring.coreos.com',
  versions: ['v1'],
  kind: 'PrometheusRule',
  resource: 'prometheusrules',
  namespaced: true,
});

export default definePolicy({
  id: 'require-actionable-alert',
  category: 'operations',
  title: 'Require alerts that can be acted on',
  severity: 'low',
  target: 'object',
  kinds: [PrometheusRule],
  profiles: { production: 'warn' },
  params: z.strictObject({
    labels: z.array(z.string().min(1)).default(['severity']).describe('Labels that every alert has'),
    annotations: z
      .array(z.string().min(1))
      .default(['summary', 'description', 'runbook_url'])
      .describe('Annotations that every alert has'),
  }),
  messages: {
    missing: 'The alert {alert} has no {field}.',
    instant: 'The alert {alert} fires at once: it has no for.',
    runbook: 'The runbook_url of the alert {alert} is no https address.',
  },
  why: 'An alert that says neither how bad it is nor what to do wakes somebody who cannot help, and one that fires at the first sample wakes them for nothing.',
  remediation: {
    missing: 'Add {field} to the alert.',
    instant:
      'Set for to how long it must hold before somebody is woken, for example 5m, or to 0s where nobody can wait.',
    runbook: 'Write the whole address of the runbook, beginning with https://.',
  },
  references: [
    'https://prometheus.io/docs/practices/alerting/',
    'https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/',
  ],
  validate({ object, at }, { params, report }) {
    if (isControlled(object)) return;
    for (const [index, group] of list(object.spec?.groups).entries()) {
      for (const [position, rule] of list<Rule>(property(group, 'rules') as Group['rules']).entries()) {
        const alert = text(property(rule, 'alert'));
        // Without a name it is a recording rule.
        if (alert === undefined || alert === '') continue;
        const place = (...path: readonly string[]) => at('spec', 'groups', index, 'rules', position, ...path);
        const label = (key: string): string =>
          wordAt(property(rule, 'labels'), key) || wordAt(property(group, 'labels'), key);
        const annotations = property(rule, 'annotations');
        const miss = (holder: 'labels' | 'annotations', key: string): void => {
          report({ message: 'missing', at: place(holder, key), data: { alert, field: `${holder}.${key}` } });
        };
        for (const key of params.labels) if (label(key) === '') miss('labels', key);
        for (const key of params.annotations) if (wordAt(annotations, key) === '') miss('annotations', key);
        // Severity none wakes nobody: it proves that alerts arrive, or silences others.
        if (wordAt(rule, 'for') === '' && label('severity') !== 'none')
          report({ message: 'instant', at: place('for'), data: { alert } });
        const runbook = wordAt(annotations, 'runbook_url');
        // A template may put the address together when the alert fires.
        if (runbook !== '' && !/^(?:https:\/\/|\{\{)/i.test(runbook)) {
          report({ message: 'runbook', at: place('annotations', 'runbook_url'), data: { alert } });
        }
      }
    }
  },
});

/** A text without the space around it, empty where there is none. */
function wordAt(holder: unknown, key: string): string {
  return (text(property(holder, key)) ?? '').trim();
}
