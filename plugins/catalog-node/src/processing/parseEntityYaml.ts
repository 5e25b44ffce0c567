// Parses the entities in a YAML file, for providers and processors.
import { createRequire } from 'node:module';
import type { Entity } from '@backstage/catalog-model';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { Document } from 'yaml';
import { composeDocuments } from '../internal/composeDocuments';
import { findUnfitSyntax } from '../internal/findUnfitSyntax';
import type { CatalogProcessorResult } from './CatalogProcessorResult';
import { processingResult } from './processingResult';

/**
 * Options of {@link parseEntityYaml}.
 *
 * @public
 */
export interface ParseEntityYamlOptions {
  /** Whether `<<` merges in the fields of another map. Defaults to `false`. */
  enableYamlMerge?: boolean;
}

/**
 * Yields an entity, or an error with its line, for each document of a YAML or JSON file. Empty documents are skipped.
 * The entities are not validated: they are plain JSON objects.
 *
 * @public
 */
export function* parseEntityYaml(
  data: string | Buffer,
  location: LocationSpec,
  options: ParseEntityYamlOptions = {},
): Generator<CatalogProcessorResult> {
  // Loaded synchronously with the first file, because most importers of this package never parse one.
  const require = createRequire(__filename);
  const yaml = require('yaml') as typeof import('yaml');
  const text = data.toString().replace(/^\uFEFF/, '');
  const lines = new yaml.LineCounter();
  const { enableYamlMerge: merge = false } = options;
  for (const composed of composeDocuments(yaml, text, lines, { merge })) {
    if ('stop' in composed) yield refused(composed.stop, `${composed.reason}; what follows is not read`);
    else yield* judge(composed);
  }

  function judge(document: Document.Parsed): CatalogProcessorResult[] {
    const { contents, errors, range } = document;
    if (errors[0]) return [refused(errors[0].pos[0], errors[0].message)];
    const [start] = contents?.range ?? range;
    if (contents === null || (yaml.isScalar(contents) && contents.value === null)) return [];
    const unfit = findUnfitSyntax(yaml, document);
    if (unfit) return [refused(unfit.offset, unfit.reason)];
    try {
      const value: unknown = document.toJS();
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return [processingResult.entity(location, JSON.parse(JSON.stringify(value)) as Entity)];
      }
      return [refused(start, 'not an object')];
    } catch (cause) {
      return [refused(start, (cause as Error).message)];
    }
  }
  function refused(offset: number, reason: string): CatalogProcessorResult {
    const { line } = lines.linePos(offset);
    const message = `${location.type}:${location.target}, line ${line}, is not YAML of an entity: ${reason}`;
    return processingResult.generalError(location, message);
  }
}
