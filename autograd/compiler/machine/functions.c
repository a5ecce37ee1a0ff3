/* Vectors of WIDTH doubles, and the functions of the table on them: within 4 units in the last place
   of the exact result (most within 1), exact at infinities, NaN and signed zeros. Only IEEE
   operations and fused multiply-adds: the same bits in every process on a machine. */

typedef double Vector __attribute__((vector_size(8 * WIDTH)));
typedef double Unaligned __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef long long Bits __attribute__((vector_size(8 * WIDTH)));
typedef long long Count;

#define INLINE static inline __attribute__((always_inline))
#define INFINITE __builtin_inf()

INLINE Vector all(double x) { return x - (Vector){0}; }
/* For each lane one of two, by a comparison. */
INLINE Vector choose(Bits where, Vector yes, Vector no) {
    return (Vector)((where & (Bits)yes) | (~where & (Bits)no));
}
INLINE Vector truth(Bits where) { return (Vector)(where & (Bits)all(1.0)); }
INLINE Vector magnitude(Vector x) { return (Vector)((Bits)x & 0x7fffffffffffffffLL); }
INLINE Vector signed_like(Vector x, Vector sign) {
    return (Vector)((Bits)magnitude(x) | ((Bits)sign & (Bits)all(-0.0)));
}

/* 2^power exp(x): n = round(x / ln 2), r = x - n ln 2 in two parts (fdlibm's), and
   the Taylor series of exp(r), |r| < 0.35, to degree 13. The power of two is applied in two halves,
   so that subnormal results are rounded once. */
INLINE Vector scaled_exp(Vector x, long long power) {
    Vector within = choose(x > all(710.0), all(710.0), choose(x < all(-750.0), all(-750.0), x));
    Vector shifted = within * 1.4426950408889634 + 6755399441055744.0; /* 1.5 * 2^52 rounds */
    Bits n = (Bits)shifted - (Bits)all(6755399441055744.0);
    Vector whole = shifted - 6755399441055744.0;
    Vector high = within - whole * 6.93147180369123816490e-01;
    Vector rest = whole * -1.90821492927058770002e-10;
    Vector r = high + rest, lost = (high - r) + rest;
    Vector r2 = r * r, r4 = r2 * r2;
    Vector a = 1.0 / 2 + r * (1.0 / 6), b = 1.0 / 24 + r * (1.0 / 120);
    Vector c = 1.0 / 720 + r * (1.0 / 5040), d = 1.0 / 40320 + r * (1.0 / 362880);
    Vector e = 1.0 / 3628800 + r * (1.0 / 39916800), f = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
    Vector tail = (a + r2 * b) + r4 * ((c + r2 * d) + r4 * (e + r2 * f));
    Vector result = 1.0 + (r + (lost + r2 * tail));
    n = n + power;
    Bits half = n >> 1;
    return result * (Vector)((half + 1023) << 52) * (Vector)((n - half + 1023) << 52);
}
INLINE Vector v_exp(Vector x) {
    return choose(x != x, x, scaled_exp(x, 0));
}

/* log(x): x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f / (2 + f), and the polynomial
   of fdlibm's e_log.c in s^2. */
