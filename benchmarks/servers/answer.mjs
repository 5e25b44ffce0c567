// What every server answers, and how it tells its parent how much memory it has.

export const answer = { name: 'greenroom', kind: 'Component', tags: ['a', 'b'], counts: { relations: 3 } };

/** Answers each message of the parent process with the resident set size in bytes. */
export function reportMemory() {
  process.on('message', () => process.send(process.memoryUsage.rss()));
}
