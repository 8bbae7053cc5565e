import { Code } from '../../../wasm/index.ts';
import { hartStateOffsets } from '../../hart-state.ts';
import { emitLeaf, emitPassing, emitStall } from '../book-code.ts';
import { runOffsets } from '../run-state.ts';
import {
  modeContext,
  MOST_EVENTS,
  RECORD_WAYS,
  transitionEvent,
  transitionGuard,
  transitionMove,
  transitionRecord,
} from './transition-record.ts';

/** What a transition is generated for. */
export interface TransitionCodeSettings {
  /** Address of the table of stalls. */
  readonly stallTable: number;
}

const contextWords = [
  'leaves',
  'readTable',
  'writeTable',
  'fetchTable',
  'csrTable',
  'floatMode',
  'transitions',
] as const satisfies (keyof typeof modeContext & keyof typeof runOffsets)[];

/**
 * The function (hart, cycles left, trail, pc, number of the instruction in `trapTransfers`) that executes an instruction which
 * traps or returns from a trap, if a record says what it does: the cycles that it took, or 0 if somebody else has to execute it.
 */
export class TransitionCode {
  readonly #settings: TransitionCodeSettings;
  readonly #code = new Code(['i32', 'i32', 'i32', 'i64', 'i32']);
  readonly #hart = 0;
  readonly #left = 1;
  readonly #trail = 2;
  readonly #pc = 3;
  readonly #number = 4;
  readonly #start = this.#code.local('i32');
  readonly #before = this.#code.local('i32');
  readonly #record = this.#code.local('i32');
  readonly #place = this.#code.local('i32');
  readonly #end = this.#code.local('i32');
  readonly #context = this.#code.local('i32');
  readonly #event = this.#code.local('i32');
  readonly #issued = this.#code.local('i32');
  readonly #cycle = this.#code.local('f64');
  readonly #word = this.#code.local('i64');

  constructor(settings: TransitionCodeSettings) {
    this.#settings = settings;
  }

