import { count } from './words.ts';

/** How long an exception still holds: `5 days left`, `ended 3 days ago`. The last day counts as one that is left. */
export function daysLeftText(state: 'in-force' | 'expiring' | 'expired', daysLeft: number): string {
  if (state === 'expired') return daysLeft === 0 ? 'ended today' : `ended ${count(-daysLeft, 'day')} ago`;
  return daysLeft === 1 ? 'the last day' : `${count(daysLeft, 'day')} left`;
}
