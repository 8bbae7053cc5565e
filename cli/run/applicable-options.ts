import { DvlabError } from '../../platforms/index.ts';
import type { RunOptions } from './run-options.ts';

/** Options that mean something to one kind of run only. */
type Particular = 'signature' | 'entryArgs' | 'vcpus' | 'memory' | 'append' | 'megapages';

/** Who understands an option, and what to write instead elsewhere. */
interface Owner {
  readonly flag: string;
  readonly kind: 'bare' | 'duvisor';
  readonly cure: string;
}

const virtualMachine = {
  kind: 'duvisor',
  cure: 'it shapes the virtual machine of --stack duvisor',
} as const;
const bareProgram = { kind: 'bare', cure: 'it is for programs that run with --bare' } as const;

const owners = {
  signature: { flag: '--signature', ...bareProgram },
  entryArgs: { flag: '--entry-args', ...bareProgram },
  vcpus: { flag: '--vcpus', ...virtualMachine },
  memory: { flag: '--memory', ...virtualMachine },
  append: {
    flag: '--append',
    kind: 'duvisor',
    cure: 'without a virtual machine, --set bootArguments=TEXT gives the command line',
  },
  megapages: { flag: '--megapages', ...virtualMachine },
} as const satisfies Readonly<Record<Particular, Owner>>;

/** Refuses options that would have no effect, so that nobody believes they had. */
export function refuseIdleOptions(options: RunOptions): void {
  const { bare, stack, check, commitLog, stats, out } = options;
  if (check !== undefined && commitLog !== undefined) {
    throw idleOption(
      '--check has no effect with --commit-log: then instructions are executed one by one',
    );
  }
  if (bare !== undefined && stats !== undefined && out === undefined)
    throw idleOption('--stats has no effect with --bare unless --out names the folder of the run');
  const run = bare === undefined ? `--stack ${String(stack)}` : '--bare';
  const kind = bare === undefined ? stack : 'bare';
  const idle = Object.entries(owners).find(([name, owner]) => {
    return options[name as Particular] !== undefined && owner.kind !== kind;
  })?.[1];
  if (idle === undefined) return;
  throw idleOption(`${idle.flag} has no effect with ${run}: ${idle.cure}`);
}

function idleOption(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-005', message, help: 'dvlab run --help' }]);
}
