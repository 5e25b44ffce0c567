// Prints one aligned line per step while they run, and afterwards the full output of failed steps.

const colours = { passed: 32, failed: 31, skipped: 33 };

/** A printer for outcomes of `runSteps`. Uses colours in a terminal only. */
export function stepTable(steps) {
  const stream = process.stdout;
  const width = Math.max(...steps.map(({ name }) => name.length));
  const paint = (text, colour) => (stream.isTTY ? `\u001b[${colour}m${text}\u001b[0m` : text);
  return {
    line({ step, status, seconds }) {
      const time = `${seconds.toFixed(1)} s`.padStart(8);
      stream.write(`  ${step.name.padEnd(width)}  ${paint(status.padEnd(7), colours[status])} ${time}\n`);
    },
    failures(outcomes) {
      for (const { step, status, output } of outcomes) {
        if (status !== 'failed') continue;
        stream.write(`\n${paint(`--- ${step.name} failed: ${step.command.join(' ')}`, colours.failed)}\n`);
        stream.write(`${output.trimEnd() || '(it printed nothing)'}\n`);
      }
    },
  };
}
