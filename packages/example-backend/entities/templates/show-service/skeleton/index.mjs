// Waits for the cues of this service, one a line on standard input.
import { createInterface } from 'node:readline';

const cues = new Set(JSON.parse('${{ values.cues | dump }}'));

for await (const cue of createInterface({ input: process.stdin })) {
  if (cues.has(cue)) process.stdout.write(`Go: ${cue}\n`);
}
