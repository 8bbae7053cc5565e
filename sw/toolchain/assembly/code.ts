import type { SourceLocation } from '../diagnostics/compile-error.ts';
import type { BranchMnemonic } from '../lir/block.ts';
import type { Register } from './register.ts';

/** Names a place: a symbol of the image, or a label made unique by the builder. */
export type SymbolName = string;

/** One element of the code stream; its size may depend on where symbols end up. */
export type CodeItem =
  | { readonly kind: 'word'; readonly word: number }
  | {
      readonly kind: 'branch';
      readonly mnemonic: BranchMnemonic;
      readonly rs1: Register;
      readonly rs2: Register;
      readonly target: SymbolName;
    }
  /** `jal`, or `auipc` and `jalr` through a scratch register when the target is far. */
  | {
      readonly kind: 'jump';
      readonly link: Register;
      readonly target: SymbolName;
      readonly scratch: Register;
    }
  | {
      readonly kind: 'address';
      readonly rd: Register;
      readonly target: SymbolName;
      readonly offset: bigint;
    }
  /** A load from, or a store to, a symbol; `base` receives the upper part of its address. */
  | {
      readonly kind: 'access';
      readonly mnemonic: string;
      readonly register: Register;
      readonly base: Register;
      readonly target: SymbolName;
      readonly isStore: boolean;
    }
  | { readonly kind: 'label'; readonly name: SymbolName }
  | { readonly kind: 'function'; readonly name: SymbolName; readonly alignment: number }
  | { readonly kind: 'functionEnd'; readonly name: SymbolName }
  | { readonly kind: 'location'; readonly location: SourceLocation }
  | { readonly kind: 'align'; readonly bytes: number }
  /** A 64-bit word that holds the address of a symbol. */
  | { readonly kind: 'symbolWord'; readonly target: SymbolName }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };
