// The response of all servers, and how they report their resource usage to their parent.

export const answer = { name: 'greenroom', kind: 'Component', tags: ['a', 'b'], counts: { relations: 3 } };

/**
 * Answers each message from the parent process with the resident set size and processor time: `{ rssMb, cpuUs }`. Ends
 * with the parent, because a sample that takes too long is killed.
 */
export function reportUsage() {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ rssMb: process.memoryUsage.rss() / 1e6, cpuUs: user + system });
  });
  process.on('disconnect', () => process.exit());
}
