// An action as the scaffolder runs it, with JSON schemas.
import type { JsonObject } from '@backstage/types';
import type { ActionContext } from './ActionContext';

/**
 * A JSON schema, draft 7.
 *
 * @public
 */
// Wide enough for the schema type of any library.
// oxlint-disable-next-line typescript/no-explicit-any
export type ActionJsonSchema = { [keyword: string]: any };

/**
 * An example of how an action is used.
 *
 * @public
 */
export type TemplateExample = {
  description: string;
  /** YAML with `steps`, as in a template. */
  example: string;
};

/**
 * An action that steps of templates can use.
 *
 * @public
 */
export type TemplateAction<
  TActionInput extends JsonObject = JsonObject,
  TActionOutput extends JsonObject = JsonObject,
  TSchemaType extends 'v2' = 'v2',
> = {
  /** The name that steps refer to it by, such as `fetch:plain`. */
  id: string;
  description?: string;
  examples?: TemplateExample[];
  /**
   * Whether the action runs in dry runs, with `isDryRun` set in its context. Defaults to `false`: the step is skipped,
   * and its output is an example.
   */
  supportsDryRun?: boolean;
  schema?: {
    input?: ActionJsonSchema;
    output?: ActionJsonSchema;
  };
  handler: (ctx: ActionContext<TActionInput, TActionOutput, TSchemaType>) => Promise<void>;
};
