// Reads the command line of the benchmark.
import { parseArgs } from 'node:util';

const usage = `npm run bench -- [--rounds N] [--only SCENARIO]... [--quick] [--profile]

  --rounds N        rounds, in each of which every maker has its turn (default 5)
  --only SCENARIO   run this one alone; may be given several times
  --quick           small sizes: shows that all scenarios run, proves nothing about speed
  --profile         no scenario: shows in which steps a start of the engine spends its time`;

/** `{ rounds, quick, profile, chosen }`, or `{ help }`. Throws a sentence that says what is wrong and what there is. */
export function readOptions(args, scenarios) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const ids = scenarios.map(({ id }) => id);
  if (values.help) return { help: `${usage}\n\nScenarios: ${ids.join(', ')}` };

  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number from 1 up, not '${values.rounds}'.`);
  }
  const unknown = (values.only ?? []).filter(id => !ids.includes(id));
  if (unknown.length > 0)
    throw new Error(`There is no scenario '${unknown[0]}'. There are: ${ids.join(', ')}.`);
  const chosen = values.only ? scenarios.filter(({ id }) => values.only.includes(id)) : scenarios;
  return { rounds, quick: values.quick, profile: values.profile, chosen };
}
