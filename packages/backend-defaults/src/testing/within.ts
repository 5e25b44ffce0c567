// Fails a test whose call takes longer than it may.

/**
 * What a call gives; fails where it takes longer. Counted in ten parts by a timer of this process, as a time in which the
 * whole machine stands still, or this process is kept busy, is no more than one of them.
 */
export async function within<T>(ms: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    let left = 10;
    timer = setInterval(() => {
      left -= 1;
      if (left === 0) reject(new Error(`It was not over within ${ms} ms`));
    }, ms / left);
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearInterval(timer);
  }
}
