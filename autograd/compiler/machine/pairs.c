/* Products of which the numbers lie in many places: positions of a sequence, wanted pairs. They
   follow those of products.c, of which they have the names and the tiles. */

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

/* Where the numbers of a matrix lie: row `table[r * table_row + c * table_column]` of the lanes, -1
   for those that are not there. */

/* lanes[table[r][c]] = sum over k of left[r][k] right[k][c], for those that are there. */
INLINE void wanted_tile(const int rows, const int columns, LEFT, RIGHT, Count right_column,
                        double *lanes, TABLE, Count length) {
    int wanted = 0;
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int c = 0; c < columns; c++)
            wanted |= table[r * table_row + c * table_column] >= 0;
    if (!wanted) return;
    Vector sums[TILE];
    lanewise_sums(rows, columns, left, left_row, left_column, right, right_row, right_column, length,
                  sums);
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int c = 0; c < columns; c++) {
            Count row = table[r * table_row + c * table_column];
            if (row >= 0) *(Vector *)(lanes + row * stride) = sums[r * columns + c];
        }
}
#define WANTED(count, columns) \
    ROWS(wanted_tile, count, columns, left + r * left_row + lane, left_row, left_column, \
         right + c * right_column + lane, right_row, right_column, lanes + lane, \
         table + r * table_row + c * table_column, table_row, table_column, stride, length)
void wanted(LEFT, RIGHT, Count right_column, double *lanes, TABLE, Count rows,
                   Count length, Count columns, Count width) {
    FOR_EACH_LANE(WANTED)
}

/* out[r][c] = sum over k of lanes[table[r][k]] right[k][c], over those that are there. */
INLINE void present_tile(const int rows, const int columns, const double *lanes, TABLE, RIGHT,
                         Count right_column, OUT, Count out_column, Count length) {
    Vector sums[TILE];
    UNROLLED for (int i = 0; i < rows * columns; i++) sums[i] = all(0.0);
    for (Count k = 0; k < length; k++) {
        Count row[4], any_is_absent = 0, all_are_absent = -1;
        UNROLLED for (int r = 0; r < rows; r++) {
            row[r] = table[r * table_row + k * table_column];
            any_is_absent |= row[r] < 0;
            all_are_absent &= -(row[r] < 0);
        }
        if (all_are_absent) continue;
        Vector x[4];
        UNROLLED for (int c = 0; c < columns; c++) {
            x[c] = *(const Vector *)(right + k * right_row + c * right_column);
            HELD(x[c]);
        }
        UNROLLED for (int r = 0; r < rows; r++)
            if (!any_is_absent || row[r] >= 0) {
                Vector d = *(const Vector *)(lanes + row[r] * stride);
                UNROLLED for (int c = 0; c < columns; c++) sums[r * columns + c] += d * x[c];
            }
    }
    UNROLLED for (int r = 0; r < rows; r++)
        UNROLLED for (int c = 0; c < columns; c++)
            *(Vector *)(out + r * out_row + c * out_column) = sums[r * columns + c];
}
#define PRESENT(count, columns) \
    ROWS(present_tile, count, columns, lanes + lane, table + r * table_row, table_row, \
         table_column, stride, right + c * right_column + lane, right_row, right_column, \
         out + r * out_row + c * out_column + lane, out_row, out_column, length)
void present(const double *lanes, TABLE, RIGHT, Count right_column, OUT, Count out_column,
                    Count rows, Count length, Count columns, Count width) {
    FOR_EACH_LANE(PRESENT)
}
