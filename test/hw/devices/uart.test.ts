import test from 'ava';
import { uart } from '../../../hw/devices/index.ts';
import { place } from '../kernel/bench.ts';

// Offsets by the names of the PC16550D data sheet.
const [rbr, ier, iir, lcr, mcr, lsr, msr, scr] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [thr, dll, dlm, fcr] = [0, 0, 1, 2] as const;

function console16550() {
  const { bench, device } = place(uart, undefined);
  const sent: number[] = [];
  device.stream('out').subscribe((byte) => sent.push(byte));
  return {
    bench,
    device,
    sent,
    read: (offset: number): number => Number(device.read(offset, 1)),
    write: (offset: number, value: number): void => {
      device.write(offset, 1, BigInt(value));
    },
    type: (...bytes: readonly number[]): void => {
      for (const byte of bytes) {
        device.act('receive', byte);
      }
    },
    irq: (): unknown => {
      bench.runTo(bench.queue.now + 2);
      return bench.circuit.output('device.irq').value;
    },
  };
}

test('reset: no interrupt, transmitter empty, terminal present', (t) => {
  const { read, irq } = console16550();
  t.is(read(ier), 0);
  t.is(read(iir), 0x01);
  t.is(read(lcr), 0);
  t.is(read(mcr), 0);
  t.is(read(lsr), 0x60);
  t.is(read(msr), 0xb0);
  t.false(irq());
});

test('a byte written to THR is sent', (t) => {
  const { write, sent, read } = console16550();
  write(thr, 0x41);
  write(thr, 0x42);
  t.deepEqual(sent, [0x41, 0x42]);
  t.is(read(lsr) & 0x60, 0x60);
});

test('a received byte sets LSR data ready until it is read', (t) => {
  const { read, type } = console16550();
  type(0x61);
  t.is(read(lsr) & 1, 1);
  t.is(read(rbr), 0x61);
  t.is(read(lsr) & 1, 0);
  t.is(read(rbr), 0);
});

test('input beyond the receiver waits and is not lost', (t) => {
  const { read, write, type } = console16550();
  write(fcr, 0x01);
  const bytes = Array.from({ length: 40 }, (_, index) => index);
  type(...bytes);
  t.deepEqual(
    bytes.map(() => read(rbr)),
    bytes,
  );
  t.is(read(lsr) & 0x03, 0);
});

test('LCR.DLAB turns offsets 0 and 1 into the divisor', (t) => {
  const { read, write, sent, type } = console16550();
  type(0x55);
  write(ier, 0x05);
  write(lcr, 0x83);
  write(dll, 0x34);
  write(dlm, 0x12);
  t.is(read(dll), 0x34);
  t.is(read(dlm), 0x12);
  write(lcr, 0x03);
  t.is(read(rbr), 0x55);
  t.is(read(ier), 0x05);
  t.deepEqual(sent, []);
});

test('the scratch register and the upper bits of IER', (t) => {
  const { read, write } = console16550();
  write(scr, 0xa5);
  t.is(read(scr), 0xa5);
  write(ier, 0xff);
  t.is(read(ier), 0x0f);
});

test('received data interrupts while there is any, at the trigger level or as a timeout', (t) => {
  const { read, write, type, irq } = console16550();
  write(fcr, 0x41);
  write(ier, 0x01);
  type(1);
  t.true(irq());
  t.is(read(iir), 0xcc);
  type(2, 3, 4);
  t.is(read(iir), 0xc4);
  for (let count = 0; count < 4; count++) {
    t.true(irq());
    read(rbr);
  }
  t.false(irq());
  t.is(read(iir), 0xc1);
});

test('the transmitter interrupt comes when enabled and after each byte, and reading IIR clears it', (t) => {
  const { read, write, irq } = console16550();
  write(ier, 0x02);
  t.true(irq());
  t.is(read(iir), 0x02);
  t.is(read(iir), 0x01);
  t.false(irq());
  write(thr, 0x41);
  t.true(irq());
  write(ier, 0);
  t.false(irq());
  write(ier, 0x02);
  t.is(read(iir), 0x02);
});

