/* What programs are linked with, each file compiled once for a machine. The names have a prefix, and
   are hidden, so that they meet nobody else's. */
#define LEFT const double *left, Count left_row, Count left_column
#define RIGHT const double *right, Count right_row
#define RIGHT_PART const double *right, Count right_part, Count right_row
#define OUT double *out, Count out_row
#define GIVEN const double *given, Count given_row, Count given_example
#define TABLE const Count *table, Count table_row, Count table_column, Count stride

/* arguments.c */
#define bring_in chainrule_bring_in
void bring_in(const double *from, Count row, Count example, double *to, Count to_row, Count rows,
              Count count, Count width);

/* given.c */
#define scored chainrule_scored
void scored(LEFT, GIVEN, OUT, Count rows, Count length, Count count, Count width);
#define credited chainrule_credited
void credited(const double *left, Count left_row, GIVEN, OUT, Count out_column, Count rows,
              Count columns, Count count, int is_first);

/* weighted.c */
#define weighted chainrule_weighted
void weighted(LEFT, RIGHT, OUT, Count rows, Count length, Count width);
#define weighted_parts chainrule_weighted_parts
void weighted_parts(LEFT, RIGHT_PART, double *out, Count out_part, Count out_row, Count parts,
                    Count rows, Count length, Count width);

/* summed.c */
#define summed chainrule_summed
void summed(const double *left, Count left_part, Count left_row, RIGHT_PART, OUT,
            Count out_column, Count parts, Count rows, Count columns, Count count, int is_first);

/* lanewise.c */
#define lanewise chainrule_lanewise
void lanewise(LEFT, RIGHT, Count right_column, OUT, Count out_column, Count rows, Count length,
              Count columns, Count width);
#define plain chainrule_plain
void plain(LEFT, RIGHT, Count right_column, OUT, Count out_column, Count rows, Count length,
           Count columns);
#define wanted chainrule_wanted
void wanted(LEFT, RIGHT, Count right_column, double *lanes, TABLE, Count rows, Count length,
            Count columns, Count width);
#define present chainrule_present
void present(const double *lanes, TABLE, RIGHT, Count right_column, OUT, Count out_column,
             Count rows, Count length, Count columns, Count width);

/* Where a program finds its numbers. `lanes` has rows of `stride` numbers, one for each example of a
   block; `singles` has what is the same for all. */
typedef struct {
    const double *theta;
    double *gradient, *lanes, *singles, *output;
    Count stride, batch;
} Binding;
typedef struct {
    const void *data;
    Count row, example; /* how many numbers lie between neighbours */
} Given;

/* What each part of a program gets. */
#define PLACES const Binding *b, const Given *given, double weight, Count begin, Count count
typedef void Part(PLACES);
typedef struct {
    int back; /* whether it is to go back */
    Part *before, *forward, *before_backward, *backward, *after;
} Program;

/* calls.c */
typedef struct Object Object;
#define called chainrule_called
Object *called(Object *const *objects, Count count, int arguments, const Program *program);
