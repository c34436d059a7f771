import type { Policy } from '#sdk';
import type { Profile } from './compiled.ts';

/**
 * The names of the controls that a policy answers to in all of the profiles that have it on: with other parameters, or
 * without the policies that belong to it, no finding would not mean that the control is met.
 */
export function controlsOf({ id, controls = [] }: Policy, profiles: Iterable<Profile>): readonly string[] {
  const on = [...profiles].filter(({ entries }) => entries.some(({ policy }) => policy.id === id));
  return controls.flatMap((control) => {
    if (typeof control === 'string') return [control];
    const { name, params = {}, with: others = [] } = control;
    const isMeant = ({ entries }: Profile): boolean => {
      const own = entries.find(({ policy }) => policy.id === id)?.params ?? {};
      return (
        Object.entries(params).every(([key, value]) => JSON.stringify(own[key]) === JSON.stringify(value)) &&
        others.every((other) => entries.some(({ policy }) => policy.id === other))
      );
    };
    return on.every(isMeant) ? [name] : [];
  });
}
