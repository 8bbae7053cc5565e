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
}

/** A return into a guest. */
export interface ExitEnd {
  readonly vmid: number;
  readonly before: number;
  readonly after: number;
}

interface OpenExit {
  readonly start: ExitStart;
  readonly cycles: Record<ExitStep, number>;
  step: ExitStep;
  since: number;
  /** The step that goes on after the nested interrupt. */
  interrupted: ExitStep | undefined;
  isProbed: boolean;
}

function noCycles(): Record<ExitStep, number> {
  return { trap: 0, save: 0, dispatch: 0, handler: 0, restore: 0, return: 0, nested: 0 };
}

class Accumulator {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  add(cycles: number): void {
    this.#count += 1;
    this.#sum += cycles;
    this.#min = Math.min(this.#min, cycles);
    this.#max = Math.max(this.#max, cycles);
  }

  spread(): Spread {
    const count = this.#count;
    if (count === 0) return { count, min: 0, mean: 0, max: 0 };
    return { count, min: this.#min, mean: this.#sum / count, max: this.#max };
  }
}

interface Group {
  readonly handler: string;
  readonly cause: string;
  readonly total: Accumulator;
  readonly steps: Readonly<Record<ExitStep, Accumulator>>;
}

function newGroup({ handler, cause }: ExitStart): Group {
  const steps = Object.fromEntries(exitSteps.map((step) => [step, new Accumulator()]));
  return {
    handler,
    cause,
    total: new Accumulator(),
    steps: steps as Record<ExitStep, Accumulator>,
  };
}

/** Records the VM exits of one hart: how often, for which cause, and where the cycles went. */
export class ExitRecorder {
  readonly #open = new Map<number, OpenExit>();
  readonly #groups = new Map<string, Group>();
  #current: OpenExit | undefined;

  /** Whether an exit is being handled, so that probes mean something. */
  get isHandling(): boolean {
    return this.#current !== undefined;
  }

  /** A guest was left by a trap. */
  left(start: ExitStart): void {
    const cycles = { ...noCycles(), trap: start.after - start.before };
    this.#current = {
      start,
      cycles,
      step: 'save',
      since: start.after,
      interrupted: undefined,
      isProbed: false,
    };
    this.#open.set(start.vmid, this.#current);
  }

  /** The handler reached a probe. */
  reached(step: ProbedStep, cycle: number): void {
    const exit = this.#current;
    if (exit === undefined || exit.interrupted !== undefined) return;
    exit.isProbed = true;
    enter(exit, step, cycle);
  }

  /** An interrupt of the host took the hart away from the handler. */
  interrupted(cycle: number): void {
    const exit = this.#current;
    if (exit === undefined || exit.interrupted !== undefined) return;
    exit.interrupted = exit.step;
    enter(exit, 'nested', cycle);
  }

  /** The hart came back to a mode on behalf of the virtual machine `vmid`. */
  continued(vmid: number, mode: string, cycle: number): void {
    const exit = this.#open.get(vmid);
    this.#current = exit?.start.handler === mode ? exit : undefined;
    if (this.#current === undefined || exit?.interrupted === undefined) return;
    enter(exit, exit.interrupted, cycle);
    exit.interrupted = undefined;
  }

  /** A guest was entered. */
  entered({ vmid, before, after }: ExitEnd): void {
    const exit = this.#open.get(vmid);
    this.#current = undefined;
    if (exit === undefined) return;
    this.#open.delete(vmid);
    enter(exit, 'return', before);
    exit.cycles.return = after - before;
    // Without probes nothing tells saving from handling.
    if (!exit.isProbed) {
      exit.cycles.handler += exit.cycles.save;
      exit.cycles.save = 0;
    }
    this.#add(exit, after);
  }

  /** The exits so far, in the order in which their kinds first occurred. */
  summaries(): readonly ExitSummary[] {
    return [...this.#groups.values()].map(({ handler, cause, total, steps }) => ({
      handler,
      cause,
      total: total.spread(),
      steps: Object.fromEntries(exitSteps.map((step) => [step, steps[step].spread()])) as Record<
        ExitStep,
        Spread
      >,
    }));
  }

  /** Forgets everything. */
  reset(): void {
    this.#open.clear();
    this.#groups.clear();
    this.#current = undefined;
  }

  #add({ start, cycles }: OpenExit, end: number): void {
    const key = `${start.handler} ${start.cause}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = newGroup(start);
      this.#groups.set(key, group);
    }
    group.total.add(end - start.before);
    for (const step of exitSteps) group.steps[step].add(cycles[step]);
  }
}

function enter(exit: OpenExit, step: ExitStep, cycle: number): void {
  exit.cycles[exit.step] += cycle - exit.since;
  exit.step = step;
  exit.since = cycle;
}
