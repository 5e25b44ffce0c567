// Reads the command line of the benchmark.
import { parseArgs } from 'node:util';

const usage = `npm run bench -- [--rounds N] [--only SCENARIO]... [--quick] [--profile]

  --rounds N        rounds, in each of which every maker has its turn (default 5)
  --only SCENARIO   run this one alone, or those of this group; may be given several times
  --quick           small sizes: shows that all scenarios run, proves nothing about speed
  --profile         no scenario: shows in which steps a start of the engine spends its time`;

/**
 * Returns `{ rounds, quick, profile, chosen }`, or `{ help }`. Throws an error that explains what is wrong and what
 * is available.
 */
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
  const groups = [...new Set(scenarios.flatMap(({ group }) => group ?? []))];
  if (values.help) return { help: `${usage}\n\nScenarios: ${ids.join(', ')}\nGroups: ${groups.join(', ')}` };

  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number from 1 up, not '${values.rounds}'.`);
  }
  const known = [...ids, ...groups];
  const unknown = (values.only ?? []).find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no scenario '${unknown}'. There are: ${known.join(', ')}.`);
  const isChosen = ({ id, group }) => !values.only || values.only.includes(id) || values.only.includes(group);
  const chosen = scenarios.filter(isChosen);
  return { rounds, quick: values.quick, profile: values.profile, chosen };
}
