import { expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { readSettings } from '../../src/config/settings-file.ts';

test('without a file, settings and what is said about them are those of an empty one', async () => {
  const { settings, place, describe, isWritten } = await readSettings(undefined);
  const empty = parseSettings('', undefined);
  expect(settings).toEqual(empty.settings);
  expect(isWritten(['profile'])).toBe(empty.isWritten(['profile']));
  for (const path of [[], ['policies', 'require-replicas']]) {
    expect(place(path)).toBe(empty.place(path));
    expect(describe({ path, message: 'a mistake' })).toBe(empty.describe({ path, message: 'a mistake' }));
  }
});
