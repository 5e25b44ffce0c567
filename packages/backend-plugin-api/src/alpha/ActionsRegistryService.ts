// The interface for offering actions.
import type { BasicPermission } from '@backstage/plugin-permission-common';
import type { AnyZodObject, z } from 'zod/v3';
import type { BackstageCredentials } from '../services/definitions/AuthService';
import type { LoggerService } from '../services/definitions/LoggerService';

/** What an action receives when it is called. */
export type ActionsRegistryActionContext<
  TInputSchema extends AnyZodObject,
  TSecretsSchema extends AnyZodObject | undefined = undefined,
> = {
  /** Validated. */
  input: z.infer<TInputSchema>;
  /** Validated; `undefined` if the action declares none. */
  secrets: TSecretsSchema extends AnyZodObject ? z.infer<TSecretsSchema> : undefined;
  logger: LoggerService;
  /** The caller's credentials. */
  credentials: BackstageCredentials;
};

/** An example of a call of an action. */
export type ActionsRegistryActionExample<
  TInputSchema extends AnyZodObject,
  TOutputSchema extends AnyZodObject,
> = {
  title: string;
  description?: string;
  input: z.infer<TInputSchema>;
  output?: z.infer<TOutputSchema>;
};

/** An action that a plugin provides. */
export type ActionsRegistryActionOptions<
  TInputSchema extends AnyZodObject,
  TOutputSchema extends AnyZodObject,
  TSecretsSchema extends AnyZodObject | undefined = undefined,
> = {
  /** Unique within the plugin. */
  name: string;
  title: string;
  description: string;
  /** Schemas of the action's input, output and secrets, created with the given zod. */
  schema: {
    input: (zod: typeof z) => TInputSchema;
    output: (zod: typeof z) => TOutputSchema;
    secrets?: (zod: typeof z) => TSecretsSchema extends AnyZodObject ? TSecretsSchema : never;
  };
  examples?: Array<ActionsRegistryActionExample<TInputSchema, TOutputSchema>>;
  /** Permission required to see and call the action. Without it everyone may. */
  visibilityPermission?: BasicPermission;
  attributes?: {
    /** Whether the action may destroy something. Defaults to the opposite of `readOnly`. */
    destructive?: boolean;
    /** Whether repeating a call with the same input has no further effect. Defaults to `false`. */
    idempotent?: boolean;
    /** Whether the action only reads. Defaults to `false`. */
    readOnly?: boolean;
  };
  /** Carries out the action. */
  action: (
    context: ActionsRegistryActionContext<TInputSchema, TSecretsSchema>,
  ) => Promise<z.infer<TOutputSchema> extends void ? void : { output: z.infer<TOutputSchema> }>;
};

/** Registers the actions of one plugin. */
export interface ActionsRegistryService {
  /** Registers an action. Throws an error with code `GR_ACTION_REGISTRATION` if it is invalid or its name is taken. */
  register<
    TInputSchema extends AnyZodObject,
    TOutputSchema extends AnyZodObject,
    TSecretsSchema extends AnyZodObject | undefined = undefined,
  >(
    options: ActionsRegistryActionOptions<TInputSchema, TOutputSchema, TSecretsSchema>,
  ): void;
}
