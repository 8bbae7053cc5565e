import type { Observable } from 'rxjs';
import type { Checkpointed } from '../../hw/kernel/index.ts';

/** How many bytes each console of a machine has been sent since reset. */
export class ConsolePosition implements Checkpointed<Readonly<Record<string, number>>> {
  #counts: Record<string, number> = {};

  constructor(console$: Observable<{ readonly device: string }>) {
    console$.subscribe(({ device }) => {
      this.#counts[device] = (this.#counts[device] ?? 0) + 1;
    });
  }

  save(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    this.#counts = { ...saved };
  }

  /** Back to the beginning. */
  reset(): void {
    this.#counts = {};
  }
}
