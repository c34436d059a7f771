import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const openAPIV3Schema = parse(
  readFileSync(join(import.meta.dirname, 'schemas/policy-report-v1alpha2.yaml'), 'utf8'),
) as object;

/** The CustomResourceDefinitions, for a cluster that is to take PolicyReports. */
export const policyReportDefinitions = [
  definition('PolicyReport', 'Namespaced'),
  definition('ClusterPolicyReport', 'Cluster'),
];

function definition(kind: string, scope: 'Namespaced' | 'Cluster'): object {
  const [singular, group] = [kind.toLowerCase(), 'wgpolicyk8s.io'];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      scope,
      versions: [{ name: 'v1alpha2', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(closed(openAPIV3Schema) as object);

/** What the schema objects to, fields that it does not know included. */
export function policyReportProblems(report: unknown): readonly string[] {
  if (validate(report)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

/** The schema without room for fields that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const isObject = 'properties' in schema && 'type' in schema && schema.type === 'object';
  return Object.fromEntries([...entries, ...(isObject ? [['additionalProperties', false]] : [])]);
}
