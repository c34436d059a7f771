import { settingsJsonSchema } from '../../src/config/settings-json-schema.ts';
import { cell, table, withGenerated } from './markdown.ts';

/** What the table reads of a JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** docs/settings.md, with the table of all settings made from their schema. */
export function settingsPage(page: string | undefined): string {
  return withGenerated(
    page,
    'the schema',
    table(
      ['Setting', 'Default', 'Says'],
      settingRows().map(({ name, schema: { default: byDefault, description = '' } }) => [
        `\`${name}\``,
        isEmpty(byDefault) ? '' : `\`${JSON.stringify(byDefault)}\``,
        cell(description),
      ]),
    ),
  );
}

/** Every setting by its way from the root, as in `exceptions[].match.kind`. */
export function settingRows(): readonly { readonly name: string; readonly schema: Schema }[] {
  const root = settingsJsonSchema([]) as Schema;
  return below(root, '').map(({ name, schema }) => ({ name: name.slice(1), schema }));

  function below(schema: Schema, name: string): { name: string; schema: Schema }[] {
    const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
    return [
      ...Object.entries(properties).flatMap(([key, value]) => [
        { name: `${name}.${key}`, schema: value },
        ...below(value, `${name}.${key}`),
      ]),
      ...anyOf.flatMap((branch) => below(branch, name)),
      ...(typeof additionalProperties === 'object' ? below(additionalProperties, `${name}.NAME`) : []),
      ...(items === undefined ? [] : below(items, `${name}[]`)),
      // Tables of policies: those of profiles have the same members as that of the settings.
      ...(name === '.policies' ? below(root.$defs?.['policy'] ?? {}, '.policies.ID') : []),
    ];
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && JSON.stringify(value).length === 2);
}