INLINE Vector log_of_product(Bits exponent, Vector m) {
    Bits large = m > all(1.4142135623730951);
    m = choose(large, m * 0.5, m);
    exponent = exponent - large; /* a true comparison is -1 */
    Vector k = (Vector)(exponent + 0x4338000000000000LL) - 6755399441055744.0;
    Vector f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    Vector even = w * (3.999999999940941908e-01
                       + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    Vector odd = z * (6.666666666666735130e-01
                      + w * (2.857142874366239149e-01
                             + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    Vector half = 0.5 * f * f;
    Vector rest = half - (s * (half + (even + odd)) + k * 1.90821492927058770002e-10);
    return k * 6.93147180369123816490e-01 - (rest - f);
}
INLINE Vector v_log(Vector x) {
    Bits subnormal = x < all(2.2250738585072014e-308);
    Vector normal = choose(subnormal, x * 18014398509481984.0, x); /* 2^54 */
    Bits exponent = (((Bits)normal >> 52) & 2047) - 1023 - (subnormal & 54);
    Vector m = (Vector)(((Bits)normal & 0xfffffffffffffLL) | 0x3ff0000000000000LL);
    Vector result = log_of_product(exponent, m);
    result = choose(x == all(0.0), all(-INFINITE), result);
    result = choose(x < all(0.0), all(__builtin_nan("")), result);
    return choose((x == all(INFINITE)) | (x != x), x, result);
}

/* 1 / (1 + exp(-x)) above 0 and exp(x) / (1 + exp(x)) below, so that nothing overflows. */
INLINE Vector v_sigmoid(Vector x) {
    Vector e = scaled_exp(-magnitude(x), 0);
    return choose(x != x, x, choose(x < all(0.0), e, all(1.0)) / (1.0 + e));
}
/* 1 / cosh(x)^2 = 4 e / (1 + e)^2 with e = exp(-2 |x|). */
INLINE Vector v_sech_squared(Vector x) {
    Vector four = scaled_exp(-2.0 * magnitude(x), 2), sum = 1.0 + 0.25 * four;
    return choose(x != x, x, four / (sum * sum));
}
/* tanh(x): Cephes' rational function in x^2 below 0.625, (1 - e) / (1 + e) with e = exp(-2 |x|)
   above; one division for both. */
INLINE Vector v_tanh(Vector x) {
    Vector a = magnitude(x), z = x * x, e = scaled_exp(-2.0 * a, 0);
    Bits small = a < all(0.625);
    Vector p = -9.64399179425052238628e-1 * z - 9.92877231001918586564e1;
    p = p * z - 1.61468768441708447952e3;
    Vector q = (z + 1.12811678491631932402e2) * z + 2.23548839060100448583e3;
    q = q * z + 4.84406305325125486048e3;
    Vector part = choose(small, a * z * p, 1.0 - e) / choose(small, q, 1.0 + e);
    return choose(x != x, x, signed_like(choose(small, a + part, part), x));
}

INLINE Vector v_relu(Vector x) { return choose(x <= all(0.0), all(0.0), x); }
INLINE Vector v_leaky_relu(Vector x, Vector slope) { return choose(x > all(0.0), x, slope * x); }
INLINE Vector v_step(Vector x) { return truth(x > all(0.0)); }
INLINE Vector v_maximum(Vector x, Vector y) { return choose((x >= y) | (x != x), x, y); }
INLINE Vector v_minimum(Vector x, Vector y) { return choose((x <= y) | (x != x), x, y); }
INLINE Vector v_sqrt(Vector x) {
    Vector result;
    for (int k = 0; k < WIDTH; k++) result[k] = __builtin_sqrt(x[k]);
    return result;
}

/* The first `count` lanes of a vector, and zeros behind them. */
INLINE Vector first(Vector x, Count count) {
    Bits lane;
    for (int k = 0; k < WIDTH; k++) lane[k] = k;
    return (Vector)((Bits)x & (lane < count - (Bits){0}));
}
/* Of WIDTH vectors the sum of each, and the vectors across: neighbours are joined in pairs, then in
   pairs of pairs. */
#define SHUFFLE __builtin_shufflevector
#if WIDTH == 8
#define PAIRS(a, b, j) j(SHUFFLE(a, b, 0, 8, 2, 10, 4, 12, 6, 14), SHUFFLE(a, b, 1, 9, 3, 11, 5, 13, 7, 15))
#define FOURS(a, b, j) j(SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13), SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15))
#define EIGHTS(a, b, j) j(SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11), SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#else
#define PAIRS(a, b, j) j(SHUFFLE(a, b, 0, 4, 2, 6), SHUFFLE(a, b, 1, 5, 3, 7))
#define FOURS(a, b, j) j(SHUFFLE(a, b, 0, 1, 4, 5), SHUFFLE(a, b, 2, 3, 6, 7))
#endif
#define ADD(a, b) ((a) + (b))
INLINE Vector sums_of(const Vector *x) {
    Vector a = FOURS(PAIRS(x[0], x[1], ADD), PAIRS(x[2], x[3], ADD), ADD);
#if WIDTH == 8
    Vector b = FOURS(PAIRS(x[4], x[5], ADD), PAIRS(x[6], x[7], ADD), ADD);
    a = EIGHTS(a, b, ADD);
#endif
    return a;
}
INLINE double sum_of(Vector x) {
    Vector all_of[WIDTH] = {x};
    for (int i = 1; i < WIDTH; i++) all_of[i] = all(0.0);
    return sums_of(all_of)[0];
}
INLINE void across(const double *from, Count from_row, double *to, Count to_row) {
    Vector x[WIDTH], y[WIDTH];
    for (int i = 0; i < WIDTH; i++) x[i] = *(const Unaligned *)(from + i * from_row);
#define BOTH(l, h) low = l; high = h
#define STEP(kind, x, i, k, y, m, n) { Vector low, high; kind(x[i], x[k], BOTH); y[m] = low; y[n] = high; }
    for (int i = 0; i < WIDTH; i += 2) STEP(PAIRS, x, i, i + 1, y, i, i + 1)
    for (int i = 0; i < WIDTH; i += 4) {
        STEP(FOURS, y, i, i + 2, x, i, i + 2)
        STEP(FOURS, y, i + 1, i + 3, x, i + 1, i + 3)
    }
#if WIDTH == 8
    for (int i = 0; i < 4; i++) STEP(EIGHTS, x, i, i + 4, y, i, i + 4)
    for (int i = 0; i < WIDTH; i++) *(Vector *)(to + i * to_row) = y[i];
#else
    for (int i = 0; i < WIDTH; i++) *(Vector *)(to + i * to_row) = x[i];
#endif
}
