import { z } from 'zod';
import { settingsSchema } from '../../src/engine/settings.ts';

/** docs/settings.schema.json: what an editor needs to help with daygate.yaml. */
export function settingsJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, { io: 'input' });
  const description = 'Settings of daygate: daygate.yaml, one file for admission, check and audit.';
  return JSON.stringify({ $schema, title: 'daygate.yaml', description, ...schema });
}
