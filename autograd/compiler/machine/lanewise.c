/* Products of which every example has its own, such as queries and keys. */

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
