import type { Checkpointed } from '../kernel/index.ts';
import { ExitAnatomy, RecentCharges } from './exit-anatomy.ts';
import { vmNumber } from './translation-state.ts';

/** The steps of a VM exit in order; `nested` is time taken by interrupts of the host on the way. */
export const exitSteps = [
  'trap',
  'save',
  'dispatch',
  'handler',
  'restore',
  'return',
  'nested',
] as const;

/** One of the steps of a VM exit. */
type ExitStep = (typeof exitSteps)[number];

/** The steps that software announces with a probe: the step that begins there. */
export type ProbedStep = 'dispatch' | 'handler' | 'restore';

/** Count, least, mean and greatest of a number of cycles. */
export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** All exits of one kind. */
export interface ExitSummary {
  /** The mode that handled them, and the cause by the manual's name. */
  readonly handler: string;
  readonly cause: string;
  /** From the guest's last instruction to its next, as the guest sees it. */
  readonly total: Spread;
  readonly steps: Readonly<Record<ExitStep, Spread>>;
}

/** A trap out of a guest. */
export interface ExitStart {
  readonly handler: string;
  readonly cause: string;
  /** The virtual machine, by the label of its translations. */
  readonly vmid: number;
  /** The hart's cycle count before and after the trap was taken. */
  readonly before: number;
  readonly after: number;
  /** Where the guest was, in unsigned halves. */
  readonly pcHigh: number;
  readonly pcLow: number;
}

/** A finished VM exit; its virtual machine by number. */
export interface FinishedExit extends ExitStart {
  /** The hart's cycle count at the guest's next instruction. */
  readonly end: number;
  /** Cycles by step, in the order of `exitSteps`, and for each the cycles by leaf of the hart's tree; valid during the call. */
  readonly cycles: ArrayLike<number>;
  readonly leaves: readonly ArrayLike<number>[];
}

/** A return into a guest. */
export interface ExitEnd {
  readonly vmid: number;
  readonly before: number;
  readonly after: number;
}

/** Places of the steps in the order of `exitSteps`. */
const Step = Object.fromEntries(exitSteps.map((step, place) => [step, place])) as Readonly<
  Record<ExitStep, number>
>;

/** Numbers summed up, as a checkpoint keeps them. */
interface SavedAccumulator {
  readonly count: number;
  readonly sum: number;
  readonly min: number | null;
  readonly max: number;
}

/** Exits of one kind as a checkpoint keeps them. */
interface SavedGroup {
  readonly handler: string;
  readonly cause: string;
  readonly total: SavedAccumulator;
  readonly steps: readonly SavedAccumulator[];
}

/** The last exit of a virtual machine as a checkpoint keeps it. */
interface SavedExit {
  readonly start: ExitStart;
  readonly isUnderWay: boolean;
  readonly isProbed: boolean;
  readonly interrupted: number;
  readonly cycles: readonly number[];
  readonly step: number;
  readonly since: number;
}

/** A recorder as a checkpoint keeps it. */
export interface SavedExits {
  readonly groups: readonly SavedGroup[];
  readonly open: readonly SavedExit[];
  /** The virtual machine whose exit is being handled. */
  readonly current: number | null;
}

const NOWHERE = { pcHigh: 0, pcLow: 0 } as const;
const NOBODY: ExitStart = { handler: '', cause: '', vmid: -1, before: 0, after: 0, ...NOWHERE };

/** The exits of one virtual machine, of which one at most is under way. */
class OpenExit implements Checkpointed<SavedExit> {
  readonly start: { -readonly [Name in keyof ExitStart]: ExitStart[Name] } = { ...NOBODY };
  isUnderWay = false;
  isProbed = false;
  /** The step that goes on after the nested interrupt, by place; negative if there is none. */
  interrupted = -1;
  /** Where exits of the kind of the last one are summed up. */
  group: Group | undefined;
  /** Where the cycles of each step went, if somebody asks. */
  anatomy: ExitAnatomy | undefined;
  /** Cycles by step. */
  readonly cycles = new Float64Array(exitSteps.length);
  #step = 0;
  #since = 0;

  /** A guest was left. */
  begin(start: ExitStart): void {
    this.#copy(start);
    this.isUnderWay = true;
    this.isProbed = false;
    this.interrupted = -1;
    // `fill` costs more than the rest of an exit.
    for (let step = 0; step < this.cycles.length; step++) this.cycles[step] = 0;
    this.add(Step.trap, start.after - start.before);
    this.anatomy?.begin(Step.trap, start.before);
    this.#step = Step.save;
    this.#since = start.after;
  }

