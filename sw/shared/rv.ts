/**
 * Machine intrinsics for AssemblyScript sources: each call becomes the named RISC-V instruction in place, no function call.
 *
 * CSR numbers and causes are not written down here. They are modules generated from the rows of hw/isa at every build:
 *
 *     import * as csr from 'rv/csr';             // csrr(csr.sstatus); field masks: csr.sstatus_spp, first bit: csr.sstatus_spp_shift
 *     import * as cause from 'rv/cause';         // cause.loadGuestPageFault
 *     import * as interrupt from 'rv/interrupt'; // interrupt.mtip (the number; the mask is 1 << number)
 *
 * Rules that hold for every intrinsic: it is never merged with another one, moved across another one, or dropped. Plain `load`
 * and `store` carry no such promise, so device registers and memory shared with another hart go through `ld` … `sb` and the
 * atomics below. A parameter marked "constant" must be a compile-time constant; anything else fails the build with its location.
 *
 * Functions written in the macro assembler (`*.asm.ts`) are declared where they are used, `export declare function
 * enter_guest(context: GuestContext): u64;`, and joined by that name. Code is LP64: arguments a0-a7, result a0, at most 8
 * parameters, no floats, no garbage-collected objects (`new`, arrays, string operations fail the build). Structures are
 * `@unmanaged` classes laid over memory with `changetype<T>(address)`; static memory comes from `memory.data(bytes, alignment)`.
 * gp and tp are never touched by compiled code; t5 and t6 are scratch registers of the compiler. `memory.copy` and
 * `memory.fill` work. The built-in `unreachable()` means "cannot happen" to the optimiser; use `ebreak()` to stop.
 */

// ---- control and status registers (csr: constant)

/** Reads a CSR (`csrr`). */
export declare function csrr(csr: i32): u64;
/** Writes a CSR (`csrw`). */
export declare function csrw(csr: i32, value: u64): void;
/** Sets the given bits of a CSR (`csrs`). */
export declare function csrs(csr: i32, bits: u64): void;
/** Clears the given bits of a CSR (`csrc`). */
export declare function csrc(csr: i32, bits: u64): void;
/** Writes a CSR and returns its old value. */
export declare function csrrw(csr: i32, value: u64): u64;
/** Sets bits of a CSR and returns its old value. */
export declare function csrrs(csr: i32, bits: u64): u64;
/** Clears bits of a CSR and returns its old value. */
export declare function csrrc(csr: i32, bits: u64): u64;

// ---- ordering and translation caches. A constant 0 address or identifier is x0, "all of them"

/** Operand bits of `fence`: device input 8, device output 4, memory reads 2, memory writes 1. */
export const FENCE_I: i32 = 8;
export const FENCE_O: i32 = 4;
export const FENCE_R: i32 = 2;
export const FENCE_W: i32 = 1;
export const FENCE_RW: i32 = 3;
export const FENCE_IORW: i32 = 15;
/** Orders memory and device accesses before it (predecessor) with those after it (successor); both constant. */
export declare function fence(predecessor: i32, successor: i32): void;
/** Says that this hart waits for another one to get somewhere (`pause`, Zihintpause). */
export function pause(): void {
  fence(FENCE_W, 0);
}
/** Makes earlier stores visible to instruction fetches of this hart. */
export declare function fence_i(): void;
/** Drops this hart's translations of one virtual address and address space. */
export declare function sfence_vma(address: usize, asid: u64): void;
/** Drops all of this hart's translations (`sfence.vma x0, x0`). */
export declare function sfence_vma_all(): void;
/** Drops guest-physical translations: guest-physical address >> 2, VM identifier. */
export declare function hfence_gvma(address: u64, vmid: u64): void;
export declare function hfence_gvma_all(): void;
/** Drops guest-virtual translations of the current VM. */
export declare function hfence_vvma(address: u64, asid: u64): void;
export declare function hfence_vvma_all(): void;
/** HUFLUSHGPA of DV-Ext: drops guest-physical translations of this hart's own VM; address = guest-physical >> 2. */
export declare function hufence_gvma(address: u64): void;
export declare function hufence_gvma_all(): void;
/** Drops guest-virtual translations of this hart's own VM, from user level. */
export declare function hufence_vvma(address: u64, asid: u64): void;
export declare function hufence_vvma_all(): void;

// ---- environment

/** Waits for an interrupt. */
export declare function wfi(): void;
/** Stops at a breakpoint; the way to say "must not get here". */
export declare function ebreak(): void;
export declare function mret(): void;
export declare function sret(): void;
/** Enters the guest from user level (DV-Ext). Almost always written in the macro assembler instead. */
export declare function huret(): void;

/** Environment calls: a7 = number, arguments in a0…, result a0. All other registers but a1 must be kept by the callee. */
export declare function ecall0(number: u64): i64;
export declare function ecall1(number: u64, a0: u64): i64;
export declare function ecall2(number: u64, a0: u64, a1: u64): i64;
export declare function ecall3(number: u64, a0: u64, a1: u64, a2: u64): i64;
export declare function ecall4(number: u64, a0: u64, a1: u64, a2: u64, a3: u64): i64;
export declare function ecall5(number: u64, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64): i64;
export declare function ecall6(
  number: u64,
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  a4: u64,
  a5: u64,
): i64;
/** SBI calls: a7 = extension, a6 = function, result a0 (the SBI error code). */
export declare function sbi_ecall0(extension: u64, func: u64): i64;
export declare function sbi_ecall1(extension: u64, func: u64, a0: u64): i64;
export declare function sbi_ecall2(extension: u64, func: u64, a0: u64, a1: u64): i64;
export declare function sbi_ecall3(extension: u64, func: u64, a0: u64, a1: u64, a2: u64): i64;
export declare function sbi_ecall4(
  extension: u64,
  func: u64,
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
): i64;
export declare function sbi_ecall5(
  extension: u64,
  func: u64,
  a0: u64,
  a1: u64,
  a2: u64,
  a3: u64,
  a4: u64,
): i64;
/** a1 as the latest environment call of the same function left it (the SBI value). */
export declare function ecall_value(): u64;

