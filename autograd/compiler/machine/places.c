/* How a program calls what it gets. */
#define UNUSED __attribute__((unused))
#define LOCALS \
    (void)given, (void)weight; \
    UNUSED const double *theta = b->theta; \
    UNUSED double *grad_theta = b->gradient, *lanes = b->lanes, *singles = b->singles; \
    UNUSED double *output = b->output; \
    UNUSED Count stride = b->stride, batch = b->batch; \
    UNUSED Count width = (count + WIDTH - 1) / WIDTH * WIDTH; \
    UNUSED int is_first = begin == 0;
#define GIVEN_ARRAY(type, name, number) \
    UNUSED Count name##_row = given[number].row, name##_example = given[number].example; \
    UNUSED const type *name = (const type *)given[number].data + begin * name##_example;
#define ROW(row) (lanes + (row) * stride)
#define AT(type, row) (*(type *)(ROW(row) + v))

/* A choice, which was checked before the call; if a thread has changed it since, the first one. */
INLINE Count within(Count choice, Count choices) {
    return (unsigned long long)choice < (unsigned long long)choices ? choice : 0;
}

/* The numbers of some examples at a time, where they were given. */
#define GIVEN_AT(name, r) \
    lanes_of(name + (r) * name##_row + v * name##_example, name##_example, count - v)
INLINE Vector lanes_of(const double *from, Count example, Count count) {
    Vector x = all(0.0);
    for (int k = 0; k < WIDTH && k < count; k++) x[k] = from[k * example];
    return x;
}
