/* Vectors of WIDTH doubles. Only IEEE operations are done on them: the same bits in every process on a
   machine. A program fuses a product with a sum only where it says so. */

typedef double Vector __attribute__((vector_size(8 * WIDTH)));
typedef double Unaligned __attribute__((vector_size(8 * WIDTH), aligned(8)));
typedef long long Bits __attribute__((vector_size(8 * WIDTH)));
typedef long long Count;

#define INLINE static inline __attribute__((always_inline, unused))
#define CALLED static __attribute__((noinline))
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
/* Into finite bounds; a bound for NaN, so that what is computed of it is a number. */
INLINE Vector at_least(Vector x, double low) { return choose(x > all(low), x, all(low)); }
INLINE Vector at_most(Vector x, double high) { return choose(x < all(high), x, all(high)); }
#define ROUNDING 6755399441055744.0 /* 1.5 * 2^52: a number added to it is rounded */

/* A function of one lane on all: an instruction if the processor has one, else lane by lane. */
#define LANES(name, function) \
    INLINE Vector name(Vector x) { \
        Vector result = x; \
        for (int k = 0; k < WIDTH; k++) result[k] = function(x[k]); \
        return result; \
    }
INLINE Vector fused(Vector x, Vector y, Vector z) { /* x y + z, rounded once */
    for (int k = 0; k < WIDTH; k++) z[k] = __builtin_fma(x[k], y[k], z[k]);
    return z;
}
INLINE Vector line(Vector x, double slope, double intercept) {
    return fused(x, all(slope), all(intercept));
}
/* c[0] + c[1] x + ..., the even and the odd powers side by side. */
INLINE Vector polynomial(Vector x, const double *c, int count) {
    Vector square = x * x, even = all(c[count - 2]), odd = all(c[count - 1]);
    for (int k = count - 4; k >= 0; k -= 2) {
        even = fused(even, square, all(c[k]));
        odd = fused(odd, square, all(c[k + 1]));
    }
    return fused(x, odd, even);
}
