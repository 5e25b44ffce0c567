// `greenroom config:schema`: compiles the schemas that packages ship as types before the first start.
import { defaultSchemaRoots, gatherSchemas } from '../services/rootConfig/schemas/gatherSchemas';
import { schemaNotes } from '../services/rootConfig/schemas/schemaNotes';

/** Returns the exit code: 1 if a schema cannot be used, or if the compiled ones could not be cached. */
export async function schemaCommand(): Promise<number> {
  const gathered = await gatherSchemas(defaultSchemaRoots(''), { compileAnew: true });
  const { notes, warnings } = schemaNotes(gathered);
  const { compiled, uncompiled } = gathered;
  if (!compiled && uncompiled.length === 0)
    notes.push('No package has a configuration schema that is written as types');
  for (const note of notes) process.stdout.write(`${note}\n`);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  return warnings.length > 0 || (compiled && !compiled.folder) ? 1 : 0;
}
