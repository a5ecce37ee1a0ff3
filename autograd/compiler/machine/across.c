/* Across the lanes: the first ones of a vector, the sum of all, and squares of numbers turned. */

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
