// What is sent to the process that works on templates, and how it says that it could not.
import type { JsonObject, JsonValue } from '@backstage/types';

/** How templates of files are read. */
export type TextOptions = {
  /** `{{ }}` instead of `${{ }}`, and what Jinja has beyond that. */
  readonly cookiecutterCompat?: boolean;
  /** Removes the newline behind a block tag. */
  readonly trimBlocks?: boolean;
  /** Removes the spaces before a block tag that has a line to itself. */
  readonly lstripBlocks?: boolean;
};

/** Templates that see the same values. */
export interface RenderRequest {
  /** In `value` mode a template that is one expression as a whole gives the result of that, not its text. */
  readonly mode: 'value' | 'text';
  readonly sources: readonly string[];
  readonly context: JsonObject;
  /** What `failure()` gives. */
  readonly hasFailed?: boolean;
  readonly options: TextOptions;
}

/** Values that are to fit a JSON schema of a template. */
export interface ValidateRequest {
  readonly mode: 'validate';
  readonly schema: JsonObject;
  readonly values: JsonObject;
}

/** What a {@link ValidateRequest} gives: `invalid` says what is wrong with the schema itself. */
export type ValidateResult =
  | { values: JsonObject; errors: Array<{ path: string[]; message: string }>; invalid?: undefined }
  | { invalid: string };

/** What came of a request: what each source gives, or what is wrong with the first one that fails. */
export type InterpreterOutcome =
  /** `asksStatus` if a template called `always()` or `failure()`. */
  | { results: Array<{ value?: JsonValue }>; asksStatus?: boolean; failure?: undefined }
  | { failure: InterpreterFailure };

/** Why a template gave nothing. */
export interface InterpreterFailure {
  /** Of the template among the sources; missing where it is not known. */
  readonly index?: number;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  /** Which limit was reached. */
  readonly limit?: string;
}
