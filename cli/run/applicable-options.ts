import { DvlabError } from '../../platforms/index.ts';
import type { RunOptions } from './run-options.ts';
import { stacks } from './stack-kinds.ts';

/** Options that mean something to one kind of run only. */
type Particular =
  'signature' | 'entryArgs' | 'vcpus' | 'memory' | 'append' | 'devices' | 'megapages';

/** Who understands an option, and what to write instead elsewhere. */
interface Owner {
  readonly flag: string;
  readonly kinds: readonly string[];
  readonly cure: string;
}

const withVirtualMachine = Object.keys(stacks).filter((name) => stacks[name]?.hasVirtualMachine);
const virtualMachine = {
  kinds: withVirtualMachine,
  cure: `it shapes the virtual machine of --stack ${withVirtualMachine.join(', ')}`,
};
const bareProgram = {
  kinds: ['bare'],
  cure: 'it is for programs that run with --bare',
};

const owners = {
  signature: { flag: '--signature', ...bareProgram },
  entryArgs: { flag: '--entry-args', ...bareProgram },
  vcpus: { flag: '--vcpus', ...virtualMachine },
  memory: { flag: '--memory', ...virtualMachine },
  append: {
    flag: '--append',
    kinds: virtualMachine.kinds,
    cure: 'without a virtual machine, --set bootArguments=TEXT gives the command line',
  },
  devices: { flag: '--devices', ...virtualMachine },
  megapages: {
    flag: '--megapages',
    kinds: ['duvisor', 'duvisor-published'],
    cure: 'only DuVisor maps 2 MiB at a time',
  },
} satisfies Readonly<Record<Particular, Owner>>;

/** Refuses options that would have no effect, so that nobody believes they had. */
export function refuseIdleOptions(options: RunOptions): void {
  const { bare, stack, check, ckptAt } = options;
  const watching = watchingOption(options);
  if (check !== undefined && watching !== undefined) {
    throw idleOption(
      `--check has no effect with ${watching}: then instructions are executed one by one`,
    );
  }
  refuseHomeless(options);
  if (check !== undefined && ckptAt !== undefined) {
    throw idleOption(
      '--ckpt-at has no effect with --check: the machine that is compared is not saved',
    );
  }
  const run = bare === undefined ? `--stack ${String(stack)}` : '--bare';
  const kind = bare === undefined ? String(stack) : 'bare';
  const idle = Object.entries(owners).find(([name, owner]) => {
    return options[name as Particular] !== undefined && !owner.kinds.includes(kind);
  })?.[1];
  if (idle === undefined) return;
  throw idleOption(`${idle.flag} has no effect with ${run}: ${idle.cure}`);
}

/** The option for which instructions are executed one by one, if there is one. */
function watchingOption({ commitLog, profile, trace = [] }: RunOptions): string | undefined {
  if (commitLog !== undefined) return '--commit-log';
  if (profile !== undefined) return '--profile';
  return trace.length === 0 ? undefined : '--trace';
}

/** A bare run has a folder only if `--out` names one. */
function refuseHomeless({ bare, out, stats, profile, trace = [] }: RunOptions): void {
  if (bare === undefined || out !== undefined) return;
  if (stats !== undefined)
    throw idleOption('--stats has no effect with --bare unless --out names the folder of the run');
  const products = [
    ...trace.map((product) => ({ flag: '--trace', ...product })),
    ...(profile === undefined ? [] : [{ flag: '--profile', ...profile }]),
  ];
  const homeless = products.find(({ file }) => file === undefined);
  if (homeless === undefined) return;
  const { flag, name } = homeless;
  throw idleOption(
    `${flag} ${name} has no folder to write to with --bare: name one with --out, or say ${name}=FILE`,
  );
}

function idleOption(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-005', message, help: 'dvlab run --help' }]);
}
