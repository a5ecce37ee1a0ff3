/* Products of matrices, in tiles that stay in registers: 16 sums of a vector each. `_row` and
   `_column` say how many numbers lie between neighbours; that of lanes is 1. */

/* Kept in a register, from which compilers else like to read it again and again from memory. "v" is
   the vector registers of x86-64, the only processors whose vectors are used. */
#define HELD(x) __asm__("" : "+v"(x))
#define UNROLLED _Pragma("GCC unroll 16")
#if WIDTH == 8
#define TILE 16 /* sums in registers */
#define BROAD 4 /* vectors of lanes side by side */
#define HELD_IF_ROOM(x) HELD(x) /* of 32 registers some are left; of AVX2's 16 none */
#else
#define TILE 12
#define BROAD 3
#define HELD_IF_ROOM(x)
#endif

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
#define ROWS(name, count, broad, ...) \
    for (; r + count <= rows; r += count) name(count, broad, __VA_ARGS__)
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

/* out[r][c][lane] = sum over k of left[r][k][lane] right[k][c][lane]: a product for each lane. */
INLINE void lanewise_sums(const int rows, const int columns, LEFT, RIGHT, Count right_column,
                          Count length, Vector *sums) {
    UNROLLED for (int i = 0; i < rows * columns; i++) sums[i] = all(0.0);
    for (Count k = 0; k < length; k++) {
        Vector x[4];
        UNROLLED for (int c = 0; c < columns; c++) {
            x[c] = *(const Vector *)(right + k * right_row + c * right_column);
            HELD(x[c]);
        }
        UNROLLED for (int r = 0; r < rows; r++) {
            Vector d = *(const Vector *)(left + r * left_row + k * left_column);
            UNROLLED for (int c = 0; c < columns; c++) sums[r * columns + c] += d * x[c];
        }
    }
}
INLINE void lanewise_tile(const int rows, const int columns, LEFT, RIGHT, Count right_column, OUT,
                          Count out_column, Count length) {
    Vector sums[TILE];
    lanewise_sums(rows, columns, left, left_row, left_column, right, right_row, right_column, length,
                  sums);
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int c = 0; c < columns; c++)
            *(Vector *)(out + r * out_row + c * out_column) = sums[r * columns + c];
}
/* The tiles of all lanes, rows and columns. */
#define FOR_EACH_LANE(TILES) \
    for (Count lane = 0; lane < width; lane += WIDTH) { \
        Count c = 0; \
        for (; c + 4 <= columns; c += 4) { \
            Count r = 0; \
            TILES(TILE / 4, 4); TILES(1, 4); \
        } \
        for (; c < columns; c++) { \
            Count r = 0; \
            TILES(4, 1); TILES(1, 1); \
        } \
    }
#define LANEWISE(count, columns) \
    ROWS(lanewise_tile, count, columns, left + r * left_row + lane, left_row, left_column, \
         right + c * right_column + lane, right_row, right_column, \
         out + r * out_row + c * out_column + lane, out_row, out_column, length)
void lanewise(LEFT, RIGHT, Count right_column, OUT, Count out_column, Count rows,
                     Count length, Count columns, Count width) {
    FOR_EACH_LANE(LANEWISE)
}

/* The same without lanes. */
void plain(LEFT, RIGHT, Count right_column, OUT, Count out_column, Count rows, Count length,
                  Count columns) {
    for (Count r = 0; r < rows; r++)
        for (Count c = 0; c < columns; c++) {
            double sum = 0.0;
            for (Count k = 0; k < length; k++)
                sum += left[r * left_row + k * left_column] * right[k * right_row + c * right_column];
            out[r * out_row + c * out_column] = sum;
        }
}

/* What is read where it was given: an example a row. out[r][e] = sum over k of left[r][k] given[e][k],
   in strips of k, of which four examples stay in the first cache. */
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
