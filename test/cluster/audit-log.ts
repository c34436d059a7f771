import { readFile } from 'node:fs/promises';
import * as z from 'zod';

export type AuditLevel = 'Metadata' | 'Request' | 'RequestResponse';

const userSchema = z.looseObject({
  username: z.string().default(''),
  groups: z.array(z.string()).default([]),
});

const auditEventSchema = z.looseObject({
  auditID: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  user: userSchema,
  impersonatedUser: userSchema.optional(),
  userAgent: z.string().optional(),
  objectRef: z
    .looseObject({
      resource: z.string().optional(),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      apiGroup: z.string().optional(),
    })
    .optional(),
  responseStatus: z
    .looseObject({
      code: z.number().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
    })
    .optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  requestObject: z.unknown().optional(),
  responseObject: z.unknown().optional(),
});

/** One request that changed something, or tried to. https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export type AuditEvent = z.infer<typeof auditEventSchema>;

/**
 * Reads are left out, since controllers read all the time, but for those that admission sees: kubectl opens
 * exec, attach and port-forward with a GET. So are the 200 objects that the API server makes for itself.
 */
export function formatAuditPolicy(level: AuditLevel): string {
  return JSON.stringify({
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', users: ['system:apiserver'] },
      { level, resources: [{ group: '', resources: ['pods/exec', 'pods/attach', 'pods/portforward'] }] },
      { level: 'None', verbs: ['get', 'list', 'watch'] },
      { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] },
      { level: 'None', resources: ['', 'events.k8s.io'].map((group) => ({ group, resources: ['events'] })) },
      { level },
    ],
  });
}

export async function readAuditEvents(path: string): Promise<AuditEvent[]> {
  const text = await readFile(path, 'utf8');
  // What follows the last line break is a line still being written.
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => auditEventSchema.parse(JSON.parse(line)));
}
