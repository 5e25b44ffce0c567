// Converts a duration given in code to milliseconds.
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';

/** `NaN` if there is a unit that does not exist, such as `minute`, which would otherwise be ignored. */
export function humanMilliseconds(duration: HumanDuration): number {
  const known = Object.keys(duration).every(unit => durationToMilliseconds({ [unit]: 1 }) > 0);
  return known ? durationToMilliseconds(duration) : NaN;
}
