/* Called from Python through its stable ABI, of which these few declarations are all that is
   needed: no headers of Python. A call gives the place of its bindings, and the arguments. */
typedef struct Object Object;
typedef struct {
    void *data;
    Object *owner;
    Count length, item;
    int readonly, axes;
    char *format;
    Count *shape, *strides, *inner;
    void *internal;
} View;
typedef struct {
    const double *theta;
    double *gradient, *lanes, *singles, *output;
    Count stride, batch;
} Binding;
typedef struct {
    const char *name;
    Object *(*function)(Object *, Object *const *, Count);
    int flags;
    const char *text;
} Method;
extern int PyObject_GetBuffer(Object *, View *, int);
extern void PyBuffer_Release(View *);
extern Object *PyFloat_FromDouble(double);
extern double PyFloat_AsDouble(Object *);
extern void *PyLong_AsVoidPtr(Object *);
extern Object *PyCFunction_NewEx(Method *, Object *, Object *);

#define STRIDED 0x18 /* PyBUF_STRIDES */
#define EXPORTED __attribute__((visibility("default")))
/* Where a program finds its arrays, and which examples it is at. */
typedef struct {
    const void *data;
    Count row, example; /* how many numbers lie between neighbours */
} Given;
#define PLACES const Binding *b, const Given *given, double weight, Count begin, Count count
#define UNUSED __attribute__((unused))
#define LOCALS \
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
#define LANES_OF(name, r) lanes_of(name + (r) * name##_row + v * name##_example, name##_example, count - v)
INLINE Vector lanes_of(const double *from, Count example, Count count) {
    Vector x = all(0.0);
    for (int k = 0; k < WIDTH && k < count; k++) x[k] = from[k * example];
    return x;
}
/* The arguments of a call: a binding, a weight, and arrays, of which `views` are made. */
static int viewed(Object *const *given, View *views, int count) {
    for (int i = 0; i < count; i++)
        if (PyObject_GetBuffer(given[i], views + i, STRIDED)) {
            while (i--) PyBuffer_Release(views + i);
            return 0;
        }
    return 1;
}
#define ENTRY(kind, back, arguments) \
    static Object *call_##kind(Object *self, Object *const *objects, Count count) { \
        const Binding *b = PyLong_AsVoidPtr(objects[0]); \
        double weight = PyFloat_AsDouble(objects[1]), sum = 0.0; \
        View views[arguments + 1]; \
        Given given[arguments + 1]; \
        if (!viewed(objects + 2, views, arguments)) return 0; \
        for (int i = 0; i < arguments; i++) \
            given[i] = (Given){views[i].data, views[i].strides[0] / 8, views[i].strides[1] / 8}; \
        before(b, given, weight, 0, 0); \
        if (back) before_backward(b, given, weight, 0, 0); \
        for (Count begin = 0; begin < b->batch; begin += b->stride) { \
            Count left = b->batch - begin, size = left < b->stride ? left : b->stride; \
            forward(b, given, weight, begin, size); \
            if (back) backward(b, given, weight, begin, size); \
        } \
        if (back) after(b, given, weight, 0, 0); \
        for (int i = 0; i < arguments; i++) PyBuffer_Release(views + i); \
        for (Count e = 0; e < b->batch; e++) sum += b->output[e]; \
        return PyFloat_FromDouble(weight * sum); \
    } \
    static Method method_##kind = {#kind, call_##kind, 0x80, 0}; \
    EXPORTED Object *chainrule_##kind(void) { return PyCFunction_NewEx(&method_##kind, 0, 0); }
