// Where the template of a task comes from.
import type { EntityMeta } from '@backstage/catalog-model';

/**
 * What a task stores about its template.
 *
 * @public
 */
export type TemplateInfo = {
  /** The full entity reference, such as `template:default/node-service`. */
  entityRef: string;
  /** The URL of the file that the template was read from. Relative URLs in its steps are resolved against it. */
  baseUrl?: string;
  entity?: {
    metadata: EntityMeta;
  };
};
