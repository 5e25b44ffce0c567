// Keeps the samples of every scenario's last measurement, so that a run of some scenarios renews their part of the page alone.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../results.json', import.meta.url);

/**
 * By scenario, `{ date, load, rounds, results }`: the day, the load average just before, the rounds asked for, and the
 * samples; and as `profile` the tables of a start, with the same beside them.
 */
export function readResults() {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** Replaces one of them, at once: a run that breaks off keeps what it has. */
export function keepResult(id, result) {
  const date = new Date().toISOString().slice(0, 10);
  const all = { ...readResults(), [id]: { date, ...result } };
  const lines = Object.keys(all).map(key => `${JSON.stringify(key)}: ${JSON.stringify(all[key])}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
