/* Logarithms, within 4 units in the last place of the exact result. */

/* x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)). */
typedef struct {
    Vector k, f;
} Logarithm;
INLINE Logarithm logarithm(Vector x) {
    Bits subnormal = x < all(2.2250738585072014e-308);
    Bits bits = (Bits)choose(subnormal, x * 0x1p54, x);
    Bits exponent = ((bits >> 52) & 2047) - 1023 - (subnormal & 54);
    Vector m = (Vector)((bits & 0xfffffffffffffLL) | 0x3ff0000000000000LL);
    Bits large = m > all(1.4142135623730951);
    exponent = exponent - large; /* a true comparison is -1 */
    Vector k = (Vector)(exponent + (Bits)all(ROUNDING)) - ROUNDING;
    Logarithm found = {k, choose(large, m * 0.5, m) - 1.0};
    return found;
}
/* k ln 2 + log(1 + f) + rest: with s = f / (2 + f) the polynomial of fdlibm's e_log.c in s^2, and
   ln 2 in two parts. */
INLINE Vector log_of(Vector k, Vector f, Vector rest) {
    Vector s = f / (2.0 + f), z = s * s, w = z * z;
    Vector even = line(w, 1.531383769920937332e-01, 2.222219843214978396e-01);
    even = w * fused(w, even, all(3.999999999940941908e-01));
    Vector odd = line(w, 1.479819860511658591e-01, 1.818357216161805012e-01);
    odd = fused(w, fused(w, odd, all(2.857142874366239149e-01)), all(6.666666666666735130e-01));
    Vector half = 0.5 * f, sum = fused(half, f, fused(z, odd, even));
    rest = fused(s, sum, fused(k, all(1.90821492927058770002e-10), rest));
    return fused(k, all(6.93147180369123816490e-01), f - fused(half, f, -rest));
}
/* Where x is no positive number, the result of its logarithm is an infinity or NaN. */
INLINE Vector with_edges(Vector x, Vector result) {
    result = choose(x == all(0.0), all(-INFINITE), result);
    result = choose(x < all(0.0), all(__builtin_nan("")), result);
    return choose((x == all(INFINITE)) | (x != x), x, result);
}
INLINE Vector v_log(Vector x) {
    Logarithm found = logarithm(x);
    return with_edges(x, log_of(found.k, found.f, all(0.0)));
}
INLINE Vector v_log2(Vector x) {
    Logarithm found = logarithm(x);
    Vector natural = log_of(all(0.0), found.f, all(0.0));
    return with_edges(x, fused(natural, all(1.4426950408889634), found.k));
}
/* log(1 + x), of numbers above -1: what the sum lost is added to its logarithm. */
INLINE Vector log1p_of(Vector x) {
    Vector sum = 1.0 + x;
    Vector lost = choose(x < all(1.0), x - (sum - 1.0), 1.0 - (sum - x));
    Logarithm found = logarithm(sum);
    return log_of(found.k, found.f, lost / sum);
}
INLINE Vector v_log1p(Vector x) {
    return choose(x == all(0.0), x, with_edges(1.0 + x, log1p_of(x)));
}
INLINE Vector v_softplus(Vector x) {
    Vector above = choose(x > all(0.0), x, all(0.0));
    return choose(x != x, x, above + log1p_of(scaled_exp(-magnitude(x), 0)));
}
