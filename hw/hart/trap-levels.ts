import {
  hstatus,
  htinst,
  htval,
  hustatus,
  hutinst,
  hutval,
  isVirtual,
  isVsInterrupt,
  mcause,
  mepc,
  type Mode,
  mstatus,
  mtinst,
  mtval,
  mtval2,
  mtvec,
  Privilege,
  scause,
  sepc,
  stval,
  stvec,
  ucause,
  uepc,
  utval,
  utvec,
  vscause,
  vsepc,
  vsstatus,
  vstval,
  vstvec,
} from '../isa/index.ts';
import { type ExceptionReport, TrapLevel, type TrapLevelPorts } from './trap-level.ts';

/** M mode (priv 3.1.6, priv 18.4.1). */
export class MachineLevel extends TrapLevel {
  readonly #mie = this.csrs.fieldPort(mstatus, 'mie');
  readonly #mpie = this.csrs.fieldPort(mstatus, 'mpie');
  readonly #mpp = this.csrs.fieldPort(mstatus, 'mpp');
  readonly #mpv = this.csrs.fieldPort(mstatus, 'mpv');
  readonly #gva = this.csrs.fieldPort(mstatus, 'gva');
  readonly #mprv = this.csrs.fieldPort(mstatus, 'mprv');
  readonly #mtval2 = this.csrs.registerPort(mtval2);
  readonly #mtinst = this.csrs.registerPort(mtinst);
  readonly #htval = this.csrs.registerPort(htval);

  constructor(ports: TrapLevelPorts) {
    super(ports, { epc: mepc, cause: mcause, tval: mtval, tvec: mtvec });
  }

