#include "media/sandbox.h"
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 }; /* the sanitizers map terabytes and ask the kernel many things */
#else
enum { IS_SANITIZED = 0 };
#endif

/* A 33-megapixel picture needs about 400 MiB at worst: interlaced PNG, or progressive JPEG, and the file itself. */
enum { MEMORY_MIB = 768, CPU_SECONDS = 20 };

static bool limit(int resource, rlim_t value)
{
    struct rlimit both = {value, value};
    return setrlimit((__rlimit_resource_t)resource, &both) == 0;
}

static bool limit_resources(void)
{
    bool is_limited = limit(RLIMIT_CPU, CPU_SECONDS) && limit(RLIMIT_CORE, 0) &&
                      limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0);
    return is_limited && (IS_SANITIZED || limit(RLIMIT_AS, (rlim_t)MEMORY_MIB * 1024 * 1024));
}

/* What malloc, our two pipe ends and the end of the program need. Everything else kills. */
static bool filter_calls(void)
{
    static const int ALLOWED[] = {
        SCMP_SYS(exit_group), SCMP_SYS(exit),    SCMP_SYS(brk),          SCMP_SYS(munmap),
        SCMP_SYS(mremap),     SCMP_SYS(madvise), SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool is_made = filter != NULL;
    for (size_t i = 0; is_made && i < sizeof ALLOWED / sizeof *ALLOWED; i++)
        is_made = seccomp_rule_add(filter, SCMP_ACT_ALLOW, ALLOWED[i], 0) == 0;
    is_made = is_made &&
              seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
                               SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO)) == 0 &&
              seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                               SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)) == 0 &&
              /* memory only: no descriptor, not executable */
              seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                               SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
              seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_made;
}

bool sandbox_enter(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           limit_resources() && (IS_SANITIZED || filter_calls());
}
