import { z } from 'zod';
import type { Policy } from '#sdk';
import { compareTexts } from '../engine/order.ts';
import { settingsSchema } from '../engine/settings.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What only zod calls a format; the pattern beside it says the same to everybody. */
const ownFormats = new Set(['starts_with', 'ends_with', 'includes', 'lowercase', 'uppercase']);

/**
 * The schema of daygate.yaml for editors, with the policies at hand: their ids are completed, their parameters are
 * checked and explained.
 */
export function settingsJsonSchema(policies: readonly Policy[]): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema, path }) => {
      // Tables of policies, in the settings and in their profiles, are one definition.
      if (zodSchema instanceof z.ZodRecord && path.at(-1) === 'policies') {
        for (const key of Object.keys(jsonSchema)) {
          if (key !== 'description' && key !== 'default') Reflect.deleteProperty(jsonSchema, key);
        }
        jsonSchema.$ref = '#/$defs/policies';
      }
    },
  });
  const row = without(
    ['$schema'],
    z.toJSONSchema(settingsSchema.shape.policies.unwrap().valueType, { io: 'input' }),
  );
  const properties = Object.fromEntries(
    [...policies]
      .sort((a, b) => compareTexts(a.id, b.id))
      .map((policy) => [policy.id, policyRow(policy, row)]),
  );
  return {
    $schema,
    title: 'daygate.yaml',
    description: 'Settings of daygate: daygate.yaml, one file for admission, check and audit.',
    ...schema,
    $defs: {
      policy: row,
      policies: { type: 'object', properties, additionalProperties: { $ref: '#/$defs/policy' } },
    },
  };
}

function policyRow({ id, title, params }: Policy, row: JsonSchema): JsonSchema {
  const { anyOf } = row as { readonly anyOf: readonly JsonSchema[] };
  // Each table of the settings may say a part; whether the whole is right is checked when it is read.
  const parameters = without(
    ['$schema', 'required'],
    z.toJSONSchema(params, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => {
        if (ownFormats.has(jsonSchema.format ?? '')) delete jsonSchema.format;
      },
    }),
  );
  if (Object.keys(params.shape).length === 0) return { description: title, $ref: '#/$defs/policy' };
  return {
    description: title,
    anyOf: anyOf.map((branch) => {
      const own = branch['properties'] as JsonSchema | undefined;
      return own === undefined
        ? branch
        : {
            ...branch,
            properties: {
              ...own,
              params: { ...parameters, description: `Parameters: see \`daygate explain ${id}\`` },
            },
          };
    }),
  };
}

function without(keys: readonly string[], schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)));
}
