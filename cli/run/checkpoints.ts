import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Booted,
  DvlabError,
  endOfTurns,
  type Halts,
  type Machine,
  type NamedFile,
  type Platform,
  restoreCheckpoint,
  saveCheckpoint,
} from '../../platforms/index.ts';
import { readFile } from '../read-file.ts';
import { groupDigits } from '../text-table.ts';
import { cannotWrite, writeFile } from '../write-file.ts';
import type { Images } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';

/** The checkpoints of a run: the one that it goes on from, and those that it leaves in its folder. */
export class Checkpoints {
  readonly #options: RunOptions;
  readonly #images: Images;
  readonly #folder: string | undefined;
  readonly #file: NamedFile | undefined;
  readonly #written: string[] = [];

  /** `folder` is that of the run, if it has one. */
  constructor(options: RunOptions, images: Images, folder: string | undefined) {
    const { restore, ckptAt } = options;
    this.#options = options;
    this.#images = images;
    this.#folder = folder;
    this.#file = restore === undefined ? undefined : readFile(restore);
    if (ckptAt !== undefined && folder === undefined) {
      throw badCheckpoint('--ckpt-at writes to the folder of the run: name one with --out');
    }
  }

  /** Lets booted machines go on where the checkpoint was made, if one was named. */
  restoring(boot: (platform: Platform) => Booted): (platform: Platform) => Booted {
    const file = this.#file;
    if (file === undefined) return boot;
    return (platform) => {
      const booted = boot(platform);
      restoreCheckpoint(booted.machine, file, this.#images);
      return booted;
    };
  }

  /** Where the run of a machine is to be saved. */
  halts(machine: Machine): Halts {
    const { ckptAt = [], maxCycles } = this.#options;
    const cycles = [...new Set(ckptAt)].sort((a, b) => a - b);
    const first = Math.min(...cycles);
    const last = Math.max(0, ...cycles);
    if (first < machine.presentCycle) {
      const present = groupDigits(machine.presentCycle);
      throw badCheckpoint(
        `--ckpt-at ${String(first)} is past: the run goes on at cycle ${present}`,
      );
    }
    if (endOfTurns(machine, last) > maxCycles) {
      throw badCheckpoint(
        `--ckpt-at ${String(last)} is never reached: the run ends at cycle ${groupDigits(maxCycles)}`,
      );
    }
    return {
      cycles,
      reached: (each) => {
        this.#write(each);
      },
    };
  }

  /** One line per checkpoint, and one about those that the run did not reach. */
  remarks(): readonly string[] {
    const { ckptAt = [] } = this.#options;
    const missing = new Set(ckptAt).size - this.#written.length;
    const written = this.#written.map((path) => `checkpoint: ${path}`);
    if (missing === 0) return written;
    return [...written, `checkpoints not reached before the end of the run: ${String(missing)}`];
  }

  #write(machine: Machine): void {
    const folder = this.#folder ?? '.';
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw cannotWrite(folder, error);
    }
    const path = join(folder, `cycle-${String(machine.presentCycle)}.ckpt`);
    writeFile(path, saveCheckpoint(machine, this.#images));
    this.#written.push(path);
  }
}

function badCheckpoint(message: string): DvlabError {
  return new DvlabError([{ code: 'E-USE-008', message, help: 'dvlab run --help' }]);
}
