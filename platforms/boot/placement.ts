import { formatSize } from '../source/quantity.ts';
import { imageError } from '../images/image-error.ts';

/** A stretch of RAM. */
export interface Extent {
  readonly base: number;
  readonly size: number;
}

const pageBytes = 4096;

/**
 * Hands out room from the end of RAM downwards, where firmware, kernel and program do not reach; each piece begins
 * at a page.
 */
export class TopOfMemory {
  readonly #ram: Extent;
  #end: number;

  constructor(ram: Extent) {
    this.#ram = ram;
    this.#end = ram.base + ram.size;
  }

  /** The address of the next piece below those handed out before. */
  take(name: string, size: number): number {
    const base = Math.floor((this.#end - size) / pageBytes) * pageBytes;
    if (base < this.#ram.base) {
      const room = formatSize(this.#end - this.#ram.base);
      throw imageError('E-IMG-005', `${name} needs ${formatSize(size)}, RAM has ${room} left`);
    }
    this.#end = base;
    return base;
  }
}
