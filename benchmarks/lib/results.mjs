// Stores the samples of each scenario's last measurement, so that a partial run only updates its part of the page.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describeMachine } from './describeMachine.mjs';

const file = new URL('../results.json', import.meta.url);

/**
 * By scenario, `{ date, machine, load, rounds, results }`: the day, the machine, the load average just before, the
 * number of rounds, and the samples; and under `profile` the tables of a start, with the same metadata.
 */
export function readResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Replaces one result immediately, so that an aborted run keeps what it has. */
export function keepResult(id, result) {
  const date = new Date().toISOString().slice(0, 10);
  const all = { ...readResults(), [id]: { date, machine: describeMachine(), ...result } };
  const lines = Object.keys(all).map(key => `${JSON.stringify(key)}: ${JSON.stringify(all[key])}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
