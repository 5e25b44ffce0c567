// Reads the configuration as the backend in the working directory would.
import { inspectConfig, type InspectedConfig } from '../services/rootConfig/inspectConfig';
import { defaultSchemaRoots, gatherSchemas } from '../services/rootConfig/schemas/gatherSchemas';
import type { GatheredSchemas } from '../services/rootConfig/schemas/PackageConfigSchema';

/** The configuration, and the schemas that it was checked against. */
export async function loadForCli(
  configArgs: readonly string[],
): Promise<{ config: InspectedConfig; gathered: GatheredSchemas }> {
  const gathered = await gatherSchemas(defaultSchemaRoots(''));
  const config = await inspectConfig({ argv: configArgs, schemas: gathered.schemas });
  return { config, gathered };
}
