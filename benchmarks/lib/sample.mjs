// Takes one sample, in its own process: loads a maker, runs a scenario once, and writes the metrics to file descriptor 3.
import { writeSync } from 'node:fs';
import { makers } from '../makers/makers.mjs';
import { scenarios } from '../scenarios/index.mjs';

const [scenarioId, makerId, size] = process.argv.slice(2);
const { run } = scenarios.find(({ id }) => id === scenarioId);

try {
  const maker = await makers[makerId].load();
  writeSync(3, JSON.stringify(await run({ ...maker, maker: makerId, size: Number(size) })));
  // A started backend may keep the process alive, but everything has been measured.
  process.exit(0);
} catch (error) {
  // Engines pass uncaught errors to their logger, which is silent here.
  writeSync(2, `${error?.stack ?? error}\n`);
  process.exit(1);
}
