// Shows where the time of a start goes: summarises profiles of the engine and of the bare loop by step, in a table.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { makers } from '../makers/makers.mjs';
import { formatNumber } from './formatNumber.mjs';
import { summarize } from './statistics.mjs';
import { scenarios } from '../scenarios/index.mjs';
import { sampleEnvironment, takeSample } from './takeSample.mjs';
import { textTable } from './textTable.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const sampleFile = fileURLToPath(new URL('profileSample.mjs', import.meta.url));
const compared = ['greenroom', 'bareLoop'];

/** The profiled scenarios, at sizes at which hardly any function runs often enough to be optimised well. */
const profiled = [
  { id: 'plugins', size: 1_000, title: '1,000 plugins' },
  { id: 'modules', size: 3_000, title: 'one plugin with 3,000 modules' },
];

/** Whether the scenario is one of the profiled ones. */
export function isProfiled(scenarioId) {
  return profiled.some(({ id }) => id === scenarioId);
}

/** A text table for each scenario: the milliseconds of each step, as medians of `rounds` fresh processes per maker. */
export function profileTables(rounds) {
  return profiled.map(({ id, size, title }) => {
    const taken = Object.fromEntries(compared.map(maker => [maker, []]));
    for (let round = 0; round < rounds; round++) {
      for (const maker of compared) taken[maker].push(takeProfile(id, maker, size));
    }
    return `Of start() with ${title}:\n\n${profileTable(taken)}\n\n${optimizerLine(id, size, rounds)}`;
  });
}

/** How much time the threads that compile hot code take from the start that they are meant to speed up. */
function optimizerLine(id, size, rounds) {
  const scenario = scenarios.find(one => one.id === id);
  const ways = { with: scenario, without: { ...scenario, nodeOptions: ['--no-opt'] } };
  const samples = { with: [], without: [] };
  for (let round = 0; round < 3 * rounds; round++) {
    for (const way of Object.keys(ways)) {
      const { metrics } = takeSample(ways[way], 'greenroom', size);
      samples[way].push(metrics.startMs);
    }
  }
  const [withIt, without] = Object.values(samples).map(all => formatNumber(summarize(all).median));
  return `Without V8's optimizing compiler (\`--no-opt\`) the same start takes ${without} ms, with it ${withIt} ms in the same run: medians
of ${3 * rounds}. It works in threads of its own, and where there are two cores they take them from the start.`;
}

function takeProfile(scenario, maker, size) {
  const child = spawnSync(process.execPath, [sampleFile, scenario, maker, String(size)], {
    cwd: folder,
    env: sampleEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (child.status !== 0)
    throw new Error(`The profile of '${scenario} ${maker} ${size}' failed.\n${child.output?.[2]}`);
  return JSON.parse(child.output[3].toString());
}

function profileTable(taken) {
  const all = Object.values(taken).flat();
  const medians = Object.fromEntries(compared.map(maker => [maker, mediansOf(taken[maker])]));
  const whole = Object.fromEntries(compared.map(maker => [maker, sum(Object.values(medians[maker]))]));
  const steps = [...new Set(all.flatMap(Object.keys))].sort(
    (a, b) => (medians.greenroom[b] ?? 0) - (medians.greenroom[a] ?? 0),
  );
  const cells = (maker, ms) =>
    ms === undefined ? ['', ''] : [`${formatNumber(ms)} ms`, `${((100 * ms) / whole[maker]).toFixed(0)} %`];
  const rows = steps.map(step => [step, ...compared.flatMap(maker => cells(maker, medians[maker][step]))]);
  rows.push(['all', ...compared.flatMap(maker => cells(maker, whole[maker]))]);
  const columns = compared.flatMap(maker => [
    { title: makers[maker].label, right: true },
    { title: 'share', right: true },
  ]);
  return textTable([{ title: 'step' }, ...columns], rows);
}

function mediansOf(profiles) {
  const steps = new Set(profiles.flatMap(Object.keys));
  return Object.fromEntries(
    [...steps].map(step => [step, summarize(profiles.map(profile => profile[step] ?? 0)).median]),
  );
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
