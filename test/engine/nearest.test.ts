import { expect, it } from 'vitest';
import { nearest, nearestAmong } from '../../src/engine/nearest.ts';

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
