/* The numbers of some examples, a lane for each; zeros behind the last. */
void bring_in(const double *from, Count row, Count example, double *to, Count to_row,
              Count rows, Count count, Count width) {
    Count e = 0;
    for (; row == 1 && e + WIDTH <= count; e += WIDTH) {
        Count r = 0;
        for (; r + WIDTH <= rows; r += WIDTH)
            across(from + e * example + r, example, to + r * to_row + e, to_row);
        for (; r < rows; r++)
            for (int k = 0; k < WIDTH; k++) to[r * to_row + e + k] = from[(e + k) * example + r];
    }
    for (Count r = 0; r < rows; r++) {
        for (Count k = e; k < count; k++) to[r * to_row + k] = from[k * example + r * row];
        for (Count k = count; k < width; k++) to[r * to_row + k] = 0.0;
    }
}
