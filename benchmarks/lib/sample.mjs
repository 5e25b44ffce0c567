// One sample, in a process of its own: loads one maker, runs one scenario once, and writes the metrics to file descriptor 3.
import { writeSync } from 'node:fs';
import { makers } from '../makers/makers.mjs';
import { scenarios } from '../scenarios/index.mjs';

const [scenarioId, makerId, size] = process.argv.slice(2);
const { run } = scenarios.find(({ id }) => id === scenarioId);

try {
  const maker = await makers[makerId].load();
  writeSync(3, JSON.stringify(await run({ ...maker, maker: makerId, size: Number(size) })));
  // A started backend may keep a process alive; what is to be measured has been.
  process.exit(0);
} catch (error) {
  // An engine takes uncaught errors to its logger, and here that one is silent.
  writeSync(2, `${error?.stack ?? error}\n`);
  process.exit(1);
}
