// The errors of the engine: one class for all codes, and the one function that words a subject.
import { GreenroomError, isGreenroomError } from '@greenroom/backend-plugin-api/internal';
import { engineErrors, type Wording } from './errorWordings';
import { thrownAt } from './reasonOf';

export { engineErrors };

/** Says where a subject was added, to stand behind what a message says; nothing where that is unknown. */
export function addedAt({ source }: { readonly source?: { toString(): string } }): { place?: string } {
  return source === undefined ? {} : { place: `added at ${source}` };
}

/** Words a subject the same way in every message, path and report. */
export function subject(kind: 'plugin' | 'service' | 'extension point', id: string): string;
export function subject(kind: 'module', id: string, pluginId: string): string;
export function subject(kind: string, id: string, pluginId?: string): string {
  return kind === 'module' ? `module '${id}' of plugin '${pluginId}'` : `${kind} '${id}'`;
}

export type EngineErrorCode = keyof typeof engineErrors;
export type EngineErrorFields<C extends EngineErrorCode> = Parameters<(typeof engineErrors)[C]['what']>[0];

/** An error of the engine: `code` says which, `fields` who and where, `path` how it was reached. */
export class EngineError<C extends EngineErrorCode = EngineErrorCode> extends GreenroomError {
  declare readonly code: C;
  readonly fields: EngineErrorFields<C>;

  /** `place` says further where: where a feature was added, where a factory comes from. */
  constructor(
    code: C,
    fields: EngineErrorFields<C>,
    options: { path?: readonly string[]; place?: string; cause?: unknown } = {},
  ) {
    const words = engineErrors[code] as unknown as Wording<EngineErrorFields<C>>;
    super({ code, ...options, ...wordMessage(words, fields, options) });
    this.name = words.name;
    this.fields = fields;
  }
}

function wordMessage<TFields>(
  words: Wording<TFields>,
  fields: TFields,
  { place, cause }: { place?: string; cause?: unknown },
) {
  if (words.during && isGreenroomError(cause)) {
    const places = [cause.where, words.during(fields, cause.what), place].filter(Boolean);
    return { message: cause.what, place: places.join('; '), hint: cause.hint };
  }
  const next = [words.next?.(fields), words.during && thrownAt(cause)].filter(Boolean);
  return { message: capitalised(words.what(fields)), hint: next.join(' ') || undefined };
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
