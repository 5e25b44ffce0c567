// The error class of the engine, and the function that words a subject.
import { GreenroomError, isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { engineErrors, wordedFields, type Wording } from './errorWordings';
import { capitalised, thrownAt } from './reasonOf';

export type EngineErrorCode = keyof typeof engineErrors;

type NamesIn<TText> = TText extends `${string}{${infer N}}${infer Rest}` ? N | NamesIn<Rest> : never;
type FieldsIn<N extends string> = {
  readonly [F in Exclude<N, 'nearest' | 'provider'>]: F extends keyof typeof wordedFields
    ? Parameters<(typeof wordedFields)[F]>[0]
    : string;
} & { readonly [F in N & ('nearest' | 'provider')]?: string };

/** The fields that the wording of a code uses. */
type EngineErrorFields<C extends EngineErrorCode> = C extends EngineErrorCode
  ? FieldsIn<NamesIn<(typeof engineErrors)[C][keyof (typeof engineErrors)[C]]>>
  : never;

interface EngineErrorOptions {
  readonly path?: readonly string[];
  /** Says where: where a feature was added, or where a factory comes from. */
  readonly place?: string;
  readonly cause?: unknown;
}

/** An error of the engine: `code` says which, `fields` who and where, `path` how it was reached. */
export class EngineError<C extends EngineErrorCode = EngineErrorCode> extends GreenroomError {
  declare readonly code: C;

  constructor(
    code: C,
    readonly fields: EngineErrorFields<C>,
    options: EngineErrorOptions = {},
  ) {
    super({ code, ...options, ...wordMessage(engineErrors[code], fields, options) });
    // GR_SERVICE_MISSING becomes ServiceMissingError.
    const words = code.slice(3).toLowerCase();
    this.name = `${words.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Error`;
  }
}

function wordMessage({ what, next, during }: Wording, fields: object, { place, cause }: EngineErrorOptions) {
  if (during !== undefined && isGreenroomError(cause)) {
    const places = [cause.where, filled(during, fields, cause.what), place].filter(Boolean);
    return { message: cause.what, place: places.join('; '), hint: cause.hint };
  }
  const hints = [next && filled(next, fields), during !== undefined && thrownAt(cause)].filter(Boolean);
  return { message: capitalised(filled(what, fields)), hint: hints.join(' ') || undefined };
}

/** Fills in a wording. `told` is the text before it in the message, which need not be repeated. */
function filled(text: string, fields: object, told = ''): string {
  const word = (name: string): string => {
    const value = (fields as Record<string, unknown>)[name];
    return name in wordedFields
      ? wordedFields[name as keyof typeof wordedFields](value as never)
      : String(value);
  };
  return text
    .replace(/\[(.*\{(\w+)\}.*)\]/, (_, part: string, name: string) =>
      told.toLowerCase().includes(word(name).toLowerCase()) ? '' : part,
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => word(name));
}

/** The place where a subject was added, for a message; empty if unknown. */
export function addedAt({ source }: { readonly source?: { toString(): string } }): { place?: string } {
  return source === undefined ? {} : { place: `added at ${source}` };
}

type SubjectKind = 'plugin' | 'module' | 'service' | 'extension point';

/** Words a subject the same way in every message, path and report. */
export function subject(kind: SubjectKind, id: string, pluginId?: string): string {
  return pluginId === undefined ? `${kind} '${id}'` : `${kind} '${id}' of plugin '${pluginId}'`;
}
