// Turns a duration that code gives into milliseconds.
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';

/** `NaN` with a unit that does not exist, such as `minute`, which would be left out otherwise. */
export function humanMilliseconds(duration: HumanDuration): number {
  const known = Object.keys(duration).every(unit => durationToMilliseconds({ [unit]: 1 }) > 0);
  return known ? durationToMilliseconds(duration) : NaN;
}
