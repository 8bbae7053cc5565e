import type { Patch } from 'immer';
import { Subject, type Observable } from 'rxjs';
import type { Signal } from './signal.ts';

/** A component's state before and after differ by these immer patches. */
export interface StateChange {
  readonly tick: number;
  readonly component: string;
  readonly patches: readonly Patch[];
}

/** A wire has another settled value. */
export interface SignalChange {
  readonly tick: number;
  readonly signal: string;
  readonly value: unknown;
}

/** Software accessed a register. */
export interface RegisterAccess {
  readonly tick: number;
  readonly component: string;
  readonly register: string;
  readonly index: number;
  readonly access: 'read' | 'write';
  readonly value: bigint;
}

/**
 * What observers of a circuit may see. Nothing is computed for a stream that nobody observes, and observing changes
 * no result.
 */
export class TraceHub {
  readonly #state = new Subject<StateChange>();
  readonly #signal = new Subject<SignalChange>();
  readonly #access = new Subject<RegisterAccess>();
  readonly state$: Observable<StateChange> = this.#state.asObservable();
  readonly signal$: Observable<SignalChange> = this.#signal.asObservable();
  readonly access$: Observable<RegisterAccess> = this.#access.asObservable();

  /** Whether patches are worth computing. */
  get observesState(): boolean {
    return this.#state.observed;
  }

  /** Records a state change. */
  state(tick: number, component: string, patches: readonly Patch[]): void {
    this.#state.next({ tick, component, patches });
  }

  /** Records a settled signal. */
  signal(tick: number, signal: Signal): void {
    if (this.#signal.observed) {
      this.#signal.next({ tick, signal: signal.name, value: signal.value });
    }
  }

  /** Records a register access. */
  access(
    tick: number,
    component: string,
    slot: { readonly name: string; readonly index: number },
    access: 'read' | 'write',
    value: bigint,
  ): void {
    if (this.#access.observed) {
      const { name: register, index } = slot;
      this.#access.next({ tick, component, register, index, access, value });
    }
  }
}
