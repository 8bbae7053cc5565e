import test from 'ava';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ExitCode, type ExitStatus } from '../../cli/exit-code.ts';
import type { Output } from '../../cli/output.ts';
import { defineTourCommand } from '../../cli/tour/tour-command.ts';
import { inProject } from '../harness/project-root.ts';
import { dvlab } from './command-line.ts';

/** Takes the tour with commands that print their number and end, the last one first, with the given statuses. */
async function tour(...statuses: ExitStatus[]) {
  const commands: string[] = [];
  const ends: ExitStatus[] = [];
  const printed: string[] = [];
  const output: Output = {
    result: (text) => printed.push(text),
    remark: (text) => printed.push(text),
    isTerminal: false,
  };
  const execute = async (argv: readonly string[], { result, remark }: Output) => {
    const number = commands.push(argv.join(' '));
    result(`begin ${String(number)}\n`);
    await setTimeout(60 - 20 * number);
    remark(`end ${String(number)}\n`);
    return statuses[number - 1] ?? ExitCode.passed;
  };
  const command = defineTourCommand(output, (status) => ends.push(status), execute);
  await command.parseAsync([], { from: 'user' });
  const shown = printed.join('').replace(/^compiling .*\n/, '');
  return { commands, ends, shown };
}

test('the tour shows the exits of a guest under DuVisor, then figure 6', async (t) => {
  const { commands, ends, shown } = await tour();
  const [run = '', reproduce = ''] = commands;
  t.deepEqual(ends, [ExitCode.passed]);
  t.is(commands.length, 2);
  t.regex(run, /^run duvisor-2hart --stack duvisor /);
  t.regex(reproduce, /^reproduce fig6 --quick /);
  t.is(shown, `$ dvlab ${run}\nbegin 1\nend 1\n$ dvlab ${reproduce}\nbegin 2\nend 2\n`);
});

test('the tour ends with the first command that fails, and shows nothing of the next', async (t) => {
  const { commands, ends, shown } = await tour(ExitCode.guestFailed);
  t.deepEqual(ends, [ExitCode.guestFailed]);
  t.is(shown, `$ dvlab ${commands[0] ?? ''}\nbegin 1\nend 1\n`);
});

test('npm start takes the tour', async (t) => {
  const manifest = readFileSync(inProject('package.json'), 'utf8');
  t.regex(manifest, /"start": "node bin\/start\.mjs"/);
  t.regex(readFileSync(inProject('bin', 'start.mjs'), 'utf8'), /'tour'/);
  const { status, result } = await dvlab('tour', '--help');
  t.is(status, ExitCode.passed);
  t.regex(result, /npm start/);
});
