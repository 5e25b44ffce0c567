// The projects of strangers: each kind of module and of type resolution, one program, its output the proof.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../consumer/program.mts', import.meta.url));

/** The roles by which one built program is started, and what it prints then where everything works. */
export const runs = [
  { role: '', expectedOutput: '["success",{"hello":"you"},{"bye":"you"},"success"]' },
  { role: 'greeter', expectedOutput: '["success",{"hello":"you"},404,"success"]' },
  { role: 'leaver', expectedOutput: '["success",404,{"bye":"you"},"success"]' },
];

const strict = { strict: true, target: 'ES2022', types: ['node'], outDir: 'out' };

/**
 * Each as `{ name, file, options }`: the program is written to `file` and compiled with the options of TypeScript; the
 * ending decides between ES modules and CommonJS.
 */
export const consumers = [
  { name: 'ESM, node16', file: 'node16.mts', options: { module: 'Node16', moduleResolution: 'Node16' } },
  { name: 'CommonJS, node16', file: 'node16.cts', options: { module: 'Node16', moduleResolution: 'Node16' } },
  { name: 'ESM, nodenext', file: 'next.mts', options: { module: 'NodeNext', moduleResolution: 'NodeNext' } },
  {
    name: 'CommonJS, nodenext',
    file: 'next.cts',
    options: { module: 'NodeNext', moduleResolution: 'NodeNext' },
  },
  { name: 'ESM, bundler', file: 'bundler.mts', options: { module: 'ESNext', moduleResolution: 'bundler' } },
];

/** Writes one project with all consumers to `folder`. */
export function writeConsumers(folder, { typescript, nodeTypes }) {
  mkdirSync(folder, { recursive: true });
  for (const { file, options } of consumers) {
    if (file.endsWith('.mts')) cpSync(program, join(folder, file));
    // CommonJS: the same text, since TypeScript turns its imports into calls of require.
    else writeFileSync(join(folder, file), readFileSync(program));
    const compilerOptions = { ...strict, ...options, esModuleInterop: true };
    writeFileSync(
      join(folder, `tsconfig.${file}.json`),
      JSON.stringify({ compilerOptions, include: [file] }, null, 2),
    );
  }
  const manifest = {
    name: 'stranger',
    version: '1.0.0',
    private: true,
    dependencies: {
      '@backstage/config': '^1.3.0',
      '@greenroom/backend-defaults': 'latest',
      '@greenroom/backend-plugin-api': 'latest',
      express: '^5.0.0',
    },
    devDependencies: { '@types/express': '^5.0.0', '@types/node': nodeTypes, typescript },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
}