  enter(report: ExceptionReport, isInterrupt: boolean, from: Mode): void {
    const { cause, tval, gva } = report;
    this.#mpp.put(this.state.privilege);
    this.#mpv.put(Number(isVirtual(from)));
    this.#gva.put(Number(gva));
    this.#mpie.copy(this.#mie);
    this.#mie.put(0);
    this.report(cause, isInterrupt, tval);
    if (this.hasHypervisor) {
      if (this.reportsAddress(report, isInterrupt)) {
        this.reportAddress(this.#mtval2, report, isInterrupt);
      } else this.#mtval2.copy(this.#htval);
      this.reportInstruction(this.#mtinst, report);
    }
    this.follow(Privilege.M, false, isInterrupt ? cause : undefined);
  }

  leave(): void {
    const privilege = this.#mpp.value;
    const virtual = privilege !== Privilege.M && this.#mpv.isSet;
    this.#mie.copy(this.#mpie);
    this.#mpie.put(1);
    this.#mpp.put(Privilege.U);
    this.#mpv.put(0);
    if (privilege !== Privilege.M) this.#mprv.put(0);
    this.resume(privilege, virtual);
  }
}

/** S mode with V=0 (priv 10.1.1, priv 18.2.1). */
export class SupervisorLevel extends TrapLevel {
  readonly #sie = this.csrs.fieldPort(mstatus, 'sie');
  readonly #spie = this.csrs.fieldPort(mstatus, 'spie');
  readonly #spp = this.csrs.fieldPort(mstatus, 'spp');
  readonly #mprv = this.csrs.fieldPort(mstatus, 'mprv');
  readonly #spv = this.csrs.fieldPort(hstatus, 'spv');
  readonly #spvp = this.csrs.fieldPort(hstatus, 'spvp');
  readonly #gva = this.csrs.fieldPort(hstatus, 'gva');
  readonly #htval = this.csrs.registerPort(htval);
  readonly #htinst = this.csrs.registerPort(htinst);

  constructor(ports: TrapLevelPorts) {
    super(ports, { epc: sepc, cause: scause, tval: stval, tvec: stvec });
  }

  enter(report: ExceptionReport, isInterrupt: boolean, from: Mode): void {
    const { cause, tval, gva } = report;
    const { privilege } = this.state;
    this.#spp.put(privilege);
    this.#spie.copy(this.#sie);
    this.#sie.put(0);
    this.report(cause, isInterrupt, tval);
    if (this.hasHypervisor) {
      const virtual = isVirtual(from);
      this.#spv.put(Number(virtual));
      this.#gva.put(Number(gva));
      if (virtual) this.#spvp.put(privilege);
      if (this.reportsAddress(report, isInterrupt)) {
        this.reportAddress(this.#htval, report, isInterrupt);
      }
      this.reportInstruction(this.#htinst, report);
    }
    this.follow(Privilege.S, false, isInterrupt ? cause : undefined);
  }

  leave(): void {
    const privilege = this.#spp.value;
    const virtual = this.#spv.isSet;
    this.#sie.copy(this.#spie);
    this.#spie.put(1);
    this.#spp.put(0);
    this.#mprv.put(0);
    this.#spv.put(0);
    this.resume(privilege, virtual);
  }
}

/** HU, the exit handler in U mode (duvisor 3). */
export class HandlerLevel extends TrapLevel {
  readonly #uie = this.csrs.fieldPort(hustatus, 'uie');
  readonly #upie = this.csrs.fieldPort(hustatus, 'upie');
  readonly #spv = this.csrs.fieldPort(hustatus, 'spv');
  readonly #spvp = this.csrs.fieldPort(hustatus, 'spvp');
  readonly #gva = this.csrs.fieldPort(hustatus, 'gva');
  readonly #mprv = this.csrs.fieldPort(mstatus, 'mprv');
  readonly #hutval = this.csrs.registerPort(hutval);
  readonly #hutinst = this.csrs.registerPort(hutinst);

  constructor(ports: TrapLevelPorts) {
    super(ports, { epc: uepc, cause: ucause, tval: utval, tvec: utvec });
  }

  enter(report: ExceptionReport, isInterrupt: boolean, from: Mode): void {
    const { cause, tval, gva } = report;
    const virtual = isVirtual(from);
    this.#spv.put(Number(virtual));
    this.#gva.put(Number(gva));
    if (virtual || this.rules?.exitSpvp === 'overwritten') this.#spvp.put(this.state.privilege);
    // The RTL saves mstatus.UIE, a bit that nothing sets.
    if (this.rules?.upie === 'mstatus') this.#upie.put(0);
    else this.#upie.copy(this.#uie);
    this.#uie.put(0);
    this.report(cause, isInterrupt, tval);
    if (this.reportsAddress(report, isInterrupt)) {
      this.reportAddress(this.#hutval, report, isInterrupt);
    }
    this.reportInstruction(this.#hutinst, report);
    this.follow(Privilege.U, false, isInterrupt ? cause : undefined);
  }

  leave(): void {
    const virtual = this.#spv.isSet;
    const followsSpvp = virtual || this.rules?.huretPrivilege === 'previous';
    const privilege = followsSpvp ? this.#spvp.value : Privilege.U;
    this.#uie.copy(this.#upie);
    this.#upie.put(1);
    this.#spv.put(0);
    if (this.rules?.huretSpvp === 'cleared') this.#spvp.put(0);
    this.#mprv.put(0);
    this.resume(privilege, virtual);
  }
}

/** S mode of a guest (priv 18.2.11). */
export class GuestLevel extends TrapLevel {
  readonly #sie = this.csrs.fieldPort(vsstatus, 'sie');
  readonly #spie = this.csrs.fieldPort(vsstatus, 'spie');
  readonly #spp = this.csrs.fieldPort(vsstatus, 'spp');
  readonly #mprv = this.csrs.fieldPort(mstatus, 'mprv');

  constructor(ports: TrapLevelPorts) {
    super(ports, { epc: vsepc, cause: vscause, tval: vstval, tvec: vstvec });
  }

  enter({ cause, tval }: ExceptionReport, isInterrupt: boolean): void {
    this.#spp.put(this.state.privilege);
    this.#spie.copy(this.#sie);
    this.#sie.put(0);
    // The guest knows VS-level interrupts by the numbers of the S-level ones.
    const seen = isInterrupt && isVsInterrupt(cause) ? cause - 1 : cause;
    this.report(seen, isInterrupt, tval);
    const indexes = this.rules?.guestVector === 'untranslated' ? cause : seen;
    this.follow(Privilege.S, true, isInterrupt ? indexes : undefined);
  }

  leave(): void {
    const privilege = this.#spp.value;
    this.#sie.copy(this.#spie);
    this.#spie.put(1);
    this.#spp.put(0);
    this.#mprv.put(0);
    this.resume(privilege, true);
  }
}
