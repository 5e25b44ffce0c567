// Generates the API report of a package from its built declarations, with a heading for each entry point.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { packageEntries } from './entries.mjs';

/** The API report of a built package: the public declarations of all subpaths, in the order of its exports map. */
export function apiReport(workspace) {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-api-'));
  try {
    const entries = packageEntries(workspace);
    const configs = entries.map(entry => extractorConfig(workspace, entry, folder));
    // A single program for all entries, because most of the time is spent on reading the same declarations.
    const compilerState = CompilerState.create(configs[0], {
      additionalEntryPoints: configs.slice(1).map(config => config.mainEntryPointFilePath),
    });
    const sections = entries.map((entry, index) => {
      extract(configs[index], compilerState, workspace, entry);
      const report = readFileSync(join(folder, `${entry.name}.api.md`), 'utf8');
      return section(workspace, entry, withoutPlaces(report));
    });
    return [`# API report of \`${workspace.name}\`\n`, 'Made by `npm run api-reports`.\n', ...sections].join(
      '\n',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes positions in built files: the file names contain a hash, and line numbers change with every comment. */
function withoutPlaces(report) {
  return report.replace(/^\/\/ dist\/\S+\.d\.ts:\d+:\d+ - /gm, '// ');
}

function extractorConfig(workspace, entry, folder) {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(workspace.dir, 'package.json'),
    configObject: {
      projectFolder: workspace.dir,
      mainEntryPointFilePath: join(workspace.dir, 'dist', `${entry.name}.d.ts`),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023'],
            module: 'Node16',
            moduleResolution: 'Node16',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
            esModuleInterop: true,
          },
          include: ['dist/*.d.ts'],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${entry.name}.api.md`,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}

function extract(config, compilerState, workspace, entry) {
  const problems = [];
  Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === 'error') problems.push(message.text);
      // Because the report folder is a temporary one, api-extractor always considers the API changed.
      message.handled = true;
    },
  });
  if (problems.length > 0) {
    throw new Error(`No API report for ${workspace.path} (${entry.subpath}):\n  ${problems.join('\n  ')}`);
  }
}

// Drops the heading and the note that api-extractor adds to each report.
function section(workspace, entry, report) {
  const declarations = report.slice(report.indexOf('```ts'), report.lastIndexOf('```') + 3);
  return `## \`${workspace.name}${entry.subpath.slice(1)}\`\n\n${declarations}\n`;
}
