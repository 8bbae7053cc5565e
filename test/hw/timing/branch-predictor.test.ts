import test from 'ava';
import {
  BranchPredictor,
  branchPredictorBytes,
  Prediction,
  type TimingParameters,
} from '../../../hw/timing/index.ts';
import { rocketTiming } from '../hart/machine.ts';

const at = (low: number, high = 0) => ({ high, low });
const { right, untargeted, wrong } = Prediction;

function predictor(parameters: Partial<TimingParameters> = {}): BranchPredictor {
  const timing = { ...rocketTiming(), ...parameters };
  return new BranchPredictor(timing, new ArrayBuffer(branchPredictorBytes(timing)), 0);
}

test('a branch that is always taken is learned once its history repeats', (t) => {
  const unit = predictor();
  const outcomes = Array.from({ length: 20 }, () => unit.branch(at(0x100), true, at(0x80)));
  t.is(outcomes[0], wrong);
  t.deepEqual(outcomes.slice(-10), new Array<Prediction>(10).fill(right));
});

test('without history bits one bit follows the last outcome', (t) => {
  const unit = predictor({ branchHistoryBits: 0 });
  const taken = [true, true, false, false, true];
  const outcomes = taken.map((outcome) => unit.branch(at(0x100), outcome, at(0x80)));
  t.deepEqual(outcomes, [wrong, right, wrong, right, wrong]);
});

test('a branch fetched in vain leaves its prediction in the history', (t) => {
  // The history is the last outcome.
  const unit = predictor({ branchHistoryLength: 1, branchHistoryBits: 1 });
  t.is(unit.branch(at(0x100), true, at(0x80)), wrong);
  t.false(unit.passBranch(at(0x200)));
  t.is(unit.branch(at(0x100), true, at(0x80)), right, 'behind an outcome that is not taken');
  t.is(unit.branch(at(0x100), true, at(0x80)), wrong, 'behind one that is');
});

test('a branch that is not taken, predicted otherwise, makes its target known', (t) => {
  const unit = predictor({ branchHistoryBits: 0, branchTargetEntries: 1 });
  unit.branch(at(0x100), true, at(0x80));
  unit.jump(at(0x200), at(0x80), undefined);
  t.is(unit.branch(at(0x100), false, at(0x80)), wrong);
  unit.branch(at(0x100), true, at(0x80));
  t.is(unit.branch(at(0x100), true, at(0x80)), right);
});

test('calls and returns fetched in vain change the return stack', (t) => {
  const unit = predictor();
  const back = (target: number) =>
    unit.jumpRegister(at(0x1000), at(target), { isReturn: true, links: undefined });
  unit.jump(at(0x100), at(0x1000), at(0x104));
  unit.jump(at(0x200), at(0x1000), at(0x204));
  unit.passReturn();
  t.is(back(0x204), wrong, 'the stack gave the address before');
  unit.passCall(at(0x300));
  t.is(back(0x300), right);
});

test('a taken branch whose target was replaced is untargeted', (t) => {
  const unit = predictor({ branchHistoryBits: 0, branchTargetEntries: 2 });
  unit.branch(at(0x100), true, at(0x80));
  t.is(unit.branch(at(0x100), true, at(0x80)), right);
  unit.jump(at(0x200), at(0x80), undefined);
  unit.jump(at(0x300), at(0x80), undefined);
  t.is(unit.branch(at(0x100), true, at(0x80)), untargeted);
});

test('a jump is untargeted the first time, and again when its target moves', (t) => {
  const unit = predictor();
  t.is(unit.jump(at(0x100), at(0x800), undefined), untargeted);
  t.is(unit.jump(at(0x100), at(0x800), undefined), right);
  t.is(unit.jump(at(0x100, 1), at(0x800), undefined), untargeted, 'upper address bits count');
  t.is(unit.jump(at(0x100), at(0x900), undefined), untargeted);
});

test('an indirect jump is wrong whenever its target is another one', (t) => {
  const unit = predictor();
  const jump = (target: number) =>
    unit.jumpRegister(at(0x100), at(target), { isReturn: false, links: undefined });
  t.deepEqual([jump(0x800), jump(0x800), jump(0x900), jump(0x900)], [wrong, right, wrong, right]);
});

