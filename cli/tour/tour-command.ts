import { Command } from 'commander';
import { orderImages } from '../build/build-images.ts';
import { guestFolder, type ImageFolder } from '../build/image-catalog.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
import { HeldOutput } from '../held-output.ts';
import type { Output } from '../output.ts';
import { stackOf } from '../run/stack-kinds.ts';

/** A command of the tour, with the images that it will want. */
interface Stop {
  readonly argv: readonly string[];
  readonly images: readonly ImageFolder[];
}

const imagesOf = (stack: string, guest: string): ImageFolder[] => [
  ...stackOf(stack).folders,
  guestFolder(guest),
];

const stops: readonly Stop[] = [
  {
    argv: ['run', 'duvisor-2hart', '--stack', 'duvisor', '--guest', 'measure'],
    images: imagesOf('duvisor', 'measure'),
  },
  {
    argv: [
      ...['reproduce', 'fig6', '--quick'],
      ...['kvm', 'kvm-opt', 'duvisor'].flatMap((stack) => ['--stack', stack]),
    ],
    images: ['duvisor', 'kvm', 'kvm-opt'].flatMap((stack) => imagesOf(stack, 'micro')),
  },
];

/** Runs a command line. */
type Execute = (argv: readonly string[], output: Output) => Promise<ExitStatus>;

/** Declares `dvlab tour`, which runs commands with `execute`, shows what they print one after the other, and ends with the first that fails. */
export function defineTourCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
  execute: Execute,
): Command {
  return new Command('tour')
    .description('what `npm start` shows: exits of a guest under DuVisor, then figure 6')
    .action(async () => {
      finish(await takeTour(output, execute));
    });
}

async function takeTour(output: Output, execute: Execute): Promise<ExitStatus> {
  // in the order in which they are wanted
  await orderImages([...new Set(stops.flatMap(({ images }) => images))], output);
  // a later command is at work already while the first waits for images or has one processor for itself
  const taken = stops.map(({ argv }) => {
    const held = new HeldOutput(output);
    const ending = execute(argv, held);
    ending.catch(() => undefined); // it is looked at when its turn comes
    return { argv, held, ending };
  });
  for (const { argv, held, ending } of taken) {
    output.remark(`$ dvlab ${argv.join(' ')}\n`);
    held.release();
    const status = await ending;
    if (status !== ExitCode.passed) return status;
  }
  return ExitCode.passed;
}
