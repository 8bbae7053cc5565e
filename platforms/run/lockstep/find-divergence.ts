import { type Difference, differences, type Facts } from '../../../hw/hart/index.ts';
import { type RunLimits, sliceEnd } from '../run.ts';
import { type Executed, executedBetween } from './executed.ts';
import type { Boots } from './lockstep.ts';
import { Side } from './side.ts';

/** Where two machines part that should do the same. */
export interface Divergence {
  readonly kind: 'divergence';
  /** What is to blame: one instruction, or several of which nothing tells which. */
  readonly suspects: readonly Executed[];
  /** The last cycle at which they agree, and the first at which they are known to differ. */
  readonly agreeCycle: number;
  readonly differCycle: number;
  /** What both say where they agree. */
  readonly before: Facts;
  /** What the reference and the machine that is checked say where they differ. */
  readonly expected: Facts;
  readonly actual: Facts;
}

/** Where the search begins. */
interface Found {
  readonly boots: Boots;
  readonly limits: RunLimits;
  /** Slices from reset after which the machines agree; after one more they do not. */
  readonly slices: number;
  /** Physical addresses of doublewords that belong to the facts. */
  readonly watched: readonly number[];
}

/** Where a run is interrupted after the slices that agree, and which instructions are kept out of translations. */
interface Experiment {
  readonly cuts: readonly number[];
  readonly untranslated?: readonly number[];
}

type Search<Result> = Generator<undefined, Result>;

/** Cuts at which one run of the reference is looked at. */
const MOST_CUTS = 64;

/**
 * Finds the instruction that makes the difference by running the machines again from reset, a search by halves in three
 * directions. Generated code executes a stretch at a time if time allows, so a wrong instruction need not show where it is:
 *
 * 1. the earliest end at which the machines differ;
 * 2. the latest begin from which that end is reached wrongly in one go: the stretch between both holds the instruction;
 * 3. if the stretch holds several, the first that must be kept out of translations for the difference to go.
 */
export function findDivergence(found: Found): Search<Divergence> {
  return new DivergenceSearch(found).find();
}

class DivergenceSearch {
  readonly #found: Found;
  readonly #expected = new Map<string, Facts>();
  /** Whether a run may be interrupted anywhere without a trace: harts that take turns notice. */
  #hidesCuts = false;

  constructor(found: Found) {
    this.#found = found;
  }

  *find(): Search<Divergence> {
    const { watched } = this.#found;
    const start = yield* this.#run('reference', { cuts: [] });
    const { harts, quantum } = start.machine.platform;
    this.#hidesCuts = harts.count === 1 || quantum === 'exact';
    const from = start.machine.cycle;
    const end = yield* this.#firstEnd(from, sliceEnd(start.machine, this.#found.limits));
    const begin = yield* this.#lastBegin(from, end);
    const subject = yield* this.#run('subject', { cuts: [begin, end] });
    const expected = yield* this.#expectedAt([begin, end]);
    const actual = subject.facts(watched);
    const reference = yield* this.#run('reference', { cuts: [begin] });
    const before = reference.facts(watched);
    const stretch = executedBetween(reference, begin, end);
    const own = onHarts(stretch, differences(expected, actual));
    const suspects = yield* this.#suspects(own, [begin, end]);
    const cycles = { agreeCycle: begin, differCycle: end };
    return { kind: 'divergence', suspects, ...cycles, before, expected, actual };
  }

  /** The first end of a run that differs next to one that does not. */
  *#firstEnd(from: number, to: number): Search<number> {
    let [agree, differ] = [from, to];
    while (differ - agree > 1) {
      const cuts = cutsBetween(agree, differ);
      yield* this.#look(cuts);
      const first = yield* firstThat(cuts.length, (index) => {
        return this.#differs({ cuts: [cuts[index] ?? differ] });
      });
      [agree, differ] = [cuts[first - 1] ?? agree, cuts[first] ?? differ];
    }
    return differ;
  }

  /** The last cycle at which the run can be interrupted and still differs at its end. */
  *#lastBegin(from: number, end: number): Search<number> {
    yield* this.#look([end]);
    const last = end - 1;
    const back = yield* firstThat(last - from, (index) => {
      return this.#differs({ cuts: [last - index, end] });
    });
    return last - back;
  }

  /** What is to blame in a stretch: the first instruction that must not be translated, or all if that cures nothing. */
  *#suspects(stretch: readonly Executed[], cuts: readonly number[]): Search<readonly Executed[]> {
    if (stretch.length < 2) return stretch;
    const places = [...new Set(stretch.flatMap(({ physical }) => physical ?? []))];
    if (yield* this.#differs({ cuts, untranslated: places })) return stretch;
    const translated = yield* firstThat(places.length, (index) => {
      return this.#differs({ cuts, untranslated: places.slice(index) });
    });
    return stretch.filter(({ physical }) => physical === places[translated - 1]).slice(0, 1);
  }

  *#differs({ cuts, untranslated = [] }: Experiment): Search<boolean> {
    const expected = yield* this.#expectedAt(cuts);
    const subject = yield* this.#run('subject', { cuts, untranslated });
    return differences(expected, subject.facts(this.#found.watched)).length > 0;
  }

  /** What the reference says at the last cut. */
  *#expectedAt(cuts: readonly number[]): Search<Facts> {
    const known = this.#expected.get(this.#keyOf(cuts));
    if (known !== undefined) return known;
    const reference = yield* this.#run('reference', { cuts });
    return reference.facts(this.#found.watched);
  }

  /** Lets one run of the reference tell what it is like at several cuts. */
  *#look(cuts: readonly number[]): Search<void> {
    this.#expected.clear();
    if (!this.#hidesCuts) return;
    const reference = yield* this.#run('reference', { cuts: [] });
    for (const cut of cuts) {
      reference.runTo(cut);
      this.#expected.set(this.#keyOf([cut]), reference.facts(this.#found.watched));
    }
  }

  #keyOf(cuts: readonly number[]): string {
    return this.#hidesCuts ? String(cuts.at(-1)) : cuts.join();
  }

  *#run(which: keyof Boots, { cuts, untranslated = [] }: Experiment): Search<Side> {
    const { boots, limits, slices } = this.#found;
    const side = new Side(boots[which](), limits);
    for (const place of untranslated) side.machine.keepUntranslated(place);
    for (let slice = 0; slice < slices; slice += 1) {
      side.runSlice();
      yield undefined;
    }
    for (const cut of cuts) side.runTo(cut);
    return side;
  }
}

/** Some cycles between two, evenly spread. */
function cutsBetween(from: number, to: number): readonly number[] {
  const step = Math.ceil((to - from) / MOST_CUTS);
  const cuts: number[] = [];
  for (let cut = from + step; cut < to; cut += step) cuts.push(cut);
  return cuts;
}

/** The first of so many indices for which something is true, next to one for which it is not; `count` if for none. */
function* firstThat(count: number, isTrue: (index: number) => Search<boolean>): Search<number> {
  let [below, first] = [-1, count];
  while (first - below > 1) {
    const middle = (below + first) >> 1;
    if (yield* isTrue(middle)) first = middle;
    else below = middle;
  }
  return first;
}

/** What was executed on harts that differ, or on all if none does. */
function onHarts(
  stretch: readonly Executed[],
  differing: readonly Difference[],
): readonly Executed[] {
  const own = stretch.filter(({ hart }) => {
    return differing.some(({ name }) => name.startsWith(`hart ${String(hart)} `));
  });
  return own.length > 0 ? own : stretch;
}
