// A backend with the scaffolder in a process that a test can kill. Prints its URL once it is ready.
import { writeSync } from 'node:fs';
import { startScaffolderBackend } from './startScaffolderBackend';

async function main(): Promise<void> {
  const { url } = await startScaffolderBackend(JSON.parse(process.argv[2]!));
  writeSync(1, `${url}\n`);
}

void main();
