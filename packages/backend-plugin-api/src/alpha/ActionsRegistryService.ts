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
  /** Validated; `undefined` where the action declares none. */
  secrets: TSecretsSchema extends AnyZodObject ? z.infer<TSecretsSchema> : undefined;
  logger: LoggerService;
  /** Of the caller. */
  credentials: BackstageCredentials;
};

/** Shows how an action is called. */
export type ActionsRegistryActionExample<
  TInputSchema extends AnyZodObject,
  TOutputSchema extends AnyZodObject,
> = {
  title: string;
  description?: string;
  input: z.infer<TInputSchema>;
  output?: z.infer<TOutputSchema>;
};

/** An action to offer. */
export type ActionsRegistryActionOptions<
  TInputSchema extends AnyZodObject,
  TOutputSchema extends AnyZodObject,
  TSecretsSchema extends AnyZodObject | undefined = undefined,
> = {
  /** Unique within the plugin. */
  name: string;
  title: string;
  description: string;
  /** What the action takes and gives, made with the given zod. */
  schema: {
    input: (zod: typeof z) => TInputSchema;
    output: (zod: typeof z) => TOutputSchema;
    secrets?: (zod: typeof z) => TSecretsSchema extends AnyZodObject ? TSecretsSchema : never;
  };
  examples?: Array<ActionsRegistryActionExample<TInputSchema, TOutputSchema>>;
  /** Who may see and call the action. Defaults to everybody. */
  visibilityPermission?: BasicPermission;
  attributes?: {
    /** Whether it may destroy something. Defaults to the opposite of `readOnly`. */
    destructive?: boolean;
    /** Whether a second call with the same input changes nothing more. Defaults to `false`. */
    idempotent?: boolean;
    /** Whether it only reads. Defaults to `false`. */
    readOnly?: boolean;
  };
  /** The work. */
  action: (
    context: ActionsRegistryActionContext<TInputSchema, TSecretsSchema>,
  ) => Promise<z.infer<TOutputSchema> extends void ? void : { output: z.infer<TOutputSchema> }>;
};

/** Offers the actions of one plugin. */
export interface ActionsRegistryService {
  /** Adds an action. */
  register<
    TInputSchema extends AnyZodObject,
    TOutputSchema extends AnyZodObject,
    TSecretsSchema extends AnyZodObject | undefined = undefined,
  >(
    options: ActionsRegistryActionOptions<TInputSchema, TOutputSchema, TSecretsSchema>,
  ): void;
}
