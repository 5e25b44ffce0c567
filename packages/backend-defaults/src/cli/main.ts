#!/usr/bin/env node
// The `greenroom` command line: looks at the configuration of the backend in the working directory.
import { parseArgs } from 'node:util';
import { checkCommand } from './checkCommand';
import type { CliOptions } from './CliOptions';
import { printCommand } from './printCommand';
import { schemaCommand } from './schemaCommand';

const usage = `Usage: greenroom <command> [options]

  config:check   tells everything that is wrong with the configuration
  config:print   prints the configuration that is in force, with secrets masked
  config:schema  compiles the configuration schemas that packages ship as types (.d.ts), so that no start has to

Run it in the folder of the backend's package. Options:

  --config FILE      a configuration file; may be repeated, later ones win (default: app-config.yaml and
                     app-config.local.yaml of this folder or the nearest above it)
  --format FORMAT    of config:print: yaml (default) or json
  --with-sources     of config:print: says behind each value where it comes from (yaml only)
  --help             prints this

Exit codes: 0 where all is well (warnings do not count), 1 where the configuration or a schema has
problems, 2 for wrong arguments.
`;

const commands = new Map<string, (options: CliOptions) => Promise<number>>([
  ['config:check', checkCommand],
  ['config:print', printCommand],
  ['config:schema', schemaCommand],
]);

/** Does what the arguments say, and returns the exit code. */
async function run(args: string[]): Promise<number> {
  const work = parse(args);
  if (typeof work !== 'string') return work();
  process.stderr.write(`${work}\n\n${usage}`);
  return 2;
}

/** What to do; or what is wrong with the arguments. */
function parse(args: string[]): (() => number | Promise<number>) | string {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string', multiple: true, default: [] },
        format: { type: 'string', default: 'yaml' },
        'with-sources': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return (error as Error).message;
  }
  const { config, format, help, 'with-sources': withSources } = parsed.values;
  if (help) return printUsage;
  const [name, ...others] = parsed.positionals;
  if (name === undefined) return 'Say which command to run.';
  const command = commands.get(name);
  if (!command) return `There is no command '${name}'.`;
  if (others.length > 0) return `'${others.join(' ')}' is one argument too many.`;
  if (format !== 'yaml' && format !== 'json') return `--format is yaml or json, not '${format}'.`;
  if (withSources && format === 'json')
    return '--with-sources writes comments, which JSON cannot have: use yaml.';
  const configArgs = config.flatMap(file => ['--config', file]);
  return () => command({ configArgs, format, withSources });
}

function printUsage(): number {
  process.stdout.write(usage);
  return 0;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who reads the output has seen enough, as `head` does after its lines.
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  process.stderr.write(`The output could not be written: ${error.message}\n`);
  process.exit(1);
});

// Sets the exit code instead of ending the process, so that everything written to a pipe arrives.
run(process.argv.slice(2)).then(
  code => (process.exitCode = code),
  error => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exitCode = 1;
  },
);
