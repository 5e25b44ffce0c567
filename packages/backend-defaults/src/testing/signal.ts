// A promise that tests resolve from outside, to wait for events instead of for time.

/** Resolves when `fire` is called the given number of times, with what the last call was given. */
export function signal<T = void>(times = 1): { fired: Promise<T>; fire: (value: T) => void } {
  let resolve!: (value: T) => void;
  const fired = new Promise<T>(done => (resolve = done));
  let left = times;
  return {
    fired,
    fire(value) {
      if (--left === 0) resolve(value);
    },
  };
}
