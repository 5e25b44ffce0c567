// Where the template of a task comes from.
import type { EntityMeta } from '@backstage/catalog-model';

/**
 * The template of a task, as far as a task keeps it.
 *
 * @public
 */
export type TemplateInfo = {
  /** The whole reference, such as `template:default/node-service`. */
  entityRef: string;
  /** The URL of the file that the template was read from; relative URLs in its steps start there. */
  baseUrl?: string;
  entity?: {
    metadata: EntityMeta;
  };
};
