// What every server answers, and how it tells its parent what it has used.

export const answer = { name: 'greenroom', kind: 'Component', tags: ['a', 'b'], counts: { relations: 3 } };

/** Answers each message of the parent process with its resident set size and processor time: `{ rssMb, cpuUs }`. */
export function reportUsage() {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ rssMb: process.memoryUsage.rss() / 1e6, cpuUs: user + system });
  });
}
