// Shows what the front of two backends makes of answers that end early.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

// The script is an ES module, which jest does not load; node does.
function run(body) {
  const source = `
    import { once } from 'node:events';
    import { createServer } from 'node:http';
    import { splitFront } from '${pathToFileURL(join(__dirname, 'lib/splitFront.mjs'))}';
    const backend = createServer((req, res) => {
      res.write('the first part, ');
      setTimeout(() => req.url === '/whole' ? res.end('the rest') : res.destroy(), 100);
    });
    await once(backend.listen(0, '127.0.0.1'), 'listening');
    const front = await splitFront({ port: 0, portOf: () => backend.address().port });
    const ask = async path => (await fetch('http://127.0.0.1:' + front.address().port + path)).text();
    ${body}
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return (stdout + stderr).trim();
}

it('passes on an answer, and breaks it off where the backend does', () => {
  expect(run(`console.log(await ask('/whole'));`)).toBe('the first part, the rest');
  expect(run(`await ask('/half').catch(error => console.log(error.message));`)).toBe('terminated');
});
