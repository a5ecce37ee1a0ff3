/* What Python finds in a library: functions that make its own, each of which runs a program. */
typedef struct {
    const char *name;
    Object *(*function)(Object *, Object *const *, Count);
    int flags;
    const char *text;
} Method;
extern Object *PyCFunction_NewEx(Method *, Object *, Object *);

#define EXPORTED __attribute__((visibility("default")))
#define ENTRY(kind, back, arguments) \
    static Object *call_##kind(Object *self, Object *const *objects, Count count) { \
        static const Program program = {back, before, forward, before_backward, backward, after}; \
        (void)self; \
        return called(objects, count, arguments, &program); \
    } \
    static Method method_##kind = {#kind, call_##kind, 0x80 /* METH_FASTCALL */, 0}; \
    EXPORTED Object *chainrule_##kind(void) { return PyCFunction_NewEx(&method_##kind, 0, 0); }
