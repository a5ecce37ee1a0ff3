/* Products summed over the lanes: the gradients of weights. */

/* out[r][c] = sum over parts p and lanes of left[p][r][lane] right[p][c][lane], added to what is
   there from other blocks. The lanes are summed once, behind all parts. */
INLINE void summed_vectors(const int rows, const int columns, const double *left, Count left_row,
                           RIGHT, Count lanes, Vector *sums) {
    Vector x[4];
    UNROLLED for (int c = 0; c < columns; c++) {
        x[c] = *(const Vector *)(right + c * right_row);
        if (lanes < WIDTH) x[c] = first(x[c], lanes);
        HELD(x[c]);
    }
    UNROLLED for (int r = 0; r < rows; r++) {
        Vector d = *(const Vector *)(left + r * left_row);
        if (lanes < WIDTH) d = first(d, lanes);
        HELD_IF_ROOM(d);
        UNROLLED for (int c = 0; c < columns; c++) sums[r * columns + c] += d * x[c];
    }
}
INLINE void summed_tile(const int rows, const int columns, const double *left, Count left_part,
                        Count left_row, RIGHT_PART, double *out, Count out_row, Count out_column,
                        Count parts, Count count, int is_first) {
    Vector sums[TILE];
    UNROLLED for (int i = 0; i < TILE; i++) sums[i] = all(0.0);
    for (Count p = 0; p < parts; p++, left += left_part, right += right_part) {
        Count lane = 0;
        for (; lane + WIDTH <= count; lane += WIDTH)
            summed_vectors(rows, columns, left + lane, left_row, right + lane, right_row, WIDTH,
                           sums);
        if (lane < count)
            summed_vectors(rows, columns, left + lane, left_row, right + lane, right_row,
                           count - lane, sums);
    }
    UNROLLED for (int i = 0; i < rows * columns; i += WIDTH) {
        Vector totals = sums_of(sums + i);
        UNROLLED for (int k = i; k < rows * columns && k < i + WIDTH; k++) {
            double *to = out + k / columns * out_row + k % columns * out_column;
            *to = (is_first ? 0.0 : *to) + totals[k - i];
        }
    }
}
#define SUMMED(count_of_rows, columns) \
    ROWS(summed_tile, count_of_rows, columns, left + r * left_row, left_part, left_row, \
         right + c * right_row, right_part, right_row, out + r * out_row + c * out_column, \
         out_row, out_column, parts, count, is_first)
void summed(const double *left, Count left_part, Count left_row, RIGHT_PART, OUT,
            Count out_column, Count parts, Count rows, Count columns, Count count,
            int is_first) {
    Count c = 0;
    for (; c + 4 <= columns; c += 4) {
        Count r = 0;
        SUMMED(TILE / 4, 4); SUMMED(2, 4); SUMMED(1, 4);
    }
    for (; c < columns; c++) {
        Count r = 0;
        SUMMED(4, 1); SUMMED(1, 1);
    }
}
