// Shows where two texts first differ, with the lines around it, for messages about generated files.

/** The first differing lines of two texts, as a few lines marked `-` (has) and `+` (should have). */
export function firstDifference(actual, expected, lines = 8) {
  const has = actual.split('\n');
  const wanted = expected.split('\n');
  const start = wanted.findIndex((line, index) => line !== has[index]);
  const from = start < 0 ? wanted.length : start;
  return [
    `  line ${from + 1}:`,
    ...has.slice(from, from + lines).map(line => `  - ${line}`),
    ...wanted.slice(from, from + lines).map(line => `  + ${line}`),
  ].join('\n');
}
