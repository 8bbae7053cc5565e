import test from 'ava';
import { readFileSync } from 'node:fs';
import { ExitCode, type ExitStatus } from '../../cli/exit-code.ts';
import { defineTourCommand } from '../../cli/tour/tour-command.ts';
import { inProject } from '../harness/project-root.ts';
import { dvlab } from './command-line.ts';

const silent = { result: () => undefined, remark: () => undefined, isTerminal: false };

/** Takes the tour with commands that only end, with the given statuses; gives those that ran, and how the tour ended. */
async function tour(...statuses: ExitStatus[]): Promise<[string[], ExitStatus[]]> {
  const commands: string[] = [];
  const ends: ExitStatus[] = [];
  const execute = (argv: readonly string[]): Promise<ExitStatus> => {
    commands.push(argv.join(' '));
    return Promise.resolve(statuses[commands.length - 1] ?? ExitCode.passed);
  };
  const command = defineTourCommand(silent, (status) => ends.push(status), execute);
  await command.parseAsync([], { from: 'user' });
  return [commands, ends];
}

test('the tour shows the exits of a guest under DuVisor, then figure 6', async (t) => {
  const [commands, ends] = await tour();
  t.deepEqual(ends, [ExitCode.passed]);
  t.is(commands.length, 2);
  t.regex(commands[0] ?? '', /^run duvisor-2hart --stack duvisor /);
  t.regex(commands[1] ?? '', /^reproduce fig6 --quick /);
});

test('the tour ends with the first command that fails', async (t) => {
  const [commands, ends] = await tour(ExitCode.guestFailed);
  t.deepEqual(ends, [ExitCode.guestFailed]);
  t.is(commands.length, 1);
});

test('npm start takes the tour', async (t) => {
  const manifest = readFileSync(inProject('package.json'), 'utf8');
  t.regex(manifest, /"start": "tsc -b cli && node bin\/dvlab\.mjs tour"/);
  const { status, result } = await dvlab('tour', '--help');
  t.is(status, ExitCode.passed);
  t.regex(result, /npm start/);
});
