// A yarn plugin that makes `yarn start`, `yarn test` and `yarn check` work in a fresh clone.
//
// Yarn refuses to run scripts before an install, so scripts that install the dependencies themselves would never run.
// As commands of yarn they do; all other scripts are left to `yarn run`.
module.exports = {
  name: 'greenroom-scripts',
  factory: require => {
    const { BaseCommand } = require('@yarnpkg/cli');
    const { Configuration, execUtils } = require('@yarnpkg/core');
    const { npath } = require('@yarnpkg/fslib');
    const { Option } = require('clipanion');

    const scriptCommand = (script, file) =>
      class extends BaseCommand {
        static paths = [[script]];
        args = Option.Proxy();

        async execute() {
          const { projectCwd } = await Configuration.find(this.context.cwd, this.context.plugins);
          // In a package folder, the user means the script of that package.
          if (projectCwd !== this.context.cwd) return this.cli.run(['run', script, ...this.args]);
          const env = {
            ...process.env,
            INIT_CWD: process.env.INIT_CWD ?? npath.fromPortablePath(this.context.cwd),
          };
          const { stdin, stdout, stderr } = this.context;
          const { code } = await execUtils.pipevp(process.execPath, [file, ...this.args], {
            cwd: projectCwd,
            env,
            stdin,
            stdout,
            stderr,
            strict: false,
          });
          return code;
        }
      };

    return {
      commands: [
        scriptCommand('start', 'scripts/start.mjs'),
        scriptCommand('test', 'scripts/test.mjs'),
        scriptCommand('check', 'scripts/check.mjs'),
      ],
    };
  },
};
