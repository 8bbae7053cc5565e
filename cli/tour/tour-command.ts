import { Command } from 'commander';
import { buildImages } from '../build/build-images.ts';
import { guestFolder, type ImageFolder } from '../build/image-catalog.ts';
import { ExitCode, type ExitStatus } from '../exit-code.ts';
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
    images: ['kvm', 'kvm-opt', 'duvisor'].flatMap((stack) => imagesOf(stack, 'micro')),
  },
];

/** Declares `dvlab tour`, which runs commands one after the other with `execute` and ends with the first that fails. */
export function defineTourCommand(
  output: Output,
  finish: (status: ExitStatus) => void,
  execute: (argv: readonly string[]) => Promise<ExitStatus>,
): Command {
  return new Command('tour')
    .description('what `npm start` shows: exits of a guest under DuVisor, then figure 6')
    .action(async () => {
      finish(await takeTour(output, execute));
    });
}

async function takeTour(
  output: Output,
  execute: (argv: readonly string[]) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  // images of later commands are compiled while the first is running
  const building = buildImages([...new Set(stops.flatMap(({ images }) => images))], output);
  for (const { argv } of stops) {
    output.remark(`$ dvlab ${argv.join(' ')}\n`);
    const [status] = await Promise.all([execute(argv), building]);
    if (status !== ExitCode.passed) return status;
  }
  return ExitCode.passed;
}
