/* Loaded before a program (LD_PRELOAD), so that it and all its libraries find a processor with fewer instructions.

   Every library that chooses code by processor (OpenBLAS, oneDNN, onnxruntime, FFmpeg, numpy, CTranslate2) asks the
   instruction `cpuid`. Linux can have that instruction trap on processors that allow it (arch_prctl, ARCH_SET_CPUID);
   the trap answers with features taken away. SPEECHQA_CPUID names what is left: `avx2` takes AVX-512 and AMX away,
   `sse4` AVX, AVX2 and FMA too. The C library asked before this was loaded: GLIBC_TUNABLES does the same for it. */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef ARCH_SET_CPUID
#define ARCH_SET_CPUID 0x1012
#endif

static int level; /* 2: AVX2 is left, 1: SSE4.2 is left */
static struct sigaction before;
static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);

static void faulting(int on) { syscall(SYS_arch_prctl, ARCH_SET_CPUID, on ? 0L : 1L); }

static void answer(greg_t *r) {
    uint32_t leaf = (uint32_t)r[REG_RAX], sub = (uint32_t)r[REG_RCX], a, b, c, d;
    faulting(0);
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "0"(leaf), "2"(sub));
    faulting(1);
    if (leaf == 1 && level < 2)
        c &= ~((1u << 28) | (1u << 12) | (1u << 29)); /* AVX, FMA, F16C */
    if (leaf == 7 && sub == 0) {
        /* AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL; then VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ */
        b &= ~((1u << 16) | (1u << 17) | (1u << 21) | (1u << 26) | (1u << 27) | (1u << 28) | (1u << 30) | (1u << 31));
        c &= ~((1u << 1) | (1u << 6) | (1u << 11) | (1u << 12) | (1u << 14));
        /* 4VNNIW, 4FMAPS, VP2INTERSECT, AMX bf16, AVX-512 FP16, AMX tile, AMX int8 */
        d &= ~((1u << 2) | (1u << 3) | (1u << 8) | (1u << 22) | (1u << 23) | (1u << 24) | (1u << 25));
        if (level < 2) {
            b &= ~(1u << 5);                 /* AVX2 */
            c &= ~((1u << 9) | (1u << 10));  /* VAES, VPCLMULQDQ */
        }
    }
    if (leaf == 7 && sub == 1)
        a &= ~((1u << 4) | (1u << 5) | (1u << 21) | (1u << 23)); /* AVX-VNNI, AVX-512 BF16, AMX fp16, AVX-IFMA */
    r[REG_RAX] = a, r[REG_RBX] = b, r[REG_RCX] = c, r[REG_RDX] = d;
    r[REG_RIP] += 2;
}

static void trapped(int signal, siginfo_t *info, void *context) {
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *at = (const unsigned char *)r[REG_RIP];
    if (info->si_code == SI_KERNEL && at[0] == 0x0f && at[1] == 0xa2) {
        answer(r);
        return;
    }
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(signal, info, context);
    else {
        real_sigaction(SIGSEGV, &before, NULL); /* a fault of the program's own: as if this were not here */
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *asked = getenv("SPEECHQA_CPUID");
    struct sigaction ours;
    if (asked == NULL || *asked == 0)
        return;
    level = strcmp(asked, "sse4") == 0 ? 1 : 2;
    real_sigaction = sigaction;
    memset(&ours, 0, sizeof ours);
    ours.sa_sigaction = trapped;
    ours.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &ours, &before);
    if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0L) != 0) {
        fprintf(stderr, "cpuid_mask: this processor or kernel cannot have cpuid trap\n");
        _exit(97);
    }
}
