// `greenroom config:print`: prints the effective configuration, with secrets masked.
import type { JsonObject } from '@backstage/types';
import { type ConfigPath, describePlace } from '../services/rootConfig/ConfigPlace';
import type { InspectedConfig } from '../services/rootConfig/inspectConfig';
import { schemaNotes } from '../services/rootConfig/schemas/schemaNotes';
import type { CliOptions } from './CliOptions';
import { loadForCli } from './loadForCli';
import { maskSecrets } from './maskSecrets';
import { problemLines } from './problemLines';

/** Returns the exit code: 1 if the configuration has problems, which are reported on standard error. */
export async function printCommand({ configArgs, format, withSources }: CliOptions): Promise<number> {
  const { config, gathered } = await loadForCli(configArgs);
  const masked = maskSecrets(config);
  const text =
    format === 'json' ? `${JSON.stringify(masked, null, 2)}\n` : await toYaml(masked, withSources && config);
  process.stdout.write(text);
  for (const line of problemLines(config, process.stderr)) process.stderr.write(`${line}\n`);
  // Secrets that only these schemas mark were not masked in what was printed.
  for (const warning of schemaNotes(gathered).warnings) process.stderr.write(`${warning}\n`);
  return config.problems.length > 0 ? 1 : 0;
}

/** YAML; with `sources`, each value is followed by the place that it comes from. */
async function toYaml(data: JsonObject, sources: InspectedConfig | false): Promise<string> {
  const { Document, isMap, isScalar, isSeq } = await import('yaml');
  const document = new Document(data, { aliasDuplicateObjects: false });
  const annotate = (node: unknown, path: ConfigPath): void => {
    if (isMap(node)) node.items.forEach(({ key, value }) => annotate(value, [...path, String(key)]));
    if (isSeq(node)) node.items.forEach((item, index) => annotate(item, [...path, index]));
    if (isScalar(node) && sources) {
      node.comment = ` ${describePlace(sources.merged.locate(path), process.cwd())}`;
    }
  };
  if (sources) annotate(document.contents, []);
  return document.toString({ lineWidth: 0 });
}