test('reading IIR clears only what it shows', (t) => {
  const { read, write, type } = console16550();
  write(ier, 0x03);
  type(1);
  t.is(read(iir), 0x04);
  t.is(read(iir), 0x04);
  read(rbr);
  t.is(read(iir), 0x02);
  t.is(read(iir), 0x01);
});

test('loopback: what is sent is received, nothing leaves, and modem outputs are the inputs', (t) => {
  const { read, write, sent, type } = console16550();
  write(mcr, 0x10);
  t.is(read(msr) & 0xf0, 0);
  write(thr, 0x7e);
  type(0x11);
  t.is(read(rbr), 0x7e);
  t.deepEqual(sent, []);
  t.is(read(lsr) & 1, 0);
  write(mcr, 0x10 | 0x0a);
  t.is(read(msr) & 0xf0, 0x90);
  write(mcr, 0x10 | 0x05);
  t.is(read(msr) & 0xf0, 0x60);
  write(mcr, 0);
  t.is(read(rbr), 0x11);
});

test('a lost byte sets LSR overrun, which interrupts first and is cleared by reading', (t) => {
  const { read, write, irq } = console16550();
  write(mcr, 0x10);
  write(ier, 0x05);
  write(thr, 1);
  write(thr, 2);
  t.true(irq());
  t.is(read(iir), 0x06);
  t.is(read(lsr) & 0x03, 0x03);
  t.is(read(lsr) & 0x03, 0x01);
  t.is(read(iir), 0x04);
  // Without FIFOs the newer byte replaces the older.
  t.is(read(rbr), 2);
});

test('a full FIFO keeps its bytes and loses the new one', (t) => {
  const { read, write } = console16550();
  write(mcr, 0x10);
  write(fcr, 0x01);
  for (let byte = 0; byte < 17; byte++) {
    write(thr, byte);
  }
  t.is(read(lsr) & 0x02, 0x02);
  t.deepEqual(
    Array.from({ length: 17 }, () => read(rbr)),
    [...Array.from({ length: 16 }, (_, byte) => byte), 0],
  );
});

test('a modem line that changes interrupts; reading MSR clears the changes', (t) => {
  const { read, write, irq } = console16550();
  write(ier, 0x08);
  write(mcr, 0x10);
  t.true(irq());
  t.is(read(iir), 0x00);
  t.is(read(msr), 0x0b);
  t.is(read(msr), 0x00);
  t.false(irq());
  write(mcr, 0x14);
  t.is(read(msr), 0x40);
  write(mcr, 0x10);
  t.is(read(msr), 0x04);
});

test('FCR clears the receiver, and so does switching the FIFOs', (t) => {
  const { read, write, type } = console16550();
  write(fcr, 0x01);
  t.is(read(iir) & 0xc0, 0xc0);
  type(1, 2);
  write(fcr, 0x03);
  t.is(read(lsr) & 1, 0);
  type(3);
  write(fcr, 0x00);
  t.is(read(lsr) & 1, 0);
  t.is(read(iir) & 0xc0, 0);
});

test('the interrupt line follows one cycle after the access', (t) => {
  const { bench, write } = console16550();
  const edges: string[] = [];
  bench.circuit.output('device.irq').connect((value, tick) => {
    edges.push(`${String(value)} at ${String(tick)}`);
  });
  bench.runTo(10);
  write(ier, 0x02);
  bench.runTo(20);
  write(ier, 0x00);
  bench.runTo(30);
  t.deepEqual(edges, ['true at 11', 'false at 21']);
});

test('accesses wider than a byte fault, offsets above the registers read 0', (t) => {
  const { device } = console16550();
  t.is(device.read(0, 4), undefined);
  t.false(device.write(0, 2, 0n));
  t.is(device.read(8, 1), 0n);
});
