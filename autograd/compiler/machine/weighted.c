/* Products with weights, which are the same for all lanes. */

/* out[p][r][lane] = sum over k of left[r][k] right[p][k][lane], for `rows` rows and `broad` parts of
   a vector each: neighbours in the lanes, or the same lanes of several positions. */
INLINE void weighted_tile(const int rows, const int broad, LEFT, RIGHT_PART, double *out,
                          Count out_part, Count out_row, Count length) {
    Vector sums[TILE];
    UNROLLED for (int i = 0; i < rows * broad; i++) sums[i] = all(0.0);
    for (Count k = 0; k < length; k++) {
        Vector x[BROAD];
        UNROLLED for (int p = 0; p < broad; p++) {
            x[p] = *(const Vector *)(right + p * right_part + k * right_row);
            HELD(x[p]);
        }
        UNROLLED for (int r = 0; r < rows; r++) {
            Vector weight = all(left[r * left_row + k * left_column]);
            UNROLLED for (int p = 0; p < broad; p++) sums[r * broad + p] += weight * x[p];
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int p = 0; p < broad; p++)
            *(Vector *)(out + p * out_part + r * out_row) = sums[r * broad + p];
}
#define WEIGHTED(count, broad) \
    ROWS(weighted_tile, count, broad, left + r * left_row, left_row, left_column, \
         right + at * WIDTH, WIDTH, right_row, out + r * out_row + at * WIDTH, WIDTH, out_row, \
         length)
void weighted(LEFT, RIGHT, OUT, Count rows, Count length, Count width) {
    Count vectors = width / WIDTH, parts = (vectors + BROAD - 1) / BROAD;
    for (Count part = 0; part < parts; part++) {
        Count at = vectors * part / parts, broad = vectors * (part + 1) / parts - at, r = 0;
        if (broad == 1) { WEIGHTED(8, 1); WEIGHTED(2, 1); WEIGHTED(1, 1); }
        if (broad == 2) { WEIGHTED(6, 2); WEIGHTED(2, 2); WEIGHTED(1, 2); }
        if (broad == 3) { WEIGHTED(4, 3); WEIGHTED(2, 3); WEIGHTED(1, 3); }
#if BROAD == 4
        if (broad == 4) { WEIGHTED(4, 4); WEIGHTED(2, 4); WEIGHTED(1, 4); }
#endif
    }
}

#define SHARED(count) \
    ROWS(weighted_tile, count, BROAD, left + r * left_row, left_row, left_column, \
         right + p * right_part + lane, right_part, right_row, \
         out + p * out_part + r * out_row + lane, out_part, out_row, length)
/* out[p][r][lane] = sum over k of left[r][k] right[p][k][lane], for all `parts` p. */
void weighted_parts(LEFT, RIGHT_PART, double *out, Count out_part, Count out_row,
                    Count parts, Count rows, Count length, Count width) {
    Count p = 0;
    if (width < BROAD * WIDTH)
        for (; p + BROAD <= parts; p += BROAD)
            for (Count lane = 0; lane < width; lane += WIDTH) {
                Count r = 0;
                SHARED(4); SHARED(1);
            }
    for (; p < parts; p++)
        weighted(left, left_row, left_column, right + p * right_part, right_row,
                 out + p * out_part, out_row, rows, length, width);
}
