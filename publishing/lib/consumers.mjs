// Consumer projects: one program for each module format and type resolution, verified by its output.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../consumer/program.mts', import.meta.url));

/** The roles in which a built program is run, with the expected output of each. */
export const runs = [
  { role: '', expectedOutput: '["success",{"hello":"you"},{"bye":"you"},"success"]' },
  { role: 'greeter', expectedOutput: '["success",{"hello":"you"},404,"success"]' },
  { role: 'leaver', expectedOutput: '["success",404,{"bye":"you"},"success"]' },
];

const strict = { strict: true, target: 'ES2022', types: ['node'], outDir: 'out' };

/**
 * A list of `{ name, file, options }`: the program is written to `file` and compiled with these TypeScript options.
 * The file extension determines whether it is an ES module or CommonJS.
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

/** Writes a project with all consumers to `folder`. */
export function writeConsumers(folder, { typescript, nodeTypes }) {
  mkdirSync(folder, { recursive: true });
  for (const { file, options } of consumers) {
    if (file.endsWith('.mts')) cpSync(program, join(folder, file));
    // The same source works for CommonJS, because TypeScript turns its imports into calls of require.
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
