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
    double weight;
} Binding;
extern int PyObject_GetBuffer(Object *, View *, int);
extern void PyBuffer_Release(View *);
extern Object *PyFloat_FromDouble(double);
extern void *PyLong_AsVoidPtr(Object *);
