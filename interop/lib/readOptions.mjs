// Reads the command line.
import { parseArgs } from 'node:util';

const usage = `npm run interop -- [--rounds N] [--only NAME]... [--check]

  --rounds N   how often each backend is started, for the median of its start-up time (default 3)
  --only NAME  this part or this plugin alone; may be given several times
  --check      what CI has time for: all plugins in one backend, each half of a mixed deployment once, nothing beside it,
               no move by package.json alone, which installs everything anew; the page stays as it is

GREENROOM_TEST_POSTGRES names the PostgreSQL server; the default is postgres://postgres@127.0.0.1:5432/postgres.`;

/**
 * Returns `{ rounds, only, check, postgres }`, or `{ help }`. Throws an error with a readable message if an option is
 * invalid.
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: usage };
  const rounds = Number(values.rounds ?? (values.check ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number from 1 up, not '${values.rounds}'.`);
  }
  return {
    rounds,
    only: values.only,
    check: values.check,
    postgres: process.env.GREENROOM_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres',
  };
}
