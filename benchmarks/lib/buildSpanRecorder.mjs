// Builds the engine's span recorder, which the engine does not export, so that its cost can be measured separately.
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = relative => fileURLToPath(new URL(relative, import.meta.url));
const source = path('../../packages/backend-app-api/src/report/SpanRecorder.ts');
const outDir = path('../.cache');

/** The built recorder: a CommonJS file that exports `SpanRecorder`. */
export const spanRecorderFile = path('../.cache/SpanRecorder.js');

/** Does nothing if the recorder was built after the last change of its source. */
export async function buildSpanRecorder() {
  if (existsSync(spanRecorderFile) && statSync(spanRecorderFile).mtimeMs > statSync(source).mtimeMs) return;
  const { build } = await import('tsup');
  const options = {
    config: false,
    clean: false,
    dts: false,
    silent: true,
    target: 'node20',
    platform: 'node',
  };
  await build({ ...options, entry: { SpanRecorder: source }, format: ['cjs'], outDir });
}
