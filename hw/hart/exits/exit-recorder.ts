import type { Checkpointed } from '../../kernel/index.ts';
import { vmNumber } from '../translation-state.ts';
import { ExitAnatomy, RecentCharges } from './exit-anatomy.ts';
import { ExitGroup, type ExitSummary, type SavedGroup } from './exit-group.ts';
import {
  type ExitEnd,
  type ExitStart,
  exitSteps,
  type FinishedExit,
  type ProbedStep,
  Step,
} from './exit-steps.ts';
import { OpenExit, type SavedExit } from './open-exit.ts';

/** A recorder as a checkpoint keeps it. */
export interface SavedExits {
  readonly groups: readonly SavedGroup[];
  readonly open: readonly SavedExit[];
  /** The virtual machine whose exit is being handled. */
  readonly current: number | null;
}

/** Who wants to be told of every exit, and how many leaves the hart's cycle tree has. */
interface ExitWatch {
  readonly leafCount: number;
  readonly told: (exit: FinishedExit) => void;
}

/** Records the VM exits of one hart: how often, for which cause, and where the cycles went. */
export class ExitRecorder implements Checkpointed<SavedExits> {
  readonly #open = new Map<number, OpenExit>();
  readonly #groups: ExitGroup[] = [];
  readonly #recent = new RecentCharges();
  #current: OpenExit | undefined;
  #watch: ExitWatch | undefined;

  /** Whether an exit is being handled, so that probes mean something. */
  get isHandling(): boolean {
    return this.#current !== undefined;
  }

  /** A guest was left by a trap; `start` is not looked at later. */
  left(start: ExitStart): void {
    let exit = this.#open.get(start.vmid);
    if (exit === undefined) {
      exit = new OpenExit();
      this.#open.set(start.vmid, exit);
    }
    if (this.#watch !== undefined)
      exit.anatomy ??= new ExitAnatomy(exitSteps.length, this.#watch.leafCount, this.#recent);
    exit.begin(start);
    this.#current = exit;
  }

  /** The handler reached a probe. */
  reached(step: ProbedStep, cycle: number): void {
    const exit = this.#current;
    if (exit === undefined || exit.interrupted >= 0) return;
    exit.isProbed = true;
    exit.enter(Step[step], cycle);
  }

  /** An interrupt of the host took the hart away from the handler. */
  interrupted(cycle: number): void {
    const exit = this.#current;
    if (exit === undefined || exit.interrupted >= 0) return;
    exit.interrupted = exit.step;
    exit.enter(Step.nested, cycle);
  }

  /** The hart came back to a mode on behalf of the virtual machine `vmid`. */
  continued(vmid: number, mode: string, cycle: number): void {
    const exit = this.#underWay(vmid);
    this.#current = exit?.start.handler === mode ? exit : undefined;
    if (this.#current === undefined || exit === undefined || exit.interrupted < 0) return;
    exit.enter(exit.interrupted, cycle);
    exit.interrupted = -1;
  }

  /** A guest was entered. */
  entered({ vmid, before, after }: ExitEnd): void {
    const exit = this.#underWay(vmid);
    this.#current = undefined;
    if (exit === undefined) return;
    exit.isUnderWay = false;
    exit.enter(Step.return, before);
    exit.add(Step.return, after - before);
    // Without probes nothing tells saving from handling.
    if (!exit.isProbed) {
      exit.add(Step.handler, exit.cycles[Step.save] ?? 0);
      exit.cycles[Step.save] = 0;
      exit.anatomy?.merge(Step.save, Step.handler);
    }
    this.#groupOf(exit).add(exit, after);
    // An exit that began before somebody asked is not known whole.
    if (exit.anatomy === undefined) return;
    this.#watch?.told({
      ...exit.start,
      vmid: vmNumber(vmid),
      end: after,
      cycles: exit.cycles,
      leaves: exit.anatomy.steps,
    });
  }

  /** Tells of every exit that begins from now on, when it ends; somebody has to tell of all cycles meanwhile. */
  watch(watch: ExitWatch): void {
    this.#watch = watch;
  }

  /** Cycles were booked on a leaf of the hart's tree, and began in the cycle `time`. */
  charged(time: number, leaf: number, cycles: number): void {
    this.#recent.add(time, leaf, cycles);
    for (const exit of this.#open.values()) {
      if (exit.isUnderWay) exit.anatomy?.charge(exit.step, leaf, cycles);
    }
  }

  /** The exits so far, in the order in which their kinds first occurred. */
  summaries(): readonly ExitSummary[] {
    return this.#groups.map((group) => group.summary());
  }

  save(): SavedExits {
    return {
      groups: this.#groups.map((group) => group.save()),
      open: [...this.#open.values()].map((exit) => exit.save()),
      current: this.#current?.start.vmid ?? null,
    };
  }

  restore({ groups, open, current }: SavedExits): void {
    this.reset();
    for (const saved of groups) {
      const group = new ExitGroup(saved);
      group.restore(saved);
      this.#groups.push(group);
    }
    for (const saved of open) {
      const exit = new OpenExit();
      exit.restore(saved);
      this.#open.set(saved.start.vmid, exit);
    }
    this.#current = current === null ? undefined : this.#open.get(current);
  }

  /** Forgets everything. */
  reset(): void {
    this.#open.clear();
    this.#groups.length = 0;
    this.#current = undefined;
  }

  #underWay(vmid: number): OpenExit | undefined {
    const exit = this.#open.get(vmid);
    return exit?.isUnderWay === true ? exit : undefined;
  }

  #groupOf(exit: OpenExit): ExitGroup {
    const { start } = exit;
    if (exit.group?.holds(start) === true) return exit.group;
    let group = this.#groups.find((candidate) => candidate.holds(start));
    if (group === undefined) {
      group = new ExitGroup(start);
      this.#groups.push(group);
    }
    exit.group = group;
    return group;
  }
}
