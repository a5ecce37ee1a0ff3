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
/* The arguments of a call: a binding, a weight, and arrays, of which `views` are made. */
static int viewed(Object *const *given, View *views, int count) {
    for (int i = 0; i < count; i++)
        if (PyObject_GetBuffer(given[i], views + i, STRIDED)) {
            while (i--) PyBuffer_Release(views + i);
            return 0;
        }
    return 1;
}
#define ENTRY(kind, arguments, ...) \
    static Object *call_##kind(Object *self, Object *const *given, Count count) { \
        const Binding *b = PyLong_AsVoidPtr(given[0]); \
        double weight = PyFloat_AsDouble(given[1]), sum = 0.0; \
        View views[arguments + 1]; \
        if (!viewed(given + 2, views, arguments)) return 0; \
        run_##kind(b->theta, b->gradient, b->lanes, b->singles, b->stride, b->batch, weight, \
                   b->output, ##__VA_ARGS__); \
        for (int i = 0; i < arguments; i++) PyBuffer_Release(views + i); \
        for (Count e = 0; e < b->batch; e++) sum += b->output[e]; \
        return PyFloat_FromDouble(weight * sum); \
    } \
    static Method method_##kind = {#kind, call_##kind, 0x80, 0}; \
    EXPORTED Object *chainrule_##kind(void) { return PyCFunction_NewEx(&method_##kind, 0, 0); }