  /** The whole function. */
  function(): Code {
    const code = this.#code;
    const refused = code.block();
    this.#pushRun('transitions');
    code.tee(this.#record);
    code.op('i32.eqz');
    code.branchIf(refused);
    // Somebody counts the reservations.
    code.get(this.#hart);
    code.load('i32.load', hartStateOffsets.reservedBytes);
    code.branchIf(refused);
    this.#pushRun('logged');
    code.i32(MOST_EVENTS);
    code.op('i32.ge_u');
    code.branchIf(refused);
    this.#findRecord(() => {
      code.branch(refused);
    });
    this.#pushRecord('context');
    code.tee(this.#context);
    code.load('i32.load', modeContext.isValid);
    code.op('i32.eqz');
    code.branchIf(refused);
    this.#passTime();
    this.#settle();
    this.#move();
    this.#finishEvent();
    this.#enterContext();
    code.get(this.#start);
    code.get(this.#left);
    code.op('i32.sub');
    code.return();
    code.end();
    code.i32(0);
    return code;
  }

  /** Finds the record that holds now, or notes that there is none. */
  #findRecord(refuse: () => void): void {
    const code = this.#code;
    const { bytes, guards } = transitionRecord;
    code.get(this.#record);
    code.get(this.#number);
    code.i32(RECORD_WAYS * bytes);
    code.op('i32.mul');
    code.op('i32.add');
    code.tee(this.#record);
    code.i32(RECORD_WAYS * bytes);
    code.op('i32.add');
    code.set(this.#start);
    const found = code.block();
    const way = code.loop();
    const differs = code.block();
    code.get(this.#record);
    code.i32(guards);
    code.op('i32.add');
    code.tee(this.#place);
    this.#pushRecord('guardCount');
    code.i32(transitionGuard.bytes);
    code.op('i32.mul');
    code.op('i32.add');
    code.tee(this.#end);
    code.get(this.#place);
    code.op('i32.eq');
    code.branchIf(differs);
    const guard = code.loop();
    code.get(this.#place);
    code.load('i32.load', transitionGuard.address);
    code.load('i64.load');
    code.get(this.#place);
    code.load('i64.load', transitionGuard.mask);
    code.op('i64.and');
    code.get(this.#place);
    code.load('i64.load', transitionGuard.value);
    code.op('i64.ne');
    code.branchIf(differs);
    this.#advance(transitionGuard.bytes);
    code.branchIf(guard);
    code.branch(found);
    code.end();
    code.end();
    code.get(this.#record);
    code.i32(bytes);
    code.op('i32.add');
    code.tee(this.#record);
    code.get(this.#start);
    code.op('i32.lt_u');
    code.branchIf(way);
    code.end();
    code.get(this.#hart);
    code.i32(1);
    code.store('i32.store', runOffsets.missed);
    refuse();
    code.end();
  }

  /** Lets pass what the instruction waits for and what it takes. */
  #passTime(): void {
    const code = this.#code;
    const books = { code, hart: this.#hart, left: this.#left };
    code.get(this.#left);
    code.tee(this.#start);
    code.set(this.#before);
    emitStall(books, this.#trail, this.#settings.stallTable);
    this.#pushRecord('issues');
    code.op('i32.eqz');
    code.if();
    // A trap is taken when the instruction would issue; a return begins with it.
    code.get(this.#left);
    code.set(this.#before);
    code.end();
    code.get(this.#left);
    this.#pushRecord('issues');
    code.op('i32.sub');
    code.set(this.#left);
    const extra = (): void => {
      this.#pushRecord('extra');
    };
    emitPassing(books, extra);
    emitLeaf(
      books,
      () => {
        this.#pushRecord('leaf');
      },
      extra,
    );
  }

  /** Brings the hart's counts up to the present, and begins an event that says so. */
  #settle(): void {
    const code = this.#code;
    code.get(this.#hart);
    code.load('i32.load', runOffsets.log);
    this.#pushRun('logged');
    code.i32(transitionEvent.bytes);
    code.op('i32.mul');
    code.op('i32.add');
    code.set(this.#event);
    code.get(this.#hart);
    this.#pushRun('logged');
    code.i32(1);
    code.op('i32.add');
    code.store('i32.store', runOffsets.logged);
    code.get(this.#hart);
    code.load('f64.load', hartStateOffsets.cycle);
    code.set(this.#cycle);
    this.#storeEvent('record', 'i32.store', () => {
      this.#pushRecord('number');
    });
    this.#storeEvent('before', 'f64.store', () => {
      this.#pushCycleAt(this.#before);
    });
    this.#storeEvent('after', 'f64.store', () => {
      this.#pushCycleAt(this.#left);
    });
    this.#storeEvent('pc', 'i64.store', () => {
      code.get(this.#pc);
    });
    this.#pushPassed(this.#left);
    this.#pushRun('extra');
    code.op('i32.sub');
    code.set(this.#issued);
    emitLeaf(
      { code, hart: this.#hart },
      () => {
        this.#pushRecord('issueLeaf');
      },
      () => {
        code.get(this.#issued);
      },
    );
    code.get(this.#hart);
    code.get(this.#hart);
    code.load('f64.load', hartStateOffsets.instret);
    code.get(this.#issued);
    this.#pushRecord('retires');
    code.op('i32.add');
    code.float('f64.convert_i32_s');
    code.float('f64.add');
    code.store('f64.store', hartStateOffsets.instret);
    this.#storeEvent('issued', 'i32.store', () => {
      code.get(this.#issued);
    });
    code.get(this.#hart);
    this.#pushCycleAt(this.#left);
    code.store('f64.store', hartStateOffsets.cycle);
    for (const [word, push] of [
      ['begun', () => code.get(this.#left)],
      ['walked', () => code.i32(0)],
      ['extra', () => code.i32(0)],
    ] as const) {
      code.get(this.#hart);
      push();
      code.store('i32.store', runOffsets[word]);
    }
  }

  /** Changes the hart's state as the record says. */
  #move(): void {
    const code = this.#code;
    const { to, from, kept, set, taken, rotation, bytes } = transitionMove;
    code.get(this.#hart);
    code.get(this.#pc);
    code.store('i64.store', hartStateOffsets.pc);
    code.get(this.#record);
    code.i32(transitionRecord.moves);
    code.op('i32.add');
    code.tee(this.#place);
    this.#pushRecord('moveCount');
    code.i32(bytes);
    code.op('i32.mul');
    code.op('i32.add');
    code.set(this.#end);
    const field = (name: number): void => {
      code.get(this.#place);
      code.load('i64.load', name);
    };
    const address = (name: number): void => {
      code.get(this.#place);
      code.load('i32.load', name);
    };
    const move = code.loop();
    address(to);
    address(to);
    code.load('i64.load');
    field(kept);
    code.op('i64.and');
    field(set);
    code.op('i64.or');
    address(from);
    code.load('i64.load');
    field(taken);
    code.op('i64.and');
    field(rotation);
    code.op('i64.rotl');
    code.op('i64.or');
    code.store('i64.store');
    this.#advance(bytes);
    code.branchIf(move);
    code.end();
  }

  #finishEvent(): void {
    const code = this.#code;
    code.get(this.#hart);
    code.load('i64.load', hartStateOffsets.pc);
    code.set(this.#word);
    this.#storeEvent('next', 'i64.store', () => {
      code.get(this.#word);
    });
  }

  /** Goes on with what belongs to the new mode. */
  #enterContext(): void {
    const code = this.#code;
    for (const word of contextWords) {
      code.get(this.#hart);
      code.get(this.#context);
      code.load('i32.load', modeContext[word]);
      code.store('i32.store', runOffsets[word]);
    }
  }

  /** Goes to the next element of a list, and puts on the stack whether there is one. */
  #advance(bytes: number): void {
    const code = this.#code;
    code.get(this.#place);
    code.i32(bytes);
    code.op('i32.add');
    code.tee(this.#place);
    code.get(this.#end);
    code.op('i32.lt_u');
  }

  /** The cycles that passed since the counts were brought up to date, as of when so many were left. */
  #pushPassed(left: number): void {
    const code = this.#code;
    this.#pushRun('begun');
    code.get(left);
    code.op('i32.sub');
    this.#pushRun('walked');
    code.op('i32.sub');
  }

  #pushCycleAt(left: number): void {
    const code = this.#code;
    code.get(this.#cycle);
    this.#pushPassed(left);
    code.float('f64.convert_i32_s');
    code.float('f64.add');
  }

  #pushRun(word: keyof typeof runOffsets): void {
    this.#code.get(this.#hart);
    this.#code.load('i32.load', runOffsets[word]);
  }

  #pushRecord(word: Exclude<keyof typeof transitionRecord, 'bytes' | 'guards' | 'moves'>): void {
    this.#code.get(this.#record);
    this.#code.load('i32.load', transitionRecord[word]);
  }

  #storeEvent(
    field: Exclude<keyof typeof transitionEvent, 'bytes'>,
    store: 'i32.store' | 'i64.store' | 'f64.store',
    push: () => void,
  ): void {
    this.#code.get(this.#event);
    push();
    this.#code.store(store, transitionEvent[field]);
  }
}
