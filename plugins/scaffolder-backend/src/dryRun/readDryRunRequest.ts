// Reads the request body of a dry run.
import { InputError } from '@backstage/errors';
import type { Entity } from '@backstage/catalog-model';
import type { JsonObject } from '@backstage/types';
import type { ScaffolderFile, TaskSecrets } from '@greenroom/plugin-scaffolder-node';
import { readSecrets, readValues } from '../tasks/ScaffolderTasks';
import { isTemplateEntity, type TemplateEntity } from '../templates/TemplateSpec';

/** A template, which need not be in the catalog, with the files next to it and the values of its form. */
export interface DryRunRequest {
  readonly template: TemplateEntity;
  readonly values: JsonObject;
  readonly secrets: TaskSecrets;
  readonly directoryContents: readonly ScaffolderFile[];
}

/** Throws `InputError` if the body is invalid. */
export function readDryRunRequest(body: unknown): DryRunRequest {
  const { template, values, secrets, directoryContents = [] } = Object(body) as Record<string, unknown>;
  if (!isTemplate(template)) {
    throw new InputError(
      "In the body, 'template' must be an entity of kind Template, scaffolder.backstage.io/v1beta3, with a name and steps that have an action each, and with objects for parameters and output if it has any",
    );
  }
  const given = readValues(values);
  if (!Array.isArray(directoryContents) || !directoryContents.every(isFile)) {
    throw new InputError(
      "In the body, 'directoryContents' must be a list of objects with path and base64Content",
    );
  }
  return { template, values: given, secrets: readSecrets(secrets), directoryContents };
}

function isTemplate(value: unknown): value is TemplateEntity {
  const { kind, apiVersion, metadata } = Object(value) as Partial<Entity>;
  return (
    typeof kind === 'string' &&
    typeof apiVersion === 'string' &&
    typeof metadata?.name === 'string' &&
    isTemplateEntity(value as Entity)
  );
}

function isFile(value: unknown): value is ScaffolderFile {
  const { path, base64Content } = Object(value) as Record<string, unknown>;
  return typeof path === 'string' && typeof base64Content === 'string';
}
