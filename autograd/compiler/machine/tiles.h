/* Products of matrices are made in tiles that stay in registers: 16 sums of a vector each. `_row` and
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

/* Tiles of `count` rows, as long as there are so many. */
#define ROWS(name, count, broad, ...) \
    for (; r + count <= rows; r += count) name(count, broad, __VA_ARGS__)
