/* Products with arguments where they were given, an example in each row. */

/* out[r][e] = sum over k of left[r][k] given[e][k], in strips of k, of which four examples stay in the
   first cache. */
#define STRIP 800
INLINE void scored_tile(const int rows, const int examples, const double *left, Count left_row,
                        const double *given, Count given_example, OUT, Count length, int is_first) {
    Vector sums[TILE];
    UNROLLED for (int i = 0; i < TILE; i++) sums[i] = all(0.0);
    Count k = 0;
    for (; k + WIDTH <= length; k += WIDTH) {
        Vector x[4];
        UNROLLED for (int e = 0; e < examples; e++) {
            x[e] = *(const Unaligned *)(given + e * given_example + k);
            HELD(x[e]);
        }
        UNROLLED for (int r = 0; r < rows; r++) {
            Vector weight = *(const Unaligned *)(left + r * left_row + k);
            HELD_IF_ROOM(weight);
            UNROLLED for (int e = 0; e < examples; e++) sums[r * examples + e] += weight * x[e];
        }
    }
    UNROLLED for (int i = 0; i < rows * examples; i += WIDTH) {
        Vector totals = sums_of(sums + i);
        for (int j = i; j < rows * examples && j < i + WIDTH; j++) {
            int r = j / examples, e = j % examples;
            double total = totals[j - i];
            for (Count q = k; q < length; q++)
                total += left[r * left_row + q] * given[e * given_example + q];
            double *to = out + r * out_row + e;
            *to = (is_first ? 0.0 : *to) + total;
        }
    }
}
#define SCORED(count_of_rows, examples) \
    ROWS(scored_tile, count_of_rows, examples, left + r * left_row + from, left_row, \
         given + e * given_example + from, given_example, out + r * out_row + e, out_row, part, \
         from == 0)
void scored(LEFT, GIVEN, OUT, Count rows, Count length, Count count, Count width) {
    if (left_column != 1 || given_row != 1) {
        for (Count r = 0; r < rows; r++)
            for (Count e = 0; e < count; e++) {
                double sum = 0.0;
                for (Count k = 0; k < length; k++)
                    sum += left[r * left_row + k * left_column]
                           * given[e * given_example + k * given_row];
                out[r * out_row + e] = sum;
            }
    } else
        for (Count from = 0; from < length; from += STRIP) {
            Count part = length - from < STRIP ? length - from : STRIP, e = 0;
            for (; e + 4 <= count; e += 4) {
                Count r = 0;
                SCORED(TILE / 4, 4); SCORED(1, 4);
            }
            for (; e < count; e++) {
                Count r = 0;
                SCORED(4, 1); SCORED(1, 1);
            }
        }
    for (Count r = 0; r < rows; r++)
        for (Count e = count; e < width; e++) out[r * out_row + e] = 0.0;
}

/* out[r][c] = sum over the examples of left[r][e] given[e][c], added to that of other blocks. */
INLINE void credited_tile(const int rows, const int broad, const double *left, Count left_row,
                          const double *given, Count given_example, OUT, Count count, int is_first) {
    Vector sums[TILE];
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < broad; v++)
            sums[r * broad + v] =
                is_first ? all(0.0) : *(const Unaligned *)(out + r * out_row + v * WIDTH);
    for (Count e = 0; e < count; e++) {
        Vector x[BROAD];
        UNROLLED for (int v = 0; v < broad; v++) {
            x[v] = *(const Unaligned *)(given + e * given_example + v * WIDTH);
            HELD(x[v]);
        }
        UNROLLED for (int r = 0; r < rows; r++) {
            Vector d = all(left[r * left_row + e]);
            UNROLLED for (int v = 0; v < broad; v++) sums[r * broad + v] += d * x[v];
        }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int v = 0; v < broad; v++)
            *(Unaligned *)(out + r * out_row + v * WIDTH) = sums[r * broad + v];
}
#define CREDITED(count_of_rows, broad) \
    ROWS(credited_tile, count_of_rows, broad, left + r * left_row, left_row, given + c, \
         given_example, out + r * out_row + c, out_row, count, is_first)
void credited(const double *left, Count left_row, GIVEN, OUT, Count out_column, Count rows,
              Count columns, Count count, int is_first) {
    Count c = 0;
    if (out_column == 1 && given_row == 1) {
        for (; c + BROAD * WIDTH <= columns; c += BROAD * WIDTH) {
            Count r = 0;
            CREDITED(4, BROAD); CREDITED(1, BROAD);
        }
        for (; c + WIDTH <= columns; c += WIDTH) {
            Count r = 0;
            CREDITED(8, 1); CREDITED(1, 1);
        }
    }
    for (; c < columns; c++)
        for (Count r = 0; r < rows; r++) {
            double *to = out + r * out_row + c * out_column, sum = is_first ? 0.0 : *to;
            for (Count e = 0; e < count; e++)
                sum += left[r * left_row + e] * given[e * given_example + c * given_row];
            *to = sum;
        }
}
