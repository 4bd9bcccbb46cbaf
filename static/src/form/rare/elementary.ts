// Elementary functions out of + - * / and square roots only, so that every machine gives the same bits: libraries of
// mathematics differ in the last digit, and phone and server compare what they calculated as text.
// Twin of forms/xpath/elementary.py, operation by operation.
const { PI, abs, floor, sqrt } = Math;
const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LN10 = 2.302585092994046;
const HALF_PI_PARTS = [1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21] as const;
const ROOT3 = 1.7320508075688772;
const MOST_POWER = 1024; // a whole power up to this is a product, beyond it an exponential

const isEndless = (value: number): boolean => abs(value) === Infinity;
const signed = (size: number, like: number): number => (like < 0 || Object.is(like, -0) ? -size : size);
const counted = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => from + at * step);

/** Without the last doubtful digits; whole numbers that are exact stay. */
export function tidy(value: number, digits = 15): number {
  const whole = value === floor(value) && abs(value) <= 2 ** 53;
  return whole || !Number.isFinite(value) ? value : Number(value.toExponential(digits - 1));
}

/** 1 + x/d1 (1 + x/d2 (1 + …)) */
const series = (x: number, divisors: number[]): number => divisors.reduceRight((total, divisor) => 1 + (x / divisor) * total, 1);

/** 1 + sign·z/3 + z²/5 + … */
function oddSeries(z: number, sign: number, terms: number): number {
  let total = 0;
  for (let odd = 2 * terms + 1; odd > 0; odd -= 2) total = 1 / odd + sign * z * total;
  return total;
}

const EXP = counted(1, 18);
const SINE = counted(2, 20, 2).map((n) => n * (n + 1));
const COSINE = counted(1, 20, 2).map((n) => n * (n + 1));

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384 || x < -745.2) return x > 0 ? Infinity : 0;
  const steps = floor(x / 0.6931471805599453 + 0.5);
  let value = series((x - steps * LN2_HIGH) - steps * LN2_LOW, EXP);
  for (let at = 0; at < abs(steps); at += 1) value *= steps > 0 ? 2 : 0.5;
  return value;
}

export function log(x: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0 || isEndless(x)) return x === 0 ? -Infinity : x;
  let [steps, part] = [0, x];
  for (; part >= 1.4142135623730951; steps += 1) part /= 2;
  for (; part < 0.7071067811865476; steps -= 1) part *= 2;
  const s = (part - 1) / (part + 1);
  return steps * LN2_HIGH + (steps * LN2_LOW + 2 * s * oddSeries(s * s, 1, 14));
}

export const log10 = (x: number): number => log(x) / LN10;

/** Quarter turns in `x`, and sine and cosine of what is left. Digits are lost beyond a million turns. */
function turned(x: number): [turns: number, sine: number, cosine: number] {
  const turns = floor(x / (PI / 2) + 0.5);
  const r = ((x - turns * HALF_PI_PARTS[0]) - turns * HALF_PI_PARTS[1]) - turns * HALF_PI_PARTS[2];
  const z = -(r * r);
  return [((turns % 4) + 4) % 4, r * series(z, SINE), series(z, COSINE)];
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const [turns, sine, cosine] = turned(x);
  return [sine, cosine, -sine, -cosine][turns]!;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const [turns, sine, cosine] = turned(x);
  return [cosine, -sine, -cosine, sine][turns]!;
}

export function tan(x: number): number {
  const cosine = cos(x);
  return cosine ? sin(x) / cosine : NaN;
}

export function atan(x: number): number {
  if (x < 0) return -atan(-x);
  if (x > 1) return PI / 2 - atan(1 / x);
  if (x > 0.2679491924311227) return PI / 6 + atan((x * ROOT3 - 1) / (ROOT3 + x));
  return x * oddSeries(x * x, -1, 17);
}

export function asin(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  return abs(x) === 1 ? signed(PI / 2, x) : atan(x / sqrt((1 - x) * (1 + x)));
}

export function acos(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  return x === -1 ? PI : 2 * atan(sqrt((1 - x) / (1 + x)));
}

export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (isEndless(x) && isEndless(y)) return signed(x > 0 ? PI / 4 : 3 * PI / 4, y);
  if (x === 0 && y !== 0) return signed(PI / 2, y);
  if (y === 0) return signed(signed(1, x) > 0 ? 0 : PI, y);
  return x > 0 ? atan(y / x) : signed(PI, y) + atan(y / x);
}

/** IEEE 754, as XPath 3.0 says: 1 to any power is 1, anything to the power of 0 is 1. */
export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1 || (base === -1 && isEndless(exponent))) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return NaN;
  if (isEndless(exponent)) return abs(base) > 1 === exponent > 0 ? Infinity : 0;
  if (exponent === floor(exponent)) return wholePower(base, exponent);
  if (base < 0 && !isEndless(base)) return NaN;
  if (base === 0 || isEndless(base)) return (base === 0) === exponent < 0 ? Infinity : 0;
  if (exponent * 2 === floor(exponent * 2) && abs(exponent) < MOST_POWER) return tidy(sqrt(base) * wholePower(base, floor(exponent)));
  return tidy(exp(exponent * log(base)), 14);
}

function wholePower(base: number, exponent: number): number {
  const odd = exponent / 2 !== floor(exponent / 2);
  if (abs(exponent) > MOST_POWER && base !== 0 && !isEndless(base)) {
    const size = tidy(exp(exponent * log(abs(base))), 14);
    return odd && base < 0 ? -size : size;
  }
  let [value, factor, left] = [1, base, abs(exponent) <= MOST_POWER ? abs(exponent) : 2 - Number(odd)];
  for (; left >= 1; factor *= factor, left = floor(left / 2)) if (left / 2 !== floor(left / 2)) value *= factor;
  if (exponent > 0) return tidy(value);
  return value ? tidy(1 / value) : signed(Infinity, value);
}
