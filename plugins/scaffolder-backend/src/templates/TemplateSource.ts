// Reads templates and users from the catalog.
import type { Entity, UserEntity } from '@backstage/catalog-model';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_SOURCE_LOCATION,
  parseEntityRef,
  parseLocationRef,
  stringifyEntityRef,
} from '@greenroom/plugin-catalog-node/internal';
import { pathToFileURL } from 'node:url';
import { InputError, NotFoundError } from '@backstage/errors';
import type { AuthService, BackstageCredentials } from '@greenroom/backend-plugin-api';
import type { CatalogService } from '@greenroom/plugin-catalog-node';
import type { TemplateInfo } from '@greenroom/plugin-scaffolder-node';
import type { TaskSpec } from './TaskSpec';
import { isTemplateEntity, type TemplateEntity, type TemplateStep } from './TemplateSpec';

/** What a task needs from the catalog. */
export interface FoundTemplate {
  readonly template: TemplateEntity;
  /** The user entity, if there is one. */
  readonly user?: UserEntity;
}

/** Reads with the permissions of the caller. */
export class TemplateSource {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;

  constructor(catalog: Pick<CatalogService, 'getEntitiesByRefs'>) {
    this.#catalog = catalog;
  }

  /** Reads both in one request. Throws `NotFoundError`, or `InputError` if the entity is not a template that can be used. */
  async find(ref: string, credentials: BackstageCredentials, userRef?: string): Promise<FoundTemplate> {
    const [template, user] = await this.#read(ref, credentials, userRef);
    if (!isTemplateEntity(template)) throw new InputError(describeMismatch(template));
    return { template, user: user as UserEntity | undefined };
  }

  /** The steps that it has by now: none if it can't be used any more. Throws `NotFoundError`. */
  async findSteps(ref: string, credentials: BackstageCredentials): Promise<readonly TemplateStep[]> {
    const [template] = await this.#read(ref, credentials);
    return isTemplateEntity(template) ? template.spec.steps : [];
  }

  /** The caller as expressions and actions see them; empty unless it is a user. */
  async findUser(credentials: BackstageCredentials, auth: AuthService): Promise<TaskSpec['user']> {
    if (!auth.isPrincipal(credentials, 'user')) return {};
    const ref = credentials.principal.userEntityRef;
    const { items } = await this.#catalog.getEntitiesByRefs({ entityRefs: [ref] }, { credentials });
    return { ref, entity: items[0] as UserEntity | undefined };
  }

  async #read(
    ref: string,
    credentials: BackstageCredentials,
    userRef?: string,
  ): Promise<[template: Entity, user?: Entity]> {
    const templateRef = normalise(ref);
    const entityRefs = [templateRef, ...(userRef === undefined ? [] : [userRef])];
    const { items } = await this.#catalog.getEntitiesByRefs({ entityRefs }, { credentials });
    if (!items[0]) throw new NotFoundError(`The catalog has no template '${templateRef}'`);
    return [items[0], items[1]];
  }
}

/** What a task stores about its template. */
export function templateInfoOf(template: TemplateEntity): TemplateInfo {
  return {
    entityRef: stringifyEntityRef(template),
    baseUrl: baseUrlOf(template),
    entity: { metadata: template.metadata },
  };
}

/**
 * Trusts only the annotation set by the catalog to say that a template is a local file: the source location is
 * written by the template's author, and files next to it are readable.
 */
function baseUrlOf({ metadata }: Entity): string | undefined {
  // Null in YAML that has the name of the field alone.
  const annotations = metadata.annotations ?? {};
  const source = locationOf(annotations[ANNOTATION_SOURCE_LOCATION]);
  const managed = locationOf(annotations[ANNOTATION_LOCATION]);
  const remote = [source, managed].find(at => at?.type === 'url' && /^https?:/i.test(at.target));
  if (remote) return remote.target;
  return managed?.type === 'file' ? pathToFileURL(managed.target).href : undefined;
}

function locationOf(ref: string | undefined): { type: string; target: string } | undefined {
  try {
    return ref === undefined ? undefined : parseLocationRef(ref);
  } catch {
    return undefined;
  }
}

function normalise(ref: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(ref, { defaultKind: 'template' }));
  } catch (cause) {
    throw new InputError(`'${ref}' is not a reference of a template, such as template:default/name`, cause);
  }
}

function describeMismatch(entity: Entity): string {
  const { kind, apiVersion } = entity;
  const ref = stringifyEntityRef(entity);
  if (kind.toLowerCase() !== 'template') return `The entity '${ref}' is a ${kind}, not a template`;
  return apiVersion === 'scaffolder.backstage.io/v1beta3'
    ? `The template '${ref}' has no list of steps with an action each in its spec, or parameters or an output other than objects`
    : `The template '${ref}' is of ${apiVersion}; this scaffolder runs scaffolder.backstage.io/v1beta3`;
}
