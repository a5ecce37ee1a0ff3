/* The other functions of the table: choices and steps on whole vectors, and those of the C library
   lane by lane. */

INLINE Vector v_maximum(Vector x, Vector y) { return choose((x >= y) | (x != x), x, y); }
INLINE Vector v_minimum(Vector x, Vector y) { return choose((x <= y) | (x != x), x, y); }
INLINE Vector v_clip(Vector x, Vector low, Vector high) {
    return v_minimum(v_maximum(x, low), high);
}
INLINE Vector v_relu(Vector x) { return choose(x <= all(0.0), all(0.0), x); }
INLINE Vector v_leaky_relu(Vector x, Vector slope) { return choose(x > all(0.0), x, slope * x); }
INLINE Vector v_step(Vector x) { return truth(x > all(0.0)); }
INLINE Vector v_sign(Vector x) {
    return choose(x != x, x, truth(x > all(0.0)) - truth(x < all(0.0)));
}
LANES(v_floor, __builtin_floor)
LANES(v_ceil, __builtin_ceil)
LANES(v_sqrt, __builtin_sqrt)

#define LIBRARY(name, function) \
    extern double function(double); \
    LANES(name, function)
#define LANES_OF_TWO(name, function) \
    INLINE Vector name(Vector x, Vector y) { \
        for (int k = 0; k < WIDTH; k++) y[k] = function(x[k], y[k]); \
        return y; \
    }
#define LIBRARY_OF_TWO(name, function) \
    extern double function(double, double); \
    LANES_OF_TWO(name, function)
LIBRARY(v_log10, log10)
LIBRARY(v_cbrt, cbrt)
LIBRARY(v_sin, sin)
LIBRARY(v_cos, cos)
LIBRARY(v_tan, tan)
LIBRARY(v_sinh, sinh)
LIBRARY(v_cosh, cosh)
LIBRARY(v_arcsin, asin)
LIBRARY(v_arccos, acos)
LIBRARY(v_arctan, atan)
LIBRARY(v_arcsinh, asinh)
LIBRARY(v_arccosh, acosh)
LIBRARY(v_arctanh, atanh)
LIBRARY_OF_TWO(v_arctan2, atan2)
LIBRARY_OF_TWO(v_hypot, hypot)
/* No logarithm for the exponents that people write, and those of their derivatives. */
extern double pow(double, double);
INLINE double short_power(double x, double y) {
    if (y == 1.0) return x;
    if (y == 2.0) return x * x;
    if (y == 3.0) return x * x * x;
    return pow(x, y);
}
LANES_OF_TWO(v_power, short_power)
LIBRARY_OF_TWO(truncated_remainder, fmod)

/* As NumPy does them: the remainder has the sign of b, and the quotient is the whole number that
   belongs to it. */
INLINE Vector v_remainder(Vector a, Vector b) {
    Vector rest = truncated_remainder(a, b);
    Bits other_side = (rest != all(0.0)) & ((b < all(0.0)) != (rest < all(0.0)));
    Vector result = choose(other_side, rest + b, rest);
    return choose((rest == all(0.0)) & (b != all(0.0)), signed_like(result, b), result);
}
INLINE Vector v_floor_divide(Vector a, Vector b) {
    Vector rest = truncated_remainder(a, b), ratio = a / b;
    Bits other_side = (rest != all(0.0)) & ((b < all(0.0)) != (rest < all(0.0)));
    Vector quotient = (a - rest) / b - truth(other_side), whole = v_floor(quotient);
    whole = whole + truth(quotient - whole > all(0.5));
    whole = choose(quotient == all(0.0), signed_like(all(0.0), ratio), whole);
    return choose(b == all(0.0), ratio, whole);
}
