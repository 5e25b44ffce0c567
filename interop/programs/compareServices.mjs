// Compares a core service of both implementations, and sends the differences: `{ count, differences }`.
process.env.LOG_LEVEL = 'error';

const { name, count } = JSON.parse(process.env.INTEROP_RANDOM);
const { compare } = await import(`../comparisons/${name}.mjs`);
const differences = [];
for await (const difference of compare(count)) differences.push(difference);
process.send({ count, differences }, () => process.exit());
