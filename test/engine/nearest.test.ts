import { expect, it } from 'vitest';
import { nearest, nearestAmong } from '../../src/engine/nearest.ts';

it.each([
  ['memory-limit', ['require-memory-limit', 'bound-limit-ratio'], ': did you mean require-memory-limit?'],
  ['replicas', ['bound-hpa-replicas', 'require-replicas'], ': did you mean require-replicas?'],
  ['fox', ['fix', 'params'], ': did you mean fix?'],
  ['mn', ['min', 'max'], ': did you mean min?'],
])('%s is probably one of %j', (name, known, hint) => {
  expect(nearest(name, known)).toBe(hint);
});

it('a word of which little is right is no typing error', () => {
  expect(nearest('min', ['action', 'params', 'fix'])).toBe('');
});

it('a name that is asked again and again is compared with the known ones once', () => {
  const known = ['baseline', 'production'];
  let times = 0;
  const counting = Object.assign([...known], {
    *[Symbol.iterator]() {
      times++;
      yield* known;
    },
  });
  const hint = nearestAmong(counting);
  const asked = ['prodution', 'basline', 'prodution', 'nothing', 'basline', 'nothing'];
  expect(asked.map(hint)).toEqual(asked.map((name) => nearest(name, known)));
  expect(times).toBe(3);
});

it('a name is compared with so many known ones, and not with thousands', () => {
  const teams = Array.from({ length: 499 }, (_, index) => `squad-${index}`);
  expect(nearest('prodution', [...teams, 'production'])).toBe(': did you mean production?');
  expect(nearest('prodution', [...teams, 'squad-x', 'production'])).toBe('');
});
