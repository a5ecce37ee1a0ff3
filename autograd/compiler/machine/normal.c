/* The normal distribution: erf, erfc, gelu, within 4 units in the last place. */

/* erf(x) for |x| < 0.5 by a polynomial in x^2 that fits to 5e-18. */
INLINE Vector erf_of_small(Vector x) {
    static const double c[] = {
        1.1283791670955126, -0.37612638903183476, 0.11283791670925353, -0.026866170632887928,
        0.00522397737302147, -0.0008548297753674966, 0.00012053335124353741,
        -1.4845849259707869e-05, 1.4725865480556744e-06, 0.0,
    };
    return x * polynomial(x * x, c, 10);
}
/* 2^64 erfc(t) of 0 <= t <= 30, where `lost` belongs to t, and t^2 is square + rest. The power of
   two keeps it from being subnormal. From 0.5 on it is exp(-t^2) / (1 + 2 t) times a polynomial in
   (t - 3) / (t + 3) that fits to 2e-17; what the quotient lost is added to it. */
INLINE Vector scaled_erfc(Vector t, Vector lost, Vector square, Vector rest) {
    static const double c[] = {
        1.2530080582697296, -0.13562110612458106, -0.0475622943534532, 0.12964515870274432,
        -0.11927366341516389, 0.06830802734460478, -0.023770514921952347, 0.002529391804869453,
        0.001888690397175565, -0.0007798321603043084, -0.00010516004709469959,
        0.00012509866821938984, 4.950448501436827e-06, -2.0097875202736632e-05,
        -7.337673302179575e-07, 3.4654625553103333e-06, 3.5976571800224964e-07,
        -6.04945508473125e-07, -1.4287981925337868e-07, 8.949953348202517e-08,
        4.0225233993545814e-08, -5.876084376400345e-09, -6.182203297285147e-09,
        -9.615040341520105e-10,
    };
    Vector p = polynomial((t - 3.0) / (t + 3.0), c, 24);
    Vector sum = 1.0 + 2.0 * t, inverse = 1.0 / sum, part = p * inverse;
    lost = 2.0 * lost + (2.0 * t - (sum - 1.0));
    Vector left = fused(-part, lost, fused(-part, sum, p));
    Exponential e = exponential(-square);
    Vector minus_one = fused(-rest, 1.0 + e.part, e.part); /* exp(-rest) is 1 - rest */
    Vector result = scaled(part + fused(part, minus_one, left * inverse), e.n + 64);
    return choose(t < all(0.5), 0x1p64 * (1.0 - erf_of_small(t)), result);
}
INLINE Vector erfc_of(Vector t) {
    t = at_most(t, 30.0);
    Vector square = t * t;
    return 0x1p-64 * scaled_erfc(t, all(0.0), square, fused(t, t, -square));
}
INLINE Vector v_erfc(Vector x) {
    Vector tail = erfc_of(magnitude(x));
    return choose(x != x, x, choose(x < all(0.0), 2.0 - tail, tail));
}
INLINE Vector v_erf(Vector x) {
    Vector a = magnitude(x), beyond = signed_like(1.0 - erfc_of(a), x);
    return choose(x != x, x, choose(a < all(0.5), erf_of_small(x), beyond));
}
/* x Phi(x) = x erfc(-x / sqrt(2)) / 2. */
INLINE Vector v_gelu(Vector x) {
    Vector a = at_most(magnitude(x), 42.0), square = a * a;
    Vector root = all(0.7071067811865476), t = a * root; /* sqrt(1/2) is root - 4.8e-17 */
    Vector lost = fused(a, all(-4.833646656726457e-17), fused(a, root, -t));
    Vector tail = scaled_erfc(t, lost, 0.5 * square, 0.5 * fused(a, a, -square));
    Bits below = x < all(0.0);
    Vector result = x * choose(below, tail, 1.0 - 0x1p-65 * tail);
    return result * choose(below, all(0x1p-65), all(1.0));
}
