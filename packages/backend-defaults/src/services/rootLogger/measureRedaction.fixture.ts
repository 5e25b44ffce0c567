// Measures the cost of masking, in a process of its own because a test's sandbox slows down every global. Prints the
// shortest times in ms, which other work on the machine changes least.
import { RootLogger } from './RootLogger';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
let seed = 1;
const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
const word = (length: number) =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

const secrets = Array.from({ length: 10_000 }, () => word(8 + Math.floor(random() * 40)));
const words = Array.from({ length: 10_000 }, (_, index) =>
  index % 1000 === 500 ? secrets[index]! : word(10),
);
// Encoded and decoded to get one flat string instead of a tree of its parts.
const text = Buffer.from(words.join(' ').slice(0, 100_000)).toString();

let written = '';
function loggerWith(count: number): RootLogger {
  const logger = RootLogger.create({ format: 'json', destination: { write: line => (written = line) } });
  logger.addRedactions(secrets.slice(0, count));
  return logger;
}
const [many, few] = [loggerWith(secrets.length), loggerWith(10)];

/** The least that reading every character costs. */
function hash(): number {
  let value = 0;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  return value;
}

const works = { hash, many: () => many.info(text), few: () => few.info(text) };
const shortest: Record<string, number> = {};
// Taking turns, so that whatever else the machine does affects all of them alike.
for (let round = 0; round < 101; round++) {
  for (const [name, work] of Object.entries(works)) {
    const begin = performance.now();
    work();
    shortest[name] = Math.min(shortest[name] ?? Infinity, performance.now() - begin);
  }
}
many.info(text);
const leaked = secrets.filter(secret => written.includes(secret)).length;
process.stdout.write(JSON.stringify({ ...shortest, leaked, masked: written.split('***').length - 1 }));
