import type { NamedFile } from '../boot/boot-bare.ts';
import type { Machine } from '../machine.ts';
import { checkpointError } from './checkpoint-error.ts';
import {
  type CheckpointContents,
  readCheckpointFile,
  writeCheckpointFile,
} from './checkpoint-file.ts';
import { stateLayout } from './layout.ts';
import {
  checkPlatform,
  checkPrograms,
  type Programs,
  savedPlatform,
  type SavedPlatform,
  savedPrograms,
  type SavedPrograms,
} from './same-machine.ts';

/** What a checkpoint says about itself. */
export interface CheckpointAbout {
  /** Cycle of the core clock at which it was made. */
  readonly cycle: number;
  /** Bytes that each console had been sent. */
  readonly console: Readonly<Record<string, number>>;
  readonly layout: string;
  readonly platform: SavedPlatform;
  readonly programs: SavedPrograms;
  /** Devices over memory, where the program's symbols are. */
  readonly overlays: Readonly<Record<string, number>>;
}

/** Saves a machine between two runs of it; naming the programs that were booted keeps it from going on with others. */
export function saveCheckpoint(machine: Machine, programs: Programs = {}): Uint8Array {
  const sections = machine.checkpoint.save();
  const about: CheckpointAbout = {
    cycle: machine.presentCycle,
    console: machine.consolePosition,
    layout: stateLayout(),
    platform: savedPlatform(machine.platform),
    programs: savedPrograms(programs),
    overlays: machine.overlays,
  };
  return writeCheckpointFile({ about, sections });
}

/**
 * Lets a machine that has booted the same programs on the same platform, be it with another engine, go on where a checkpoint
 * was made. Where anything is wrong with the file, the machine is as it was.
 */
export function restoreCheckpoint(
  machine: Machine,
  file: NamedFile,
  programs: Programs = {},
): CheckpointAbout {
  const { about, sections } = readCheckpointFile(file) as CheckpointContents<CheckpointAbout>;
  if (about.layout !== stateLayout()) {
    const message = `${file.name} was made by another version of dvlab: its layout is ${about.layout}`;
    throw checkpointError('E-CKP-006', message, { notes: [`expected layout ${stateLayout()}`] });
  }
  checkPlatform(file.name, about.platform, machine.platform);
  checkPrograms(file.name, about.programs, programs);
  checkOverlays(file.name, about.overlays, machine.overlays);
  machine.checkpoint.restore(sections);
  return about;
}

function checkOverlays(
  file: string,
  saved: CheckpointAbout['overlays'],
  own: CheckpointAbout['overlays'],
): void {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(own)])];
  const name = names.find((each) => saved[each] !== own[each]);
  if (name === undefined) return;
  const [there, here] = [saved, own].map((overlays) => {
    const address = overlays[name];
    return address === undefined ? 'absent' : `at 0x${address.toString(16)}`;
  });
  const message = `${file} was made with another program: its symbol '${name}' is ${String(there)}, here ${String(here)}`;
  throw checkpointError('E-CKP-007', message);
}
