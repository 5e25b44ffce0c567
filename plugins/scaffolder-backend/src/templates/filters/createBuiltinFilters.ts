// The built-in filters, in addition to those of the template language itself.
import { parseEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ScaffolderTemplateFunction, TemplateFilter } from '@greenroom/plugin-scaffolder-node';
import type { RepoUrlParser } from './RepoUrlParser';

/** A filter with its description. */
export interface BuiltinFilter extends ScaffolderTemplateFunction {
  readonly filter: TemplateFilter;
}

const text = { type: 'string' };
const repoLocation = {
  type: 'object',
  required: ['repo', 'host'],
  properties: { repo: text, host: text, owner: text, organization: text, workspace: text, project: text },
};
const entityName = {
  type: 'object',
  required: ['kind', 'namespace', 'name'],
  properties: { kind: text, namespace: text, name: text },
};

/** Indexed by name. */
export function createBuiltinFilters(repoUrls: RepoUrlParser): { [name: string]: BuiltinFilter } {
  return {
    parseRepoUrl: {
      description: 'Takes the URL of a repository, as a repository picker gives it, apart.',
      schema: { input: text, output: repoLocation },
      examples: [
        {
          description: 'The parts of a repository on GitHub',
          example: '${{ parameters.repoUrl | parseRepoUrl }}',
          notes: "Of 'github.com?owner=acme&repo=site': { host: 'github.com', owner: 'acme', repo: 'site' }",
        },
      ],
      filter: repoUrl => repoUrls.parse(repoUrl) as JsonObject,
    },
    parseEntityRef: {
      description: 'Takes a reference to an entity apart.',
      schema: {
        input: { anyOf: [text, { ...entityName, required: ['name'] }] },
        arguments: [{ type: 'object', properties: { defaultKind: text, defaultNamespace: text } }],
        output: entityName,
      },
      examples: [
        {
          description: 'The parts of the whole reference of a group',
          example: '${{ parameters.owner | parseEntityRef }}',
          notes: "Of 'group:default/digital': { kind: 'group', namespace: 'default', name: 'digital' }",
        },
        {
          description: 'Of a short reference, with a kind for it',
          example: "${{ parameters.owner | parseEntityRef({ defaultKind: 'group' }) }}",
        },
      ],
      filter: (ref, context) => parseRef(ref, context),
    },
    pick: {
      description: 'Takes one field out of an object.',
      schema: { input: { type: 'object' }, arguments: [text], output: {} },
      examples: [
        {
          description: 'The name alone, of a reference',
          example: "${{ parameters.owner | parseEntityRef | pick('name') }}",
        },
      ],
      filter: (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, String(key))
          ? (value as JsonObject)[String(key)]
          : undefined,
    },
    projectSlug: {
      description: 'Makes the short name of a repository, owner/repo, of its URL.',
      schema: { input: text, output: text },
      examples: [
        {
          description: 'For a link to the repository',
          example: '${{ parameters.repoUrl | projectSlug }}',
          notes: "Of 'github.com?owner=acme&repo=site': 'acme/site'",
        },
      ],
      filter: repoUrl => {
        const { owner, repo } = repoUrls.parse(repoUrl);
        return `${owner}/${repo}`;
      },
    },
  };
}

function parseRef(ref: JsonValue | undefined, context: JsonValue | undefined): JsonObject {
  if (typeof ref !== 'string' && typeof (ref as JsonObject | undefined)?.name !== 'string')
    throw new InputError(`A reference to an entity is needed, such as 'group:default/a'`);
  return {
    ...parseEntityRef(
      ref as string | { name: string },
      (context ?? {}) as { defaultKind?: string; defaultNamespace?: string },
    ),
  };
}
