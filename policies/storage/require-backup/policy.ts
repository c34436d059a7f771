import { definePolicy, property, type Path } from '#sdk';
import { z } from 'zod';
import {
  k8upSchedule,
  postgresCluster,
  replicationSource,
  scheduledBackup,
  veleroSchedule,
} from './backup-kinds.ts';
import { persistentDataOf, type Annotations } from './persistent-data.ts';
import { isScheduled } from './schedules.ts';

const backupKey = 'daygate.dev/backup';
const timeKeys = ['daygate.dev/rpo', 'daygate.dev/rto'];

export default definePolicy({
  id: 'require-backup',
  category: 'storage',
  title: 'Require a backup of persistent data',
  severity: 'high',
  target: 'relation',
  kinds: ['PersistentVolumeClaim', 'StatefulSet', postgresCluster],
  facts: ['StatefulSet', veleroSchedule, k8upSchedule, replicationSource, scheduledBackup],
  optionalFacts: ['Workload'],
  profiles: { production: 'warn' },
  params: z.strictObject({}),
  messages: {
    missing: 'Nothing makes backups of {data}: no schedule covers it, and no annotation names a backup.',
    incomplete: 'The backup of {data} is named without {annotation}.',
    invalid: 'The annotation {annotation} of {data} is no time such as 15m, 24h or 7d.',
  },
  why: 'A volume survives its pod and neither a deleted claim, nor a wrong migration, nor the loss of its disk: without a backup that somebody can name, the data is gone for good.',
  remediation: {
    missing:
      'Cover it with a schedule (Velero, K8up, VolSync, ScheduledBackup of CloudNativePG), or name what makes its backups in the annotations daygate.dev/backup, daygate.dev/rpo and daygate.dev/rto.',
    incomplete:
      'Set {annotation}: rpo says how much work may be lost (24h for a backup a day), rto how long a restore may take.',
    invalid: 'Write {annotation} as numbers with s, m, h, d or w, such as 15m, 1h30m or 7d.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/',
    'https://velero.io/docs/main/api-types/schedule/',
    'https://docs.k8up.io/k8up/explanations/backup.html',
    'https://volsync.readthedocs.io/en/stable/usage/',
    'https://cloudnative-pg.io/documentation/current/backup/',
  ],
  validate(subject, { report }) {
    // Claim templates of one StatefulSet may share its annotations.
    const said = new Set<string>();
    const isNew = (place: Path): boolean => said.size < said.add(JSON.stringify(place)).size;
    for (const data of persistentDataOf(subject)) {
      const ownerOf = (key: string): Annotations | undefined =>
        data.annotations.find(({ values }) => property(values, key) !== undefined);
      for (const annotation of timeKeys) {
        const owner = ownerOf(annotation);
        if (owner === undefined || isDuration(property(owner.values, annotation))) continue;
        const place = [...owner.at, annotation];
        if (isNew(place)) report({ message: 'invalid', at: place, data: { data: data.what, annotation } });
      }
      if (isScheduled(subject.facts, data)) continue;
      const owner = ownerOf(backupKey);
      if (owner === undefined || !isName(property(owner.values, backupKey))) {
        report({ message: 'missing', at: data.at, data: { data: data.what } });
        continue;
      }
      for (const annotation of timeKeys) {
        const place = [...owner.at, annotation];
        if (ownerOf(annotation) === undefined && isNew(place))
          report({ message: 'incomplete', at: place, data: { data: data.what, annotation } });
      }
    }
  },
});

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isDuration(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\d+(?:\.\d+)?[smhdw])+$/.test(value);
}
