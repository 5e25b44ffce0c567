// Creates temporary repositories for the tests of these scripts, and runs programs in them.
const { spawnSync } = require('node:child_process');
const {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join, resolve } = require('node:path');

const repositoryRoot = resolve(__dirname, '../..');

/** Writes `files` (path to text or JSON value) to a new folder. `remove()` deletes it. */
function temporaryTree(files) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'greenroom-tree-')));
  const tree = {
    root,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
      writeFileSync(join(root, path), text);
    },
    copy(path) {
      cpSync(join(repositoryRoot, path), join(root, path));
    },
    link(path, target) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(join(root, target), join(root, path), 'junction');
    },
    run(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      return { status, output: stdout + stderr, stdout };
    },
    remove() {
      rmSync(root, { recursive: true, force: true });
    },
  };
  for (const [path, content] of Object.entries(files)) tree.write(path, content);
  return tree;
}

module.exports = { repositoryRoot, temporaryTree };
