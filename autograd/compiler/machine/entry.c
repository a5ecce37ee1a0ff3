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
    const char *name;
    Object *(*function)(Object *, Object *const *, Count);
    int flags;
    const char *text;
} Method;
extern Object *PyExc_TypeError;
extern Object *PyErr_Occurred(void);
extern void PyErr_SetString(Object *, const char *);
extern int PyObject_GetBuffer(Object *, View *, int);
extern void PyBuffer_Release(View *);
extern Object *PyFloat_FromDouble(double);
extern double PyFloat_AsDouble(Object *);
extern void *PyLong_AsVoidPtr(Object *);
extern Object *PyCFunction_NewEx(Method *, Object *, Object *);

#define STRIDED 0x18 /* PyBUF_STRIDES */
#define WIDE 64 /* numbers of an example, which are neighbours in memory if they are more */
#define EXPORTED __attribute__((visibility("default")))
static void *refused(const char *why) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, why);
    return 0;
}
static void release(View *views, int count) {
    while (count--) PyBuffer_Release(views + count);
}
/* The arguments of a call: a binding, a weight, and arrays, of which `views` are made. */
static const Binding *bound(Object *const *given, Count count, double *weight, View *views,
                            int arguments) {
    if (count != arguments + 2) return refused("another number of arguments");
    const Binding *binding = PyLong_AsVoidPtr(given[0]);
    if (!binding) return refused("no binding");
    *weight = PyFloat_AsDouble(given[1]);
    if (*weight == -1.0 && PyErr_Occurred()) return 0;
    for (int i = 0; i < arguments; i++) {
        View *view = views + i;
        if (PyObject_GetBuffer(given[i + 2], view, STRIDED)) {
            release(views, i);
            return 0;
        }
        if (view->item != 8 || view->axes != 2 || view->shape[1] != binding->batch
            || ((Count)view->data | view->strides[0] | view->strides[1]) % 8
            || (view->shape[0] > WIDE && view->strides[0] != 8)) {
            release(views, i + 1);
            return refused("an array of another kind, layout or batch size");
        }
    }
    return binding;
}
/* The sum of some results, each multiplied before, so that a mean of large ones is not infinite. */
static double weighted_sum(double weight, const double *results, Count count) {
    Vector sum = all(0.0);
    for (Count e = 0; e < count; e += WIDTH)
        sum += weight * lanes_of(results + e, 1, count - e);
    return sum_of(sum);
}
/* The lock of the interpreter is kept: who gives it up for some microseconds beside a thread that
   computes waits 5 milliseconds to have it back. */
#define ENTRY(kind, back, arguments) \
    static Object *call_##kind(Object *self, Object *const *objects, Count count) { \
        View views[arguments + 1]; \
        Given given[arguments + 1]; \
        double weight, sum = 0.0; \
        (void)self; \
        const Binding *b = bound(objects, count, &weight, views, arguments); \
        if (!b) return 0; \
        for (int i = 0; i < arguments; i++) \
            given[i] = (Given){views[i].data, views[i].strides[0] / 8, views[i].strides[1] / 8}; \
        before(b, given, weight, 0, 0); \
        if (back) before_backward(b, given, weight, 0, 0); \
        for (Count begin = 0; begin < b->batch; begin += b->stride) { \
            Count left = b->batch - begin, size = left < b->stride ? left : b->stride; \
            forward(b, given, weight, begin, size); \
            if (back) backward(b, given, weight, begin, size); \
            sum += weighted_sum(weight, b->output + begin, size); \
        } \
        if (back) after(b, given, weight, 0, 0); \
        release(views, arguments); \
        return PyFloat_FromDouble(sum); \
    } \
    static Method method_##kind = {#kind, call_##kind, 0x80 /* METH_FASTCALL */, 0}; \
    EXPORTED Object *chainrule_##kind(void) { return PyCFunction_NewEx(&method_##kind, 0, 0); }
