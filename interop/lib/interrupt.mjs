// Ends the backends and drops the databases of a run that is interrupted.

const left = [];
let interrupted = false;

/** Returns `end`, to be called when it is time, and otherwise called if the run is interrupted. Throws if it already is. */
export function endOnInterrupt(end) {
  if (interrupted) throw new Error('The run was interrupted.');
  let ended;
  const endOnce = () =>
    (ended ??= end().finally(() => {
      left.splice(left.indexOf(endOnce), 1);
    }));
  left.push(endOnce);
  return endOnce;
}

/** Makes Ctrl-C leave nothing behind. Whoever is in a hurry presses it twice. */
export function listenForInterrupts() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, async () => {
      interrupted = true;
      // Backends before their databases.
      while (left.length > 0)
        await left
          .at(-1)()
          .catch(error => process.stderr.write(`${error.stack}\n`));
      process.exit(code);
    });
  }
}
