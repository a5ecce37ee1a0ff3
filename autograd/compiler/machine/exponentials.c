/* Exponentials and what is made of them, within 4 units in the last place of the exact result (most
   within 1), also where that is subnormal. */

/* exp(r) - 1 for |r| < 0.35 by its Taylor series; `lost` belongs to r. */
INLINE Vector expm1_of_small(Vector r, Vector lost) {
    Vector r2 = r * r, r4 = r2 * r2;
    Vector a = line(r, 1.0 / 6, 1.0 / 2), b = line(r, 1.0 / 120, 1.0 / 24);
    Vector c = line(r, 1.0 / 5040, 1.0 / 720), d = line(r, 1.0 / 362880, 1.0 / 40320);
    Vector e = line(r, 1.0 / 39916800, 1.0 / 3628800);
    Vector f = line(r, 1.0 / 6227020800.0, 1.0 / 479001600);
    Vector tail = fused(r4, fused(r4, fused(r2, f, e), fused(r2, d, c)), fused(r2, b, a));
    return r + fused(r2, tail, lost);
}
/* exp(x) = 2^n (1 + part) with n = round(x / ln 2), where ln 2 is in two parts (fdlibm's). */
typedef struct {
    Bits n;
    Vector part;
} Exponential;
INLINE Exponential exponential(Vector x) { /* -1400 <= x <= 710 */
    Vector shifted = line(x, 1.4426950408889634, ROUNDING), whole = shifted - ROUNDING;
    Vector high = fused(whole, all(-6.93147180369123816490e-01), x);
    Vector rest = whole * -1.90821492927058770002e-10;
    Vector r = high + rest;
    Exponential found = {(Bits)shifted - (Bits)all(ROUNDING), expm1_of_small(r, (high - r) + rest)};
    return found;
}
INLINE Vector power_of_two(Bits n) { return (Vector)((n + 1023) << 52); }
/* x 2^n in two halves, so that subnormal results are rounded once. */
INLINE Vector scaled(Vector x, Bits n) {
    Bits half = n >> 1;
    return x * power_of_two(half) * power_of_two(n - half);
}
/* 2^power exp(x) for x <= 710, and a number for NaN. */
INLINE Vector scaled_exp(Vector x, long long power) {
    Exponential found = exponential(at_least(x, -1400.0));
    return scaled(1.0 + found.part, found.n + power);
}
INLINE Vector v_exp(Vector x) {
    return choose(x != x, x, scaled_exp(at_most(x, 710.0), 0));
}
INLINE Vector v_exp2(Vector x) {
    Vector within = at_least(at_most(x, 1025.0), -1400.0), shifted = within + ROUNDING;
    Vector r = (within - (shifted - ROUNDING)) * 6.93147180559945309417e-01;
    Vector result = 1.0 + expm1_of_small(r, all(0.0));
    return choose(x != x, x, scaled(result, (Bits)shifted - (Bits)all(ROUNDING)));
}
/* 2^n part + (2^n - 1), of which one half of the power is applied last. */
INLINE Vector v_expm1(Vector x) {
    Exponential found = exponential(at_least(at_most(x, 710.0), -1400.0));
    Bits half = found.n >> 1, other = found.n - half;
    Vector first = power_of_two(half), ones = first - power_of_two(-other);
    Vector result = fused(first, found.part, ones) * power_of_two(other);
    return choose(x != x, x, signed_like(result, x));
}
INLINE Vector v_elu(Vector x, Vector alpha) {
    return choose(x > all(0.0), x, alpha * v_expm1(x));
}

/* 1 / (1 + exp(-x)) above 0 and exp(x) / (1 + exp(x)) below, so that nothing overflows. */
INLINE Vector v_sigmoid(Vector x) {
    Vector e = scaled_exp(-magnitude(x), 0);
    return choose(x != x, x, choose(x < all(0.0), e, all(1.0)) / (1.0 + e));
}
/* x sigmoid(x); below 0 scaled by 2^64, so that a subnormal exponential is not rounded. */
INLINE Vector v_silu(Vector x) {
    Vector e = scaled_exp(-magnitude(x), 64), one = 1.0 + 0x1p-64 * e;
    Bits below = x < all(0.0);
    return x * (choose(below, e, all(1.0)) / one) * choose(below, all(0x1p-64), all(1.0));
}
/* 1 / cosh(x)^2 = 4 e / (1 + e)^2 with e = exp(-2 |x|). */
INLINE Vector v_sech_squared(Vector x) {
    Vector four = scaled_exp(-2.0 * magnitude(x), 2), e = 0.25 * four, sum = 1.0 + e;
    Vector lost = e - (sum - 1.0);
    return choose(x != x, x, four / fused(sum, sum, 2.0 * lost * sum));
}
/* tanh(|x|) = -m / (2 + m) with m = exp(-2 |x|) - 1. */
INLINE Vector v_tanh(Vector x) {
    Exponential e = exponential(at_least(-2.0 * magnitude(x), -60.0));
    Vector scale = power_of_two(e.n), m = fused(scale, e.part, scale - 1.0);
    return choose(x != x, x, signed_like(m / (2.0 + m), x));
}