// ---- volatile memory: every call is exactly one access of that width, in program order. offset: a small constant is free

export declare function ld(address: usize, offset: i32): u64;
export declare function lw(address: usize, offset: i32): i32;
export declare function lwu(address: usize, offset: i32): u32;
export declare function lh(address: usize, offset: i32): i32;
export declare function lhu(address: usize, offset: i32): u32;
export declare function lb(address: usize, offset: i32): i32;
export declare function lbu(address: usize, offset: i32): u32;
export declare function sd(address: usize, value: u64, offset: i32): void;
export declare function sw(address: usize, value: u32, offset: i32): void;
export declare function sh(address: usize, value: u32, offset: i32): void;
export declare function sb(address: usize, value: u32, offset: i32): void;

// ---- atomics, all with acquire and release ordering; each returns the old value

export declare function amoswap_w(address: usize, value: u32): i32;
export declare function amoadd_w(address: usize, value: u32): i32;
export declare function amoand_w(address: usize, value: u32): i32;
export declare function amoor_w(address: usize, value: u32): i32;
export declare function amoxor_w(address: usize, value: u32): i32;
export declare function amomax_w(address: usize, value: i32): i32;
export declare function amomin_w(address: usize, value: i32): i32;
export declare function amomaxu_w(address: usize, value: u32): i32;
export declare function amominu_w(address: usize, value: u32): i32;
export declare function amoswap_d(address: usize, value: u64): u64;
export declare function amoadd_d(address: usize, value: u64): u64;
export declare function amoand_d(address: usize, value: u64): u64;
export declare function amoor_d(address: usize, value: u64): u64;
export declare function amoxor_d(address: usize, value: u64): u64;
export declare function amomax_d(address: usize, value: i64): i64;
export declare function amomin_d(address: usize, value: i64): i64;
export declare function amomaxu_d(address: usize, value: u64): u64;
export declare function amominu_d(address: usize, value: u64): u64;
/** Load-reserved / store-conditional; `sc` returns 0 when it stored. Nothing but arithmetic belongs between the two. */
export declare function lr_w(address: usize): i32;
export declare function lr_d(address: usize): u64;
export declare function sc_w(address: usize, value: u32): i32;
export declare function sc_d(address: usize, value: u64): i32;

// ---- guest memory as the guest would see it (H extension; HULV/HUSV are the user-level forms of DV-Ext)

export declare function hlv_b(address: u64): i64;
export declare function hlv_bu(address: u64): u64;
export declare function hlv_h(address: u64): i64;
export declare function hlv_hu(address: u64): u64;
export declare function hlv_w(address: u64): i64;
export declare function hlv_wu(address: u64): u64;
export declare function hlv_d(address: u64): u64;
export declare function hlvx_hu(address: u64): u64;
export declare function hlvx_wu(address: u64): u64;
export declare function hsv_b(address: u64, value: u64): void;
export declare function hsv_h(address: u64, value: u64): void;
export declare function hsv_w(address: u64, value: u64): void;
export declare function hsv_d(address: u64, value: u64): void;
export declare function hulv_b(address: u64): i64;
export declare function hulv_bu(address: u64): u64;
export declare function hulv_h(address: u64): i64;
export declare function hulv_hu(address: u64): u64;
export declare function hulv_w(address: u64): i64;
export declare function hulv_wu(address: u64): u64;
export declare function hulv_d(address: u64): u64;
export declare function hulvx_hu(address: u64): u64;
export declare function hulvx_wu(address: u64): u64;
export declare function husv_b(address: u64, value: u64): void;
export declare function husv_h(address: u64, value: u64): void;
export declare function husv_w(address: u64, value: u64): void;
export declare function husv_d(address: u64, value: u64): void;

// ---- arithmetic that has no operator

/** Upper 64 bits of the 128-bit product: unsigned, signed, signed by unsigned. */
export declare function mulhu(a: u64, b: u64): u64;
export declare function mulh(a: i64, b: i64): i64;
export declare function mulhsu(a: i64, b: u64): i64;

// ---- the image

/** Address of a NUL-terminated UTF-8 copy of a string literal in read-only data. */
export declare function cstr(text: string): usize;
/** Address of a linker symbol: assembly function, area, blob (`name_start`, `name_end`), `stack_top`, `image_end`… */
export declare function sym_addr(name: string): usize;
/** Address of the function whose reference lies at `f`; use `fn_addr`. */
export declare function function_address(f: usize): usize;
/** Entry address of a function, for trap vectors and thread starts. Calling a function value needs no address. */
export function fn_addr<T>(f: T): usize {
  return function_address(changetype<usize>(f));
}
/** Thread pointer (x4), the per-hart or per-thread block; compiled code never writes it. */
export declare function tp(): usize;
export declare function set_tp(value: usize): void;
/** Stack pointer (x2). */
export declare function sp(): usize;
/** Marks this place with the symbol `probe$name$N`; costs no instruction and keeps the order of everything around it. */
export declare function probe(name: string): void;
