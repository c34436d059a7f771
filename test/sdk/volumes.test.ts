import { describe, expect, it } from 'vitest';
import { emptyDirOf, runsOnWindows, type Volume } from '#sdk';

describe('emptyDirOf', () => {
  it.each([
    [{ name: 'a', emptyDir: { medium: 'Memory' } }, { medium: 'Memory' }],
    [{ name: 'a' }, {}],
    [{ name: 'a', emptyDir: null }, {}],
    [{ name: 'a', emptyDir: null, configMap: null }, {}],
    [{ name: 'a', emptyDir: null, configMap: {} }, undefined],
    [{ name: 'a', emptyDir: 'x' }, undefined],
    [null, undefined],
  ])('reads %j as %j', (volume, expected) => {
    expect(emptyDirOf(volume as Volume)).toEqual(expected);
  });
});

describe('runsOnWindows', () => {
  it.each([
    [{}, false],
    [{ os: { name: 'windows' } }, true],
    [{ nodeSelector: { 'kubernetes.io/os': 'windows' } }, true],
    [{ os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'windows' } }, false],
    [{ os: null, nodeSelector: null }, false],
  ])('says of %j: %j', (podSpec, expected) => {
    expect(runsOnWindows(podSpec)).toBe(expected);
  });
});
