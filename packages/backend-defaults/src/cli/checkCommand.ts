// `greenroom config:check`: reports everything that is wrong with the configuration.
import { schemaNotes } from '../services/rootConfig/schemas/schemaNotes';
import type { CliOptions } from './CliOptions';
import { loadForCli } from './loadForCli';
import { counted, paint, problemLines } from './problemLines';
import { workspacesNote } from './workspacesNote';

/** Returns the exit code: 1 if there is a problem; warnings do not count. */
export async function checkCommand({ configArgs }: CliOptions): Promise<number> {
  const { config, gathered } = await loadForCli(configArgs);
  const { problems, warnings, sources } = config;
  const out = process.stdout;
  for (const line of problemLines(config, out)) out.write(`${line}\n`);

  const names = sources.map(({ context }) => (context === 'env' ? 'APP_CONFIG_ variables' : context));
  const read = names.length === 0 ? 'There is no configuration' : names.join(', ');
  const counts = [
    problems.length > 0 && counted(problems.length, 'problem'),
    warnings.length > 0 && counted(warnings.length, 'warning'),
  ].filter(Boolean);
  const outcome = counts.length === 0 ? 'no problems' : counts.join(', ');
  const against = `checked against ${counted(gathered.schemas.length, 'schema')}`;
  const color = problems.length > 0 ? 'red' : warnings.length > 0 ? 'yellow' : 'green';
  out.write(`${read}: ${paint(color, outcome, out)} (${against})\n`);
  for (const warning of [...schemaNotes(gathered).warnings, workspacesNote()].filter(Boolean))
    out.write(`${warning}\n`);
  return problems.length > 0 ? 1 : 0;
}
