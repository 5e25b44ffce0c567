// Shows where two texts first differ, with some context, for messages about generated files.

const lines = 8;

/** The first differing lines of two texts, marked with `-` (actual) and `+` (expected). */
export function firstDifference(actual, expected) {
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