  save(): SavedExit {
    const { start, isUnderWay, isProbed, interrupted } = this;
    const cycles = [...this.cycles];
    const progress = { step: this.#step, since: this.#since };
    return { start: { ...start }, isUnderWay, isProbed, interrupted, cycles, ...progress };
  }

  restore({ start, isUnderWay, isProbed, interrupted, cycles, step, since }: SavedExit): void {
    this.#copy(start);
    this.isUnderWay = isUnderWay;
    this.isProbed = isProbed;
    this.interrupted = interrupted;
    this.cycles.set(cycles);
    this.#step = step;
    this.#since = since;
  }

  // Each exit would else leave an object behind.
  #copy({ handler, cause, vmid, before, after, pcHigh, pcLow }: ExitStart): void {
    const { start } = this;
    start.handler = handler;
    start.cause = cause;
    start.vmid = vmid;
    start.before = before;
    start.after = after;
    start.pcHigh = pcHigh;
    start.pcLow = pcLow;
  }

  /** The step that is being made, by place. */
  get step(): number {
    return this.#step;
  }

  /** The next step begins. */
  enter(step: number, cycle: number): void {
    this.add(this.#step, cycle - this.#since);
    this.anatomy?.move(this.#step, step, cycle);
    this.#step = step;
    this.#since = cycle;
  }

  /** Books cycles on a step. */
  add(step: number, cycles: number): void {
    this.cycles[step] = (this.cycles[step] ?? 0) + cycles;
  }
}

class Accumulator implements Checkpointed<SavedAccumulator> {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  add(cycles: number): void {
    this.#count += 1;
    this.#sum += cycles;
    if (cycles < this.#min) this.#min = cycles;
    if (cycles > this.#max) this.#max = cycles;
  }

  save(): SavedAccumulator {
    const count = this.#count;
    return { count, sum: this.#sum, min: count === 0 ? null : this.#min, max: this.#max };
  }

  restore({ count, sum, min, max }: SavedAccumulator): void {
    this.#count = count;
    this.#sum = sum;
    this.#min = min ?? Infinity;
    this.#max = max;
  }

  /** The spread of `count` numbers, of which those that were not added are 0. */
  spread(count = this.#count): Spread {
    if (count === 0) return { count, min: 0, mean: 0, max: 0 };
    const min = this.#count < count ? 0 : this.#min;
    return { count, min, mean: this.#sum / count, max: this.#max };
  }
}

/** All exits of one kind: their cycles in all, and by step. */
class Group implements Checkpointed<SavedGroup> {
  readonly handler: string;
  readonly cause: string;
  readonly total = new Accumulator();
  readonly steps = exitSteps.map(() => new Accumulator());

  constructor({ handler, cause }: Pick<ExitStart, 'handler' | 'cause'>) {
    this.handler = handler;
    this.cause = cause;
  }

  /** Whether an exit is of this kind. */
  holds({ handler, cause }: ExitStart): boolean {
    return handler === this.handler && cause === this.cause;
  }

  /** Adds a finished exit. */
  add({ start, cycles }: OpenExit, end: number): void {
    this.total.add(end - start.before);
    for (let place = 0; place < cycles.length; place++) {
      const count = cycles[place] ?? 0;
      if (count > 0) this.steps[place]?.add(count);
    }
  }

  save(): SavedGroup {
    const { handler, cause, total, steps } = this;
    return { handler, cause, total: total.save(), steps: steps.map((step) => step.save()) };
  }

  restore({ total, steps }: SavedGroup): void {
    this.total.restore(total);
    for (const [place, saved] of steps.entries()) this.steps[place]?.restore(saved);
  }

  /** The exits so far. */
  summary(): ExitSummary {
    const { handler, cause, total, steps } = this;
    const all = total.spread();
    const spreads = steps.map((step, place) => [exitSteps[place], step.spread(all.count)] as const);
    return {
      handler,
      cause,
      total: all,
      steps: Object.fromEntries(spreads) as Record<ExitStep, Spread>,
    };
  }
}

/** Who wants to be told of every exit, and how many leaves the hart's cycle tree has. */
interface ExitWatch {
  readonly leafCount: number;
  readonly told: (exit: FinishedExit) => void;
}

/** Records the VM exits of one hart: how often, for which cause, and where the cycles went. */
export class ExitRecorder implements Checkpointed<SavedExits> {
  readonly #open = new Map<number, OpenExit>();
  readonly #groups: Group[] = [];
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
      const group = new Group(saved);
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

  #groupOf(exit: OpenExit): Group {
    const { start } = exit;
    if (exit.group?.holds(start) === true) return exit.group;
    let group = this.#groups.find((candidate) => candidate.holds(start));
    if (group === undefined) {
      group = new Group(start);
      this.#groups.push(group);
    }
    exit.group = group;
    return group;
  }
}
