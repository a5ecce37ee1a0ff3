/* Calls from Python through its stable ABI, of which these few declarations are all that is needed: no
   headers of Python. A call gives the place of its binding, a weight, and the arguments. */
typedef struct {
    void *data;
    Object *owner;
    Count length, item;
    int readonly, axes;
    char *format;
    Count *shape, *strides, *inner;
    void *internal;
} View;
extern Object *PyExc_TypeError;
extern Object *PyErr_Occurred(void);
extern void PyErr_SetString(Object *, const char *);
extern int PyObject_GetBuffer(Object *, View *, int);
extern void PyBuffer_Release(View *);
extern Object *PyFloat_FromDouble(double);
extern double PyFloat_AsDouble(Object *);
extern void *PyLong_AsVoidPtr(Object *);

#define STRIDED 0x18 /* PyBUF_STRIDES */
#define WIDE 64 /* numbers of an example, which are neighbours in memory if they are more */
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
    double rest = 0.0;
    Count e = 0;
    for (; e + WIDTH <= count; e += WIDTH) sum += weight * *(const Unaligned *)(results + e);
    for (; e < count; e++) rest += weight * results[e];
    return sum_of(sum) + rest;
}
/* A program on arguments. The lock of the interpreter is kept: who gives it up for some microseconds
   beside a thread that computes waits 5 milliseconds to have it back. */
Object *called(Object *const *objects, Count count, int arguments, const Program *program) {
    View views[arguments + 1];
    Given given[arguments + 1];
    double weight, sum = 0.0;
    const Binding *b = bound(objects, count, &weight, views, arguments);
    if (!b) return 0;
    for (int i = 0; i < arguments; i++)
        given[i] = (Given){views[i].data, views[i].strides[0] / 8, views[i].strides[1] / 8};
    program->before(b, given, weight, 0, 0);
    if (program->back) program->before_backward(b, given, weight, 0, 0);
    for (Count begin = 0; begin < b->batch; begin += b->stride) {
        Count left = b->batch - begin, size = left < b->stride ? left : b->stride;
        program->forward(b, given, weight, begin, size);
        if (program->back) program->backward(b, given, weight, begin, size);
        sum += weighted_sum(weight, b->output + begin, size);
    }
    if (program->back) program->after(b, given, weight, 0, 0);
    release(views, arguments);
    return PyFloat_FromDouble(sum);
}