test('the return stack holds six calls and forgets the oldest', (t) => {
  const unit = predictor();
  for (let call = 0; call < 7; call++) {
    unit.jump(at(0x100 + call * 4), at(0x1000), at(0x200 + call * 4));
  }
  const back = (call: number) =>
    unit.jumpRegister(at(0x1000), at(0x200 + call * 4), { isReturn: true, links: undefined });
  t.is(back(6), untargeted, 'the target buffer does not know the return yet');
  for (let call = 5; call > 0; call--) t.is(back(call), right);
  t.is(back(0), wrong);
});

test('a return in the first word of what is called sees the stack before the call', (t) => {
  const unit = predictor();
  const back = (from: number, target: number) =>
    unit.jumpRegister(at(from), at(target), { isReturn: true, links: undefined });
  const call = () => unit.jump(at(0x200), at(0x2000), at(0x204));
  unit.jump(at(0x100), at(0x1000), at(0x104));
  t.is(call(), untargeted);
  t.is(back(0x2002, 0x204), untargeted, 'fetch has waited for the word of the call');
  t.is(call(), right);
  t.is(back(0x2002, 0x204), wrong, 'it looks where the call before returns to');
  call();
  t.is(back(0x2004, 0x204), untargeted);
  call();
  t.is(back(0x2004, 0x204), right, 'the next word is fetched later');
  t.is(back(0x204, 0x104), untargeted);
  unit.jump(at(0x100), at(0x2004), at(0x104));
  call();
  t.is(back(0x2004, 0x204), right);
  t.is(back(0x204, 0x104), wrong, 'a return behind a return sees the stack before that');
});

test('a return behind mispredicted branches has been fetched in vain as often', (t) => {
  const unit = predictor({ branchHistoryBits: 0 });
  const back = (from: number, target: number) =>
    unit.jumpRegister(at(from), at(target), { isReturn: true, links: undefined });
  const call = (link: number) => unit.jump(at(link - 4), at(0x1000), at(link));
  const mispredict = (from: number) => {
    unit.branch(at(from), false, at(0x80));
    t.is(unit.branch(at(from), true, at(0x80)), wrong);
  };
  for (const link of [0x104, 0x204, 0x304]) call(link);
  mispredict(0x2000);
  mispredict(0x2000);
  t.is(back(0x200a, 0x104), untargeted, 'in the second word behind');
  for (const link of [0x104, 0x204]) call(link);
  mispredict(0x2000);
  t.is(back(0x200c, 0x204), untargeted, 'in the third word there is none');
  mispredict(0x2000);
  call(0x304);
  t.is(back(0x200a, 0x304), right, 'a call begins anew');
  mispredict(0x2000);
  mispredict(0x3000);
  t.is(back(0x200a, 0x104), right, 'the last branch counts');
});

test('a return goes where it went last if the stack is empty', (t) => {
  const unit = predictor();
  const back = (target: number) =>
    unit.jumpRegister(at(0x1000), at(target), { isReturn: true, links: undefined });
  t.deepEqual([back(0x80), back(0x80), back(0x90), back(0x90)], [wrong, right, wrong, right]);
});

test('a predictor without target buffer and return stack has no state for them', (t) => {
  const unit = predictor({ branchTargetEntries: 0, returnStackEntries: 0 });
  t.is(unit.jump(at(0x100), at(0x80), at(0x104)), untargeted);
  t.is(unit.jump(at(0x100), at(0x80), at(0x104)), untargeted);
  t.is(unit.jumpRegister(at(0x80), at(0x104), { isReturn: true, links: undefined }), wrong);
});

test('the whole state is in the bytes it was given', (t) => {
  const timing = rocketTiming();
  const buffer = new ArrayBuffer(branchPredictorBytes(timing));
  const first = new BranchPredictor(timing, buffer, 0);
  first.jump(at(0x100), at(0x800), undefined);
  t.is(new BranchPredictor(timing, buffer, 0).jump(at(0x100), at(0x800), undefined), right);
  first.reset();
  t.is(new BranchPredictor(timing, buffer, 0).jump(at(0x100), at(0x800), undefined), untargeted);
});
